// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "capture/own_network.hpp"
#include "trawl/capture/capture.hpp"

using namespace trawl;
using namespace trawl::bpf;
using namespace trawl::testing_network;

namespace {

/// Numbered frames in batches of ten.
class Numbers {
 public:
  explicit Numbers(u64 count) {
    for (u64 i = 0; i < count; ++i) bytes_.push_back(numbered(i));
    interface_.name = "numbers";
  }
  Result<std::optional<Batch>> next() {
    u32 count = 0;
    for (; count < 10 && at_ < bytes_.size(); ++count, ++at_) {
      frames_[count] = Frame{.bytes = {bytes_[at_].data(), bytes_[at_].size()}, .original_length = 64};
      frames_[count].info.direction = at_ % 4 ? Direction::inbound : Direction::outbound;
    }
    if (!count) return std::nullopt;
    return Batch(frames_, count);
  }
  std::span<const InterfaceInfo> interfaces() const { return {&interface_, 1}; }
  const Warnings& warnings() const { return warnings_; }

 private:
  std::vector<std::vector<u8>> bytes_;
  size_t at_ = 0;
  Frame frames_[10];
  InterfaceInfo interface_;
  Warnings warnings_;
};

Program odd() {
  const Instruction code[] = {statement(op::ld | op::byte | op::abs, 21), jump(op::jmp | op::jset | op::k, 1, 0, 1),
                              statement(op::ret | op::k, keep_all), statement(op::ret | op::k, 0)};
  return *Program::from(code, LinkType::ethernet);
}

std::vector<u64> read_all(Capture& capture) {
  std::vector<u64> numbers;
  for (;;) {
    const auto batch = capture.next();
    EXPECT_TRUE(batch);
    if (!batch || !*batch) return numbers;
    for (const auto& frame : **batch) numbers.push_back(number_of(frame.bytes));
  }
}

TEST(Replay, gives_what_the_source_gives_as_an_interface_would) {
  Numbers source(100);
  auto capture = Capture::replay(source, {.snaplen = 30, .filter = odd()});
  ASSERT_TRUE(capture);
  EXPECT_EQ(capture->interfaces()[0].name, "numbers");
  EXPECT_EQ(capture->fd(), -1);
  const auto batch = capture->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->size(), 5u);
  EXPECT_EQ((**batch)[0].bytes.size, 30u);
  EXPECT_TRUE((**batch)[0].truncated());
  const auto numbers = read_all(*capture);
  ASSERT_EQ(numbers.size(), 45u);
  for (size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], 11 + 2 * i);
  EXPECT_EQ(capture->statistics().received, 50u);
  EXPECT_EQ(capture->statistics().delivered, 50u);
}

TEST(Replay, knows_direction_stop_and_a_new_filter) {
  Numbers source(100);
  auto capture = Capture::replay(source, {.direction = CaptureDirection::out});
  ASSERT_TRUE(capture);
  auto batch = capture->next();
  ASSERT_TRUE(batch && *batch);
  EXPECT_EQ((*batch)->size(), 3u);
  capture->stop();
  EXPECT_FALSE(*capture->next());
  capture->rearm();
  EXPECT_FALSE(capture->set_filter(Program::accept_all(LinkType::raw)));
  ASSERT_TRUE(capture->set_filter(Program::reject_all(LinkType::ethernet)));
  EXPECT_TRUE(read_all(*capture).empty());
}

}  // namespace
