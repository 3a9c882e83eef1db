// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST(Fanout, is_read_by_four_threads_while_two_send) {
  in_own_network([] {
    make_pair("left", "right");
    auto group = FanoutCapture::open("right", 4, shared_out(FanoutMode::load_balance));
    ASSERT_TRUE(group) << describe(group.error());
    constexpr u64 each = 2000;
    const auto got = in_threads(*group, [] {
      const auto send = [](u64 first) {
        const Wire left("left");
        for (u64 i = first; i < first + each; ++i) {
          const auto frame = flow_packet(u16(i % 16), i);
          ASSERT_EQ(left.send({frame.data(), frame.size()}), 0);
        }
      };
      std::thread other([&] { send(each); });
      send(0);
      other.join();
    });
    std::set<u64> all;
    for (const auto& of_one : got) {
      EXPECT_FALSE(of_one.empty());
      for (const auto& one : of_one) EXPECT_TRUE(all.insert(one.number).second) << "twice: " << one.number;
    }
    EXPECT_EQ(all.size(), 2 * each);
    EXPECT_EQ(group->statistics().received, 2 * each);
  });
}

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

/// The numbers that a capture has got when nothing has come for a while.
std::set<u64> flow_numbers(Capture& capture) {
  std::set<u64> numbers;
  for (;;) {
    const auto batch = capture.next();
    if (!batch || !*batch || (*batch)->empty()) return numbers;
    for (const auto& frame : **batch) EXPECT_TRUE(numbers.insert(load_be<u64>(frame.bytes.data + 42)).second);
  }
}

TEST(Fanout, shares_packets_with_a_member_in_another_process) {
  in_own_network([] {
    make_pair("left", "right");
    auto here = Capture::open("right", {.timeout = 500ms, .fanout = Fanout{.group = 9}});
    ASSERT_TRUE(here) << describe(here.error());
    int ready[2], result[2];
    ASSERT_EQ(::pipe(ready) + ::pipe(result), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto there = Capture::open("right", {.timeout = 500ms, .fanout = Fanout{.group = 9}});
      if (!there || ::write(ready[1], "x", 1) != 1) ::_exit(1);
      const auto numbers = flow_numbers(*there);
      std::vector<u64> list(numbers.begin(), numbers.end());
      ::_exit(::write(result[1], list.data(), list.size() * sizeof(u64)) == ssize_t(list.size() * sizeof(u64)) ? 0 : 1);
    }
    ::close(ready[1]), ::close(result[1]);
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1) << "the other one could not join";
    const Wire left("left");
    constexpr u64 count = 1000;
    for (u64 i = 0; i < count; ++i) {
      const auto frame = flow_packet(u16(i % 64), i);
      left.send({frame.data(), frame.size()});
    }
    auto numbers = flow_numbers(*here);
    EXPECT_GT(numbers.size(), 0u);
    EXPECT_LT(numbers.size(), count);
    u64 number = 0;
    while (::read(result[0], &number, sizeof number) == ssize_t(sizeof number)) EXPECT_TRUE(numbers.insert(number).second) << number;
    EXPECT_EQ(numbers.size(), count);
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  });
}

TEST(Fanout, has_256_members_and_no_more) {
  in_own_network([] {
    rlimit descriptors{};
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = std::min<rlim_t>(descriptors.rlim_max, 4096);
    if (descriptors.rlim_cur < 2048 || ::setrlimit(RLIMIT_NOFILE, &descriptors) < 0) skip_here();
    make_pair("left", "right");
    const CaptureOptions small{.buffer_bytes = 16 << 10, .timeout = 0ms, .method = CaptureMethod::socket, .fanout = Fanout{}};
    auto group = FanoutCapture::open("right", 256, small);
    ASSERT_TRUE(group) << describe(group.error());
    const Wire left("left");
    constexpr u64 count = 1000;
    for (u64 i = 0; i < count; ++i) {
      const auto frame = flow_packet(u16(i), i);
      left.send({frame.data(), frame.size()});
    }
    std::this_thread::sleep_for(200ms);
    std::set<u64> numbers;
    size_t busy = 0;
    for (auto& member : group->members()) {
      const auto of_one = flow_numbers(member);
      busy += !of_one.empty();
      for (const u64 number : of_one) EXPECT_TRUE(numbers.insert(number).second) << number;
    }
    EXPECT_EQ(numbers.size(), count);
    EXPECT_GT(busy, 200u);
    EXPECT_EQ(group->statistics().received, count);

    CaptureOptions joining = small;
    joining.fanout->group = group->group();
    std::vector<Capture> others;  // one, in the place of the socket that held the group while it was opened
    auto one_more = Capture::open("right", joining);
    for (; one_more && others.size() < 2; one_more = Capture::open("right", joining)) others.push_back(*std::move(one_more));
    ASSERT_FALSE(one_more);
    EXPECT_EQ(one_more.error().reason, Reason::limit_exceeded) << describe(one_more.error());
    const auto too_many = FanoutCapture::open("right", 257, small);
    ASSERT_FALSE(too_many);
    EXPECT_EQ(too_many.error().reason, Reason::invalid_option);
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
