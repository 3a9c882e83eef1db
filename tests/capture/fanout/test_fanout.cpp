// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "capture/own_network.hpp"
#include "trawl/capture/fanout.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

CaptureOptions shared_out(FanoutMode mode) { return {.timeout = 150ms, .fanout = Fanout{.mode = mode}}; }

/// UDP with a number as payload; the flow is told by its source port.
std::vector<u8> flow_packet(u16 flow, u64 number) {
  std::vector<u8> frame = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 36, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2};
  frame.resize(50);
  store_be<u16>(&frame[34], flow);
  store_be<u16>(&frame[36], 9);
  store_be<u16>(&frame[38], 16);
  store_be<u64>(&frame[42], number);
  return frame;
}

struct Got {
  u16 flow;
  u64 number;
};
std::vector<std::vector<Got>> in_threads(FanoutCapture& group, const std::function<void()>& send) {
  std::vector<std::vector<Got>> got(group.size());
  std::vector<std::thread> threads;
  threads.reserve(group.size());
  for (size_t i = 0; i < group.size(); ++i)
    threads.emplace_back([&, i] {
      Capture& member = group.members()[i];
      bool draining = false;
      for (;;) {
        const auto batch = draining ? member.drain() : member.next();
        ASSERT_TRUE(batch) << describe(batch.error());
        if (!*batch && draining) break;
        if (!*batch) draining = true;
        else
          for (const auto& frame : **batch) got[i].push_back({load_be<u16>(frame.bytes.data + 34), load_be<u64>(frame.bytes.data + 42)});
      }
    });
  send();
  std::this_thread::sleep_for(200ms);
  group.stop();
  for (auto& thread : threads) thread.join();
  return got;
}

std::string name_of(FanoutMode mode) {
  constexpr const char* names[] = {"hash", "load_balance", "cpu", "rollover", "random", "queue", "program"};
  return names[size_t(mode)];
}

class FanoutModes : public testing::TestWithParam<FanoutMode> {};

TEST_P(FanoutModes, give_each_packet_to_one_member_and_count_all) {
  in_own_network([] {
    make_pair("left", "right");
    auto options = shared_out(GetParam());
    if (GetParam() == FanoutMode::program) {
      // The last bit of the flow says which.
      const bpf::Instruction parity[] = {{0x28, 0, 0, 34}, {0x54, 0, 0, 1}, {0x16, 0, 0, 0}};
      options.fanout->program = *bpf::Program::from(parity, LinkType::ethernet);
    }
    auto group = FanoutCapture::open("right", 2, options);
    ASSERT_TRUE(group) << describe(group.error());
    const Wire left("left");
    constexpr u64 count = 3000;
    const auto got = in_threads(*group, [&] {
      for (u64 i = 0; i < count; ++i) {
        const auto frame = flow_packet(u16(1000 + i % 16), i);
        ASSERT_EQ(left.send({frame.data(), frame.size()}), 0);
      }
    });
    std::set<u64> all;
    std::set<u16> flows[2];
    for (size_t member = 0; member < 2; ++member) {
      std::map<u16, u64> last;
      for (const auto& [flow, number] : got[member]) {
        EXPECT_TRUE(all.insert(number).second) << "twice: " << number;
        flows[member].insert(flow);
        if (last.contains(flow)) { EXPECT_LT(last[flow], number); }
        last[flow] = number;
      }
    }
    EXPECT_EQ(all.size(), count);
    const auto statistics = group->statistics();
    EXPECT_EQ(statistics.received, count);
    EXPECT_EQ(statistics.delivered, count);
    EXPECT_EQ(statistics.received, statistics.captured + statistics.dropped_kernel + statistics.discarded);
    if (GetParam() == FanoutMode::hash || GetParam() == FanoutMode::program) {
      for (const u16 flow : flows[0]) EXPECT_FALSE(flows[1].contains(flow)) << flow;
    }
    if (GetParam() == FanoutMode::load_balance || GetParam() == FanoutMode::program) { EXPECT_EQ(got[0].size(), count / 2); }
    EXPECT_TRUE(group->close());
  });
}

INSTANTIATE_TEST_SUITE_P(All, FanoutModes,
                         testing::Values(FanoutMode::hash, FanoutMode::load_balance, FanoutMode::cpu, FanoutMode::rollover,
                                         FanoutMode::random, FanoutMode::queue, FanoutMode::program),
                         [](const auto& instance) { return name_of(instance.param); });

TEST(Fanout, accounts_for_every_packet_when_members_are_too_slow) {
  in_own_network([] {
    make_pair("left", "right");
    auto options = shared_out(FanoutMode::load_balance);
    options.buffer_bytes = 128 << 10;
    auto group = FanoutCapture::open("right", 2, options);
    ASSERT_TRUE(group) << describe(group.error());
    constexpr u64 count = 4000;
    Wire("left").send_numbered(0, count, 1000);
    for (auto& member : group->members()) numbers_until_idle(member);
    const auto statistics = group->statistics();
    EXPECT_GT(statistics.dropped_kernel, 0u);
    EXPECT_EQ(statistics.received, count);
    EXPECT_EQ(statistics.captured + statistics.dropped_kernel, count);
  });
}

TEST(Fanout, filters_and_leaves_out_what_is_sent_in_every_member) {
  in_own_network([] {
    make_pair("left", "right");
    auto options = shared_out(FanoutMode::load_balance);
    options.direction = CaptureDirection::in;
    const bpf::Instruction long_ones[] = {{0x80, 0, 0, 0}, {0x35, 0, 1, 100}, {0x06, 0, 0, 0x40000}, {0x06, 0, 0, 0}};
    options.filter = *bpf::Program::from(long_ones, LinkType::ethernet);
    auto group = FanoutCapture::open("right", 2, options);
    ASSERT_TRUE(group) << describe(group.error());
    Wire("left").send_numbered(0, 20, 200);
    Wire("left").send_numbered(100, 20, 60);
    Wire("right").send_numbered(200, 20, 200);
    std::vector<u64> all;
    for (auto& member : group->members()) {
      const auto numbers = numbers_until_idle(member);
      all.insert(all.end(), numbers.begin(), numbers.end());
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(all.size(), 20u);
    EXPECT_EQ(all.front(), 0u);
    EXPECT_EQ(all.back(), 19u);
  });
}

TEST(Fanout, refuses_a_group_of_another_kind) {
  in_own_network([] {
    make_pair("left", "right");
    const auto one = Capture::open("right", {.fanout = Fanout{.mode = FanoutMode::hash, .group = 7}});
    ASSERT_TRUE(one) << describe(one.error());
    const auto other = Capture::open("right", {.fanout = Fanout{.mode = FanoutMode::cpu, .group = 7}});
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().reason, Reason::invalid_option);
    EXPECT_EQ(other.error().detail_view(), "fanout group 7 on right");
    const auto same = Capture::open("right", {.fanout = Fanout{.mode = FanoutMode::hash, .group = 7}});
    EXPECT_TRUE(same);
    const auto none = FanoutCapture::open("right", 0);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().reason, Reason::invalid_option);
  });
}

}  // namespace
