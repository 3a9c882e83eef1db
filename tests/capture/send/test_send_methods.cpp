// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "capture/own_network.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

constexpr u32 per_batch = 200;

/// A batch of numbered frames.
class Numbered {
 public:
  Numbered(u64 first, u32 count, size_t size = 100) {
    for (u32 i = 0; i < count; ++i) bytes_.push_back(numbered(first + i, size));
    for (const auto& bytes : bytes_) frames_.push_back({.bytes = {bytes.data(), bytes.size()}, .original_length = u32(bytes.size())});
  }
  Batch batch() const { return {frames_.data(), u32(frames_.size())}; }

 private:
  std::vector<std::vector<u8>> bytes_;
  std::vector<Frame> frames_;
};

struct Way {
  SendMethod method;
  QdiscBypass bypass;
};

class SendMethods : public testing::TestWithParam<Way> {
 protected:
  static Sender open(SenderOptions options = {}) {
    options.method = GetParam().method;
    options.bypass = GetParam().bypass;
    auto sender = Sender::open("left", options);
    if (sender) return std::move(*sender);
    EXPECT_TRUE(options.method == SendMethod::xdp &&
                (sender.error().reason == Reason::not_supported || sender.error().reason == Reason::no_permission))
        << describe(sender.error());
    skip_here();
  }
};

TEST_P(SendMethods, send_every_packet_once_and_in_order) {
  in_own_network([] {
    make_pair("left", "right");
    auto capture = Capture::open("right", {.timeout = 200ms});
    auto sender = open();
    ASSERT_TRUE(capture);
    EXPECT_EQ(sender.method(), GetParam().method);
    constexpr u64 all = 25 * per_batch;
    for (u64 first = 0; first < all; first += per_batch)
      ASSERT_TRUE(sender.send(Numbered(first, per_batch, first % 3 ? 60 : 1514).batch()));
    ASSERT_TRUE(sender.flush());
    const auto numbers = numbers_until_idle(*capture);
    ASSERT_EQ(numbers.size(), all);
    for (u64 i = 0; i < all; ++i) ASSERT_EQ(numbers[i], i);
    const auto statistics = sender.statistics();
    EXPECT_EQ(statistics.packets, all);
    EXPECT_EQ(statistics.failed, 0u);
    EXPECT_EQ(statistics.lost, 0u);
    EXPECT_TRUE(sender.close());
  });
}

TEST_P(SendMethods, refuse_one_packet_and_go_on) {
  in_own_network([] {
    make_pair("left", "right");
    auto capture = Capture::open("right", {.timeout = 200ms});
    auto sender = open();
    ASSERT_TRUE(capture);
    const std::vector<u8> large(5000), small(13);
    const auto first = numbered(1), second = numbered(2), third = numbered(3);
    const Frame frames[] = {{.bytes = {first.data(), 64}},
                            {.bytes = {large.data(), 5000}},
                            {.bytes = {second.data(), 64}},
                            {.bytes = {small.data(), 13}},
                            {.bytes = {third.data(), 64}}};
    EXPECT_TRUE(sender.send(Batch(frames, 5)));
    EXPECT_EQ(numbers_until_idle(*capture), (std::vector<u64>{1, 2, 3}));
    EXPECT_EQ(sender.statistics().packets, 3u);
    EXPECT_EQ(sender.statistics().failed, 2u);
    ASSERT_EQ(sender.warnings().count(), 2u);
    EXPECT_EQ(sender.warnings().first()[0].reason, Reason::too_large);
    EXPECT_EQ(sender.warnings().first()[1].reason, Reason::out_of_range);
  });
}

TEST_P(SendMethods, say_that_the_interface_is_down_and_send_nothing_of_it_later) {
  in_own_network([] {
    make_pair("left", "right");
    auto capture = Capture::open("right", {.timeout = 200ms});
    auto sender = open();
    ASSERT_TRUE(capture);
    set_up("left", false);
    const auto refused = sender.send(Numbered(100, 20).batch());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::interface_down) << describe(refused.error());
    set_up("left", true);
    wait_until_running("left");
    ASSERT_TRUE(sender.send(Numbered(200, 20).batch()));
    const auto numbers = numbers_until_idle(*capture);
    ASSERT_EQ(numbers.size(), 20u);
    EXPECT_EQ(numbers[0], 200u);
    EXPECT_EQ(sender.statistics().packets, 20u);
    EXPECT_EQ(sender.statistics().failed, 20u);
  });
}

/// With the other end down the interface drops what it is given.
TEST_P(SendMethods, wait_for_room_and_keep_the_order) {
  in_own_network([] {
    make_pair("left", "right");
    auto capture = Capture::open("right", {.timeout = 200ms});
    auto sender = open({.patience = 10s});
    ASSERT_TRUE(capture);
    ASSERT_TRUE(sender.send(Numbered(0, 10).batch()));
    set_up("right", false);
    std::thread later([] {
      std::this_thread::sleep_for(50ms);
      set_up("right", true);
    });
    const auto sent = sender.send(Numbered(10, 50).batch());
    later.join();
    ASSERT_TRUE(sent) << describe(sent.error());
    wait_until_running("left");
    ASSERT_TRUE(sender.send(Numbered(60, 40).batch()));
    const auto numbers = numbers_until_idle(*capture);
    const auto statistics = sender.statistics();
    EXPECT_EQ(statistics.packets, 100u);
    ASSERT_FALSE(numbers.empty());
    for (size_t i = 1; i < numbers.size(); ++i) ASSERT_LT(numbers[i - 1], numbers[i]);
    // What the interface takes and drops without a word is known by its own count. While "right" goes down and comes up it
    // takes packets that captures do not get.
    EXPECT_LE(numbers.size() + statistics.lost, 100u);
    EXPECT_EQ(std::count_if(numbers.begin(), numbers.end(), [](u64 n) { return n >= 60; }), 40);
    if (GetParam().method == SendMethod::xdp) { EXPECT_EQ(statistics.lost, 0u); }
  });
}

TEST_P(SendMethods, count_what_they_drop) {
  in_own_network([] {
    make_pair("left", "right");
    auto sender = open({.when_full = WhenFull::drop_and_count});
    set_up("right", false);
    ASSERT_TRUE(sender.send(Numbered(0, 50).batch()));
    const auto statistics = sender.statistics();
    EXPECT_EQ(statistics.packets + statistics.failed, 50u);
    EXPECT_EQ(statistics.failed + statistics.lost, 50u);
  });
}

TEST_P(SendMethods, stop_waiting_when_told) {
  in_own_network([] {
    make_pair("left", "right");
    auto sender = open({.patience = 100s});
    const auto handle = sender.stop_handle();
    std::thread later([handle] {
      std::this_thread::sleep_for(20ms);
      handle.stop();
    });
    EXPECT_FALSE(sender.wait_until(std::chrono::steady_clock::now() + 100s));
    later.join();
    const auto refused = sender.send(Numbered(0, 3).batch());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::stopped);
    sender.rearm();
    EXPECT_TRUE(sender.send(Numbered(0, 3).batch()));
  });
}

INSTANTIATE_TEST_SUITE_P(All, SendMethods,
                         testing::Values(Way{SendMethod::socket, QdiscBypass::off}, Way{SendMethod::socket, QdiscBypass::on},
                                         Way{SendMethod::ring, QdiscBypass::off}, Way{SendMethod::ring, QdiscBypass::on},
                                         Way{SendMethod::xdp, QdiscBypass::off}),
                         [](const auto& instance) {
                           return std::string(name(instance.param.method)) + (instance.param.bypass == QdiscBypass::on ? "_bypass" : "");
                         });

}  // namespace
