// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "capture/back_ends.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::bpf;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class CaptureFilter : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureFilter, testing::ValuesIn(all_back_ends), back_end_name);
class CapturePacketDirection : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CapturePacketDirection, testing::ValuesIn(all_back_ends), back_end_name);
class CapturePromiscuous : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CapturePromiscuous, testing::ValuesIn(all_back_ends), back_end_name);

/// Frames whose number ends in a byte that has a bit of `mask` set.
Program with_bits(u32 mask) {
  const Instruction code[] = {statement(op::ld | op::byte | op::abs, 21), jump(op::jmp | op::jset | op::k, mask, 0, 1),
                              statement(op::ret | op::k, keep_all), statement(op::ret | op::k, 0)};
  return *Program::from(code, LinkType::ethernet);
}
constexpr u32 odd = 1;

TEST_P(CaptureFilter, runs_in_the_kernel_and_lets_nothing_else_in_from_the_first_packet_on) {
  unlike_libpcap("filters here");
  if (IsSkipped()) return;
  in_own_network([] {
    make_pair("left", "right");
    std::atomic<bool> over = false;
    std::thread sender([&] {
      const Wire wire("left");
      while (!over) wire.send_numbered(0, 20);
    });
    for (int i = 0; i < 10; ++i) {
      auto capture = open_capture("right", {.timeout = 10s, .filter = with_bits(odd)});
      ASSERT_TRUE(capture) << describe(capture.error());
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch);
      EXPECT_FALSE((*batch)->empty());
      for (const auto& frame : **batch) ASSERT_EQ(number_of(frame.bytes) % 2, 1u);
      EXPECT_EQ(capture->statistics().filtered, 0u);
    }
    over = true;
    sender.join();
  });
}

TEST_P(CaptureFilter, accepts_all_or_nothing) {
  unlike_libpcap("filters here");
  if (IsSkipped()) return;
  in_own_network([] {
    make_pair("left", "right");
    const Wire wire("left");
    auto all = open_capture("right", {.timeout = 100ms, .filter = Program::accept_all(LinkType::ethernet)});
    auto none = open_capture("right", {.timeout = 100ms, .filter = Program::reject_all(LinkType::ethernet)});
    ASSERT_TRUE(all && none);
    wire.send_numbered(0, 10);
    EXPECT_EQ(numbers_until_idle(*all).size(), 10u);
    EXPECT_EQ(numbers_until_idle(*none).size(), 0u);
    EXPECT_EQ(none->statistics().received, 0u);
  });
}

TEST_P(CaptureFilter, keeps_as_many_bytes_as_the_program_says_but_no_more_than_the_snaplen) {
  in_own_network([] {
    make_pair("left", "right");
    const Wire wire("left");
    struct Case {
      Instruction last;
      u32 snaplen;
      size_t kept;
    };
    const Case cases[] = {
        {statement(op::ret | op::k, 20), 100, 20},        {statement(op::ret | op::k, 200), 100, 100},
        {statement(op::ret | op::k, keep_all), 100, 100}, {statement(op::ret | op::k, keep_all), 0, 300},
        {statement(op::ret | op::a), 100, 100},           {statement(op::ret | op::a), 0, 300},
    };
    for (const auto& test : cases) {
      const Instruction code[] = {statement(op::ld | op::len), test.last};
      auto capture = open_capture("right", {.snaplen = test.snaplen, .timeout = 200ms, .filter = *Program::from(code, LinkType::ethernet)});
      ASSERT_TRUE(capture) << describe(capture.error());
      wire.send_numbered(0, 1, 300);
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
      EXPECT_EQ((**batch)[0].bytes.size, test.kept);
      EXPECT_EQ((**batch)[0].original_length, 300u);
    }
  });
}

TEST_P(CaptureFilter, must_be_for_the_link_type_of_the_interface) {
  in_own_network([] {
    make_pair("left", "right");
    const auto capture = open_capture("right", {.filter = Program::accept_all(LinkType::raw)});
    ASSERT_FALSE(capture);
    EXPECT_EQ(capture.error().reason, Reason::wrong_link_type);
  });
}

TEST_P(CaptureFilter, is_replaced_for_packets_that_are_already_queued_too) {
  unlike_libpcap("filters here");
  if (IsSkipped()) return;
  with_capture({.timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(0, 100);
    ASSERT_TRUE(capture.set_filter(with_bits(odd), "odd ones"));
    EXPECT_EQ(capture.interfaces()[0].filter, "odd ones");
    wire.send_numbered(100, 100);
    const auto numbers = numbers_until_idle(capture);
    ASSERT_EQ(numbers.size(), 100u);
    for (size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], 2 * i + 1);
    auto statistics = capture.statistics();
    EXPECT_EQ(statistics.received, 150u);
    EXPECT_EQ(statistics.captured, 150u);
    EXPECT_EQ(statistics.filtered, 50u);
    EXPECT_EQ(statistics.delivered, 100u);

    const auto refused = capture.set_filter(Program::accept_all(LinkType::raw));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::wrong_link_type);
    wire.send_numbered(200, 10);
    EXPECT_EQ(numbers_until_idle(capture).size(), 5u) << "the old filter stays";
  });
}

TEST_P(CaptureFilter, loses_and_repeats_nothing_and_lets_nothing_old_in_when_it_is_replaced_under_load) {
  with_capture({.timeout = 2ms}, [](Capture& capture, const Wire& wire) {
    constexpr u64 count = 20'000;
    std::atomic<bool> over = false;
    std::thread sender([&] {
      for (u64 i = 0; i < count; i += 20) {
        wire.send_numbered(i, 20);
        std::this_thread::sleep_for(900us);  // 20,000 a second
      }
      over = true;
    });
    // All programs let odd numbers in; the even ones differ.
    u64 swaps = 0, next = 1;
    for (int idle = 0; !over || idle < 50 || swaps < 200;) {
      const bool only_odd = swaps++ % 2;
      ASSERT_TRUE(capture.set_filter(with_bits(only_odd ? odd : 0xff)));
      const auto batch = capture.next();
      ASSERT_TRUE(batch && *batch);
      idle = (*batch)->empty() ? idle + 1 : 0;
      for (const auto& frame : **batch) {
        const auto number = number_of(frame.bytes);
        ASSERT_FALSE(only_odd && number % 2 == 0) << "let in by the filter before";
        if (number % 2 == 0) continue;
        ASSERT_EQ(number, next);
        next += 2;
      }
    }
    sender.join();
    EXPECT_EQ(next, count + 1);
  });
}

TEST_P(CapturePacketDirection, chooses_what_this_machine_sends_or_what_it_receives) {
  unlike_libpcap("does not tell the direction");
  if (IsSkipped()) return;
  in_own_network([] {
    make_pair("left", "right");
    const auto open = [](CaptureDirection direction, ProgramSource filter) {
      auto capture = open_capture("right", {.timeout = 100ms, .direction = direction, .filter = std::move(filter)});
      EXPECT_TRUE(capture) << describe(capture.error());
      return *std::move(capture);
    };
    auto in = open(CaptureDirection::in, {}), out = open(CaptureDirection::out, {}), both = open(CaptureDirection::inout, {});
    auto odd_out = open(CaptureDirection::out, with_bits(odd));
    const Wire left("left"), right("right");
    for (u64 i = 0; i < 10; ++i) {
      left.send_numbered(100 + i, 1);
      right.send_numbered(200 + i, 1);
    }
    const auto in_numbers = numbers_until_idle(in), out_numbers = numbers_until_idle(out);
    EXPECT_EQ(in_numbers.size(), 10u);
    EXPECT_TRUE(std::ranges::all_of(in_numbers, [](u64 n) { return n < 200; }));
    EXPECT_EQ(out_numbers.size(), 10u);
    EXPECT_TRUE(std::ranges::all_of(out_numbers, [](u64 n) { return n >= 200; }));
    EXPECT_EQ(numbers_until_idle(odd_out), (std::vector<u64>{201, 203, 205, 207, 209}));
    EXPECT_EQ(out.statistics().received, 10u) << "the kernel sorts them out";
    size_t seen = 0;
    while (seen < 20) {
      const auto batch = both.next();
      ASSERT_TRUE(batch && *batch && !(*batch)->empty());
      for (const auto& frame : **batch) {
        const bool sent = number_of(frame.bytes) >= 200;
        EXPECT_EQ(frame.info.direction, sent ? Direction::outbound : Direction::inbound);
        EXPECT_EQ(frame.info.packet_type, sent ? PacketType::outgoing : PacketType::to_other);
        ++seen;
      }
    }
  });
}

TEST_P(CapturePacketDirection, shows_each_packet_on_loopback_once_unless_asked) {
  unlike_libpcap("shows them once");
  if (IsSkipped()) return;
  in_own_network([] {
    set_up("lo", true);
    auto once = open_capture("lo", {.timeout = 100ms});
    auto twice = open_capture("lo", {.timeout = 100ms, .loopback_copies = LoopbackCopies::both});
    ASSERT_TRUE(once && twice);
    EXPECT_EQ(once->link_type(), LinkType::ethernet);
    Wire("lo").send_numbered(0, 50);
    const auto numbers = numbers_until_idle(*once);
    ASSERT_EQ(numbers.size(), 50u);
    for (u64 i = 0; i < 50; ++i) EXPECT_EQ(numbers[i], i);
    EXPECT_EQ(numbers_until_idle(*twice).size(), 100u);
  });
}

TEST_P(CapturePromiscuous, is_on_for_as_long_as_the_capture_lives) {
  in_own_network([] {
    make_pair("left", "right");
    {
      auto capture = open_capture("right", {.promiscuous = Promiscuous::off});
      ASSERT_TRUE(capture) << describe(capture.error());
      EXPECT_EQ(promiscuity("right"), 0u);
    }
    {
      auto capture = open_capture("right");
      ASSERT_TRUE(capture) << describe(capture.error());
      EXPECT_EQ(promiscuity("right"), 1u);
    }
    EXPECT_EQ(promiscuity("right"), 0u);
  });
}

}  // namespace
