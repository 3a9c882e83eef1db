// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "capture/own_network.hpp"
#include "trawl/capture/replayer.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

/// Numbered frames with the times given, in milliseconds.
class Recording {
 public:
  explicit Recording(const std::vector<i64>& milliseconds, LinkType link = LinkType::ethernet) {
    for (const i64 time : milliseconds) bytes_.push_back(numbered(bytes_.size())), times_.push_back(time);
    for (size_t i = 0; i < bytes_.size(); ++i)
      frames_.push_back({.bytes = {bytes_[i].data(), bytes_[i].size()}, .time = {times_[i] * 1'000'000}, .link = link});
  }
  Result<std::optional<Batch>> next() {
    if (at_ == frames_.size()) return std::nullopt;
    const u32 count = u32(std::min<size_t>(3, frames_.size() - at_));
    at_ += count;
    return Batch(frames_.data() + at_ - count, count);
  }
  std::span<const InterfaceInfo> interfaces() const { return {&interface_, 1}; }
  const Warnings& warnings() const { return warnings_; }
  Frame& operator[](size_t i) { return frames_[i]; }

 private:
  std::vector<std::vector<u8>> bytes_;
  std::vector<i64> times_;
  std::vector<Frame> frames_;
  InterfaceInfo interface_;
  Warnings warnings_;
  size_t at_ = 0;
};

/// Sends it and gives back the times at which packets arrived, in milliseconds after the first.
std::vector<i64> arrivals(const std::function<void(Replayer&)>& play, Pace pace, u64 limit = ~u64{}) {
  auto capture = Capture::open("right", {.timeout = 200ms});
  auto sender = Sender::open("left");
  EXPECT_TRUE(capture && sender);
  Replayer replayer(*sender, pace, limit);
  play(replayer);
  std::vector<i64> times;
  for (;;) {
    const auto batch = capture->next();
    if (!batch || !*batch || (*batch)->empty()) break;
    for (const auto& frame : **batch) times.push_back(frame.time.nanoseconds);
  }
  for (size_t i = times.size(); i-- > 0;) times[i] = (times[i] - times[0]) / 1'000'000;
  return times;
}

TEST(Replayer, keeps_recorded_times_and_their_sum) {
  in_own_network([] {
    make_pair("left", "right");
    Recording recording({1000, 1020, 1010, 1030, 1060, 1060});
    recording[4].info.has_time = false;
    const auto times = arrivals([&](Replayer& r) { ASSERT_TRUE(r.play(recording)); }, Pace::recorded(0.5));
    ASSERT_EQ(times.size(), 6u);
    // Never early; a packet that goes back in time, or has none, follows at once.
    for (const auto& [at, least] : {std::pair{1, 40}, {2, 40}, {3, 60}, {4, 60}, {5, 120}}) EXPECT_GE(times[size_t(at)], least - 1) << at;
    EXPECT_LT(times[4], times[5]);
  });
}

TEST(Replayer, sends_at_a_rate_of_packets_or_of_bits) {
  in_own_network([] {
    make_pair("left", "right");
    const std::vector<i64> moments(21, 0);
    Recording packets(moments), bits(moments);
    const auto by_packets = arrivals([&](Replayer& r) { ASSERT_TRUE(r.play(packets)); }, Pace::packets_per_second(200));
    const auto by_bits = arrivals([&](Replayer& r) { ASSERT_TRUE(r.play(bits)); }, Pace::bits_per_second(200 * 64 * 8));
    ASSERT_EQ(by_packets.size(), 21u);
    ASSERT_EQ(by_bits.size(), 21u);
    EXPECT_GE(by_packets.back(), 99);
    EXPECT_GE(by_bits.back(), 99);
    EXPECT_GE(by_packets[10], 49);
  });
}

TEST(Replayer, ends_at_its_limit_and_counts_what_does_not_fit_the_interface) {
  in_own_network([] {
    make_pair("left", "right");
    Recording first({0, 0, 0, 0}), second({0, 0, 0, 0}), raw({0, 0}, LinkType::raw);
    const auto times = arrivals(
        [&](Replayer& r) {
          auto more = r.play(raw);
          ASSERT_TRUE(more && *more);
          EXPECT_EQ(r.skipped(), 2u);
          EXPECT_EQ(r.warnings().first()[0].reason, Reason::wrong_link_type);
          more = r.play(first);
          ASSERT_TRUE(more && *more);
          more = r.play(second);
          ASSERT_TRUE(more);
          EXPECT_FALSE(*more);
        },
        Pace::top_speed(), 6);
    EXPECT_EQ(times.size(), 6u);
  });
}

TEST(Replayer, stops_in_the_middle_of_a_gap) {
  in_own_network([] {
    make_pair("left", "right");
    auto sender = Sender::open("left");
    ASSERT_TRUE(sender);
    Recording recording({0, 1'000'000});
    Replayer replayer(*sender);
    std::thread later([handle = sender->stop_handle()] {
      std::this_thread::sleep_for(20ms);
      handle.stop();
    });
    const auto more = replayer.play(recording);
    later.join();
    ASSERT_TRUE(more) << describe(more.error());
    EXPECT_FALSE(*more);
    EXPECT_EQ(sender->statistics().packets, 1u);
  });
}

}  // namespace
