// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "capture/own_network.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

/// In a network of its own, where the kernel has AF_XDP for this user.
void with_xdp(CaptureOptions options, const std::function<void(Capture&, const Wire&)>& body) {
  in_own_network([&] {
    make_pair("left", "right");
    options.method = CaptureMethod::xdp;
    auto capture = Capture::open("right", options);
    if (!capture && (capture.error().reason == Reason::no_permission || capture.error().reason == Reason::not_supported)) skip_here();
    ASSERT_TRUE(capture) << describe(capture.error());
    body(*capture, Wire("left"));
  });
}

TEST(XdpCapture, delivers_every_packet_once_in_order_and_whole) {
  with_xdp({.timeout = 200ms}, [](Capture& capture, const Wire& left) {
    constexpr u64 count = 2000;
    left.send_numbered(0, count, 1514);
    u64 next = 0;
    while (next < count) {
      const auto batch = capture.next();
      ASSERT_TRUE(batch && *batch) << describe(batch.error());
      ASSERT_FALSE((*batch)->empty()) << next;
      for (const auto& frame : **batch) {
        ASSERT_EQ(number_of(frame.bytes), next++);
        ASSERT_EQ(frame.bytes.size, 1514u);
        ASSERT_EQ(frame.bytes[1513], u8(1513));
        ASSERT_GT(frame.time.seconds(), 1'600'000'000);
      }
    }
    const auto statistics = capture.statistics();
    EXPECT_EQ(statistics.received, count);
    EXPECT_EQ(statistics.delivered, count);
    EXPECT_EQ(capture.link_type(), LinkType::ethernet);
    EXPECT_TRUE((*capture.poll_next())->empty());
  });
}

TEST(XdpCapture, filters_cuts_and_changes_its_filter) {
  const bpf::Instruction long_ones[] = {{0x80, 0, 0, 0}, {0x25, 0, 1, 100}, {0x06, 0, 0, 0x40000}, {0x06, 0, 0, 0}};
  with_xdp({.snaplen = 80, .timeout = 200ms, .filter = *bpf::Program::from(long_ones, LinkType::ethernet)},
           [](Capture& capture, const Wire& left) {
             left.send_numbered(0, 300, 60);
             left.send_numbered(300, 3, 200);
             auto batch = capture.next();
             ASSERT_TRUE(batch && *batch);
             ASSERT_EQ((*batch)->size(), 3u);
             EXPECT_EQ((**batch)[0].bytes.size, 80u);
             EXPECT_EQ((**batch)[0].original_length, 200u);
             auto statistics = capture.statistics();
             EXPECT_EQ(statistics.filtered, 300u);
             left.send_numbered(400, 2, 200);
             ASSERT_TRUE(capture.set_filter(bpf::Program::accept_all(LinkType::ethernet)));
             left.send_numbered(402, 2, 60);
             EXPECT_EQ(numbers_until_idle(capture), (std::vector<u64>{400, 401, 402, 403}));
           });
}

TEST(XdpCapture, accounts_for_what_there_was_no_room_for) {
  with_xdp({.buffer_bytes = 256 << 10, .timeout = 200ms}, [](Capture& capture, const Wire& left) {
    left.send_numbered(0, 3000, 600);
    const auto numbers = numbers_until_idle(capture);
    const auto statistics = capture.statistics();
    EXPECT_GT(statistics.dropped_kernel, 0u);
    EXPECT_EQ(numbers.size() + statistics.dropped_kernel, 3000u);
    EXPECT_EQ(statistics.received, 3000u);
    left.send_numbered(5000, 10);
    EXPECT_EQ(numbers_until_idle(capture).size(), 10u) << "buffers have come back";
  });
}

TEST(XdpCapture, goes_on_when_a_forked_process_closes_its_copy) {
  with_xdp({.buffer_bytes = 256 << 10, .timeout = 200ms}, [](Capture& capture, const Wire& left) {
    left.send_numbered(0, 5);
    const auto before = capture.next();
    ASSERT_TRUE(before && *before);
    ASSERT_EQ((*before)->size(), 5u);
    ASSERT_EQ(close_in_a_fork(capture), 0);
    for (u64 next = 5; next < 1000; next += 20) {  // many times around the ring
      left.send_numbered(next, 20, 600);
      for (u64 got = 0; got < 20;) {
        const auto batch = capture.next();
        ASSERT_TRUE(batch && *batch && !(*batch)->empty());
        for (const auto& frame : **batch) ASSERT_EQ(number_of(frame.bytes), next + got++);
      }
    }
    EXPECT_EQ(capture.statistics().received, 1005u);
  });
}

TEST(XdpCapture, stops_drains_and_goes_on) {
  with_xdp({}, [](Capture& capture, const Wire& left) {
    left.send_numbered(0, 5);
    const auto handle = capture.stop_handle();
    std::thread later([handle] {
      std::this_thread::sleep_for(20ms);
      handle.stop();
    });
    u64 got = 0;
    for (;;) {
      const auto batch = capture.next();
      ASSERT_TRUE(batch);
      if (!*batch) break;
      got += (*batch)->size();
    }
    later.join();
    EXPECT_EQ(got, 5u);
    while (const auto batch = capture.drain().value()) got += batch->size();
    left.send_numbered(10, 3);  // goes its usual way now
    EXPECT_EQ(capture.statistics().received, 5u);
    capture.rearm();
    capture.set_timeout(200ms);
    left.send_numbered(20, 2);
    EXPECT_EQ(numbers_until_idle(capture), (std::vector<u64>{20, 21}));
    ASSERT_TRUE(capture.close());
    EXPECT_EQ(capture.statistics().received, 7u);
    EXPECT_FALSE(*capture.next());
  });
}

TEST(XdpCapture, ends_when_the_interface_is_gone_and_refuses_what_it_cannot_do) {
  with_xdp({.timeout = 5s}, [](Capture& capture, const Wire&) {
    const auto second = Capture::open("right", {.method = CaptureMethod::xdp});
    ASSERT_FALSE(second) << "the queue is taken";
    delete_link("left");
    const auto batch = capture.next();
    ASSERT_FALSE(batch);
    EXPECT_EQ(batch.error().reason, Reason::interface_gone);
    make_pair("left", "right");
    set_mtu("right", 9000);
    EXPECT_EQ(Capture::open("right", {.method = CaptureMethod::xdp}).error().reason, Reason::not_supported);
    EXPECT_EQ(Capture::open("any", {.method = CaptureMethod::xdp}).error().reason, Reason::not_supported);
    EXPECT_EQ(Capture::open("left", {.method = CaptureMethod::xdp, .direction = CaptureDirection::out}).error().reason,
              Reason::invalid_option);
  });
}

}  // namespace
