// SPDX-License-Identifier: Apache-2.0 OR MIT
// What is different behind libpcap. What is the same, the tests of all back ends show.
#include <gtest/gtest.h>

#include "capture/back_ends.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class LibpcapCapture : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, LibpcapCapture, testing::Values(CaptureMethod::libpcap), back_end_name);

TEST_P(LibpcapCapture, tests_packets_here_and_counts_them) {
  const bpf::Instruction odd[] = {bpf::statement(bpf::op::ld | bpf::op::byte | bpf::op::abs, 21),
                                  bpf::jump(bpf::op::jmp | bpf::op::jset | bpf::op::k, 1, 0, 1),
                                  bpf::statement(bpf::op::ret | bpf::op::k, 40), bpf::statement(bpf::op::ret | bpf::op::k, 0)};
  with_capture({.timeout = 200ms, .filter = *bpf::Program::from(odd, LinkType::ethernet)}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(0, 300);
    u64 next = 1;
    while (next < 300) {
      const auto batch = capture.next();
      ASSERT_TRUE(batch && *batch && !(*batch)->empty());
      for (const auto& frame : **batch) {
        ASSERT_EQ(number_of(frame.bytes), next);
        EXPECT_EQ(frame.bytes.size, 40u);
        EXPECT_EQ(frame.original_length, 64u);
        EXPECT_GT(frame.time.nanoseconds, 1'700'000'000'000'000'000);
        next += 2;
      }
    }
    capture.set_timeout(50ms);
    while (!(*capture.next())->empty()) {}
    const auto statistics = capture.statistics();
    EXPECT_EQ(statistics.received, 300u);
    EXPECT_EQ(statistics.captured, 300u);
    EXPECT_EQ(statistics.filtered, 150u);
  });
}

TEST_P(LibpcapCapture, drains_as_many_packets_as_there_were_and_goes_on) {
  with_capture({}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(0, 500);
    capture.stop();
    EXPECT_FALSE(*capture.next());
    u64 count = 0;
    while (const auto batch = *capture.drain()) count += batch->size();
    EXPECT_EQ(count, 500u);
    capture.rearm();
    capture.set_timeout(200ms);
    wire.send_numbered(500, 5);
    const auto numbers = numbers_until_idle(capture);
    ASSERT_EQ(numbers.size(), 5u);
    EXPECT_EQ(numbers[0], 500u);
    EXPECT_TRUE(capture.close());
    EXPECT_TRUE(capture.close());
    EXPECT_EQ(capture.statistics().delivered, 505u);
  });
}

TEST_P(LibpcapCapture, says_what_it_cannot_do) {
  in_own_network([] {
    make_pair("left", "right");
    EXPECT_EQ(open_capture("nosuch0").error().reason, Reason::unknown_interface);
    EXPECT_EQ(open_capture("right", {.fanout = Fanout{}}).error().reason, Reason::invalid_option);
    EXPECT_EQ(open_capture("right", {.time_stamps = TimeStampType::adapter_unsynced}).error().reason, Reason::not_supported);
    EXPECT_EQ(open_capture("right", {.filter = bpf::Program::accept_all(LinkType::raw)}).error().reason, Reason::wrong_link_type);
    set_up("right", false);
    EXPECT_EQ(open_capture("right").error().reason, Reason::interface_down);
    set_up("right", true);
    auto capture = open_capture("right");
    ASSERT_TRUE(capture) << describe(capture.error());
    delete_link("right");
    for (auto batch = capture->next();; batch = capture->next()) {
      if (batch && *batch) continue;
      ASSERT_FALSE(batch);
      EXPECT_EQ(batch.error().reason, Reason::interface_gone) << describe(batch.error());
      break;
    }
  });
}

}  // namespace
