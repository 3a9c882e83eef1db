// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <thread>

#include "capture/back_ends.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class CaptureDelivery : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureDelivery, testing::ValuesIn(all_back_ends), back_end_name);

/// Reads until `count` frames have come or nothing comes any more. @return their numbers
std::vector<u64> read_numbers(Capture& capture, size_t count) {
  std::vector<u64> numbers;
  int idle = 0;
  while (numbers.size() < count && idle < 20) {
    const auto batch = capture.next();
    if (!batch || !*batch) break;
    idle = (*batch)->empty() ? idle + 1 : 0;
    for (const auto& frame : **batch) numbers.push_back(number_of(frame.bytes));
  }
  return numbers;
}

void expect_counts_up(const std::vector<u64>& numbers, u64 first, u64 count) {
  ASSERT_EQ(numbers.size(), count);
  for (u64 i = 0; i < count; ++i) ASSERT_EQ(numbers[i], first + i) << "at packet " << i;
}

void expect_sums(const CaptureStatistics& s) {
  EXPECT_EQ(s.received, s.captured + s.dropped_kernel + s.discarded);
  EXPECT_EQ(s.captured, s.delivered + s.filtered);
}

TEST_P(CaptureDelivery, delivers_every_packet_exactly_once_and_in_order_over_many_laps_of_the_ring) {
  with_capture({.buffer_bytes = 256 << 10, .timeout = 20ms}, [](Capture& capture, const Wire& wire) {
    // 100 packets of 1,000 bytes fill less than half of a ring of 256 KiB: 50 rounds are more than ten laps.
    for (u64 round = 0; round < 50; ++round) {
      wire.send_numbered(round * 100, 100, 1000);
      expect_counts_up(read_numbers(capture, 100), round * 100, 100);
      if (testing::Test::HasFatalFailure()) return;
    }
    const auto statistics = capture.statistics();
    EXPECT_EQ(statistics.received, 5000u);
    EXPECT_EQ(statistics.delivered, 5000u);
    EXPECT_EQ(statistics.dropped_kernel, 0u);
    expect_sums(statistics);
  });
}

TEST_P(CaptureDelivery, delivers_a_fast_stream_exactly_once_while_it_is_being_sent) {
  with_capture({.timeout = 200ms}, [](Capture& capture, const Wire&) {
    constexpr u64 count = 200'000;
    auto left = Sender::open("left");  // whose interface counts what a busy machine does not get across
    ASSERT_TRUE(left);
    std::thread sender([] { Wire("left").send_numbered(0, count); });
    const auto numbers = read_numbers(capture, count);
    sender.join();
    const auto statistics = capture.statistics();
    expect_sums(statistics);
    EXPECT_EQ(numbers.size() + statistics.dropped_kernel + left->statistics().dropped_interface, count);
    for (size_t i = 1; i < numbers.size(); ++i) ASSERT_LT(numbers[i - 1], numbers[i]);
  });
}

TEST_P(CaptureDelivery, accounts_for_every_packet_when_a_ring_of_256_KiB_is_overrun) {
  with_capture({.buffer_bytes = 256 << 10, .timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(0, 4000, 1000);  // nobody reads
    auto numbers = read_numbers(capture, 4000);
    auto statistics = capture.statistics();
    EXPECT_EQ(statistics.received, 4000u);
    EXPECT_GT(statistics.dropped_kernel, 3000u);
    EXPECT_EQ(statistics.delivered, numbers.size());
    EXPECT_EQ(statistics.discarded, 0u);
    expect_sums(statistics);
    for (size_t i = 1; i < numbers.size(); ++i) ASSERT_LT(numbers[i - 1], numbers[i]);

    wire.send_numbered(10'000, 50, 1000);  // and works again afterwards
    expect_counts_up(read_numbers(capture, 50), 10'000, 50);
    statistics = capture.statistics();
    EXPECT_EQ(statistics.received, 4050u);
    expect_sums(statistics);
  });
}

TEST_P(CaptureDelivery, says_how_many_packets_were_dropped_before_a_frame) {
  unlike_libpcap("does not tell where packets were dropped");
  if (IsSkipped()) return;
  with_capture({.buffer_bytes = 256 << 10, .timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    u64 told = 0, read = 0;
    for (int round = 0; round < 4; ++round) {
      wire.send_numbered(0, 1000, 1000);
      for (;;) {
        const auto batch = capture.next();
        ASSERT_TRUE(batch && *batch);
        if ((*batch)->empty()) break;
        for (const auto& frame : **batch) told += frame.info.has_drops ? frame.info.drops_before : 0;
        read += (*batch)->size();
      }
    }
    wire.send_numbered(0, 1);
    ASSERT_EQ(read_numbers(capture, 1).size(), 1u);
    const auto statistics = capture.statistics();
    EXPECT_EQ(statistics.received, 4001u);
    EXPECT_EQ(read + 1 + statistics.dropped_kernel, 4001u);
    EXPECT_GT(told, 0u);
    EXPECT_LE(told, statistics.dropped_kernel);
  });
}

TEST_P(CaptureDelivery, counts_unread_packets_as_discarded_when_it_is_closed) {
  with_capture({}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(0, 700);
    const auto batch = capture.next();
    ASSERT_TRUE(batch && *batch);
    const u64 read = (*batch)->size();
    ASSERT_LE(read, Batch::max_frames);
    ASSERT_TRUE(capture.close());
    const auto statistics = capture.statistics();
    EXPECT_EQ(statistics.received, 700u);
    EXPECT_EQ(statistics.captured, read);
    EXPECT_EQ(statistics.discarded, 700 - read);
    expect_sums(statistics);
    EXPECT_FALSE(*capture.next());
    EXPECT_TRUE(capture.close());
    EXPECT_EQ(capture.statistics(), statistics);
  });
}

TEST_P(CaptureDelivery, drains_what_came_before_a_stop) {
  unlike_libpcap("cannot be closed to new packets");
  if (IsSkipped()) return;
  with_capture({}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(0, 700);
    capture.stop();
    EXPECT_FALSE(*capture.next());
    std::vector<u64> numbers;
    for (;;) {
      const auto batch = capture.drain();
      ASSERT_TRUE(batch);
      if (!*batch) break;
      for (const auto& frame : **batch) numbers.push_back(number_of(frame.bytes));
      wire.send_numbered(5000, 1);  // comes too late
    }
    expect_counts_up(numbers, 0, 700);
    EXPECT_EQ(capture.statistics().discarded, 0u);
    capture.rearm();
    capture.set_timeout(100ms);
    wire.send_numbered(9000, 3);
    expect_counts_up(read_numbers(capture, 3), 9000, 3);
  });
}

TEST_P(CaptureDelivery, cuts_packets_at_the_snaplen_and_keeps_their_length) {
  in_own_network([] {
    make_pair("left", "right");
    const Wire wire("left");
    for (const u32 snaplen : {1u, 40u, 64u, 1000u}) {
      auto capture = open_capture("right", {.snaplen = snaplen, .timeout = 200ms});
      ASSERT_TRUE(capture) << describe(capture.error());
      EXPECT_EQ(capture->interfaces()[0].snaplen, snaplen);
      wire.send_numbered(1, 1, 500);
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
      const auto& frame = (**batch)[0];
      EXPECT_EQ(frame.bytes.size, std::min(snaplen, 500u));
      EXPECT_EQ(frame.original_length, 500u);
      EXPECT_EQ(frame.truncated(), snaplen < 500);
    }
  });
}

TEST_P(CaptureDelivery, gives_an_empty_batch_after_the_timeout_and_never_blocks_in_poll_next) {
  with_capture({.timeout = 20ms}, [](Capture& capture, const Wire&) {
    const auto start = std::chrono::steady_clock::now();
    auto batch = capture.next();
    ASSERT_TRUE(batch && *batch);
    EXPECT_TRUE((*batch)->empty());
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);

    capture.set_timeout(std::nullopt);
    batch = capture.poll_next();
    ASSERT_TRUE(batch && *batch);
    EXPECT_TRUE((*batch)->empty());
  });
}

TEST_P(CaptureDelivery, has_a_descriptor_that_wakes_an_event_loop_for_packets_and_for_a_stop) {
  with_capture({}, [](Capture& capture, const Wire& wire) {
    pollfd fd{capture.fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&fd, 1, 0), 0);
    wire.send_numbered(7, 1);
    ASSERT_EQ(::poll(&fd, 1, 5000), 1);
    auto batch = capture.poll_next();
    ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
    EXPECT_EQ(number_of((**batch)[0].bytes), 7u);
    batch = capture.poll_next();
    ASSERT_TRUE(batch && *batch);
    EXPECT_TRUE((*batch)->empty());
    EXPECT_EQ(::poll(&fd, 1, 0), 0);
    capture.stop();
    EXPECT_EQ(::poll(&fd, 1, 0), 1);
    batch = capture.poll_next();
    ASSERT_TRUE(batch);
    EXPECT_FALSE(*batch);
  });
}

TEST_P(CaptureDelivery, delivers_a_lone_packet_at_once_in_immediate_mode) {
  with_capture({.immediate = Immediate::on}, [](Capture& capture, const Wire& wire) {
    auto best = std::chrono::nanoseconds::max();
    for (u64 i = 0; i < 10; ++i) {
      const auto start = std::chrono::steady_clock::now();
      wire.send_numbered(i, 1);
      const auto batch = capture.next();
      best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - start);
      ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
      EXPECT_EQ(number_of((**batch)[0].bytes), i);
    }
    EXPECT_LT(best, 5ms) << "the best of ten";
  });
}

TEST_P(CaptureDelivery, lets_frames_be_changed_in_place) {
  with_capture({}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(1, 1);
    const auto batch = capture.next();
    ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
    const auto bytes = (*batch)->edit(0);
    ASSERT_EQ(bytes.size(), 64u);
    bytes[0] = 0x42;
    EXPECT_EQ((**batch)[0].bytes[0], 0x42);
  });
}

#ifndef NDEBUG
TEST_P(CaptureDelivery, leaves_head_room_so_that_a_header_is_put_in_front_in_place) {
  in_own_network([] {
    constexpr u32 room = 200;
    make_pair("left", "right");
    make_pair("out", "end");
    auto capture = open_capture("right", {.timeout = 200ms, .head_room = room});
    auto end = Capture::open("end", {.timeout = 200ms});
    auto sender = Sender::open("out");
    ASSERT_TRUE(capture && end && sender);
    Wire("left").send_numbered(0, 40, 100);
    u64 sent = 0, there = 0;
    while (sent < 40) {
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch && !(*batch)->empty());
      for (u32 i = 0; i < (*batch)->size(); ++i) {
        const auto bytes = (*batch)->edit(i);
        u8* const front = bytes.data() - room;
        std::fill_n(front, room, u8(0x33));
        ASSERT_TRUE(sender->send({front, bytes.size() + room}));
        ++sent;
      }
    }
    while (there < 40) {
      const auto batch = end->next();
      ASSERT_TRUE(batch && *batch && !(*batch)->empty());
      for (const auto& frame : **batch) {
        ASSERT_EQ(frame.bytes.size, room + 100);
        EXPECT_EQ(frame.bytes[room - 1], 0x33);
        EXPECT_EQ(number_of(frame.bytes.from(room)), there++);
      }
    }
    EXPECT_EQ(open_capture("right", {.head_room = 257}).error().reason, Reason::invalid_option);
  });
}

TEST_P(CaptureDelivery, overwrites_frames_that_are_over_in_debug_builds) {
  unlike_libpcap("has the bytes in memory of its own");
  if (IsSkipped()) return;
  with_capture({}, [](Capture& capture, const Wire& wire) {
    wire.send_numbered(1, 1);
    const auto batch = capture.next();
    ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
    const Bytes kept = (**batch)[0].bytes;
    ASSERT_TRUE(capture.poll_next());
    EXPECT_EQ((**batch)[0].bytes.data, nullptr);
    EXPECT_EQ(kept[20], 0xdb);
  });
}
#endif

TEST_P(CaptureDelivery, works_on_an_interface_without_an_address_and_tells_what_it_is) {
  with_capture({.filter_text = "a text"}, [](Capture& capture, const Wire&) {
    ASSERT_EQ(capture.interfaces().size(), 1u);
    const auto& interface = capture.interfaces()[0];
    EXPECT_EQ(interface.name, "right");
    EXPECT_EQ(interface.description, "veth");
    EXPECT_EQ(interface.link_type, LinkType::ethernet);
    EXPECT_EQ(interface.snaplen, 262144u);
    EXPECT_EQ(interface.os_index, u32(index_of("right")));
    EXPECT_TRUE(interface.has_mac);
    EXPECT_TRUE(interface.addresses.empty());
    EXPECT_EQ(interface.filter, "a text");
    auto moved = std::move(capture);
    EXPECT_EQ(moved.interfaces()[0].name, "right");
  });
}

}  // namespace
