// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "capture/own_network.hpp"
#include "trawl/capture/sockets/ring_socket.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

/// A pair of interfaces, a socket on "left" and a capture on "right".
void with_rings(RingSocketOptions options, const std::function<void(RingSocket&, Capture&)>& body) {
  in_own_network([&] {
    make_pair("left", "right");
    options.interface = "left";
    auto socket = RingSocket::open(options);
    ASSERT_TRUE(socket) << describe(socket.error());
    auto capture = Capture::open("right", {.timeout = 200ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    body(*socket, *capture);
  });
}

std::vector<u64> up_to(u64 end) {
  std::vector<u64> all(end);
  std::iota(all.begin(), all.end(), u64{0});
  return all;
}

/// What comes into the receive ring until nothing does for a while.
std::vector<u64> numbers(RingSocket& socket) {
  std::vector<u64> all;
  for (;;) {
    const auto batch = socket.next(200ms);
    EXPECT_TRUE(batch) << describe(batch.error());
    if (!batch || batch->empty()) return all;
    for (const auto& frame : *batch) all.push_back(number_of(frame.bytes));
  }
}

void put_numbered(RingSocket& socket, u64 number, size_t size = 64) {
  const auto frame = numbered(number, size);
  const auto put = socket.put(Bytes{frame.data(), frame.size()});
  ASSERT_TRUE(put) << describe(put.error());
}

TEST(RingSocket, answers_what_it_receives_over_one_descriptor) {
  with_rings({}, [](RingSocket& socket, Capture& capture) {
    const size_t before = open_descriptors();
    {
      auto second = RingSocket::open({.interface = "left"});
      EXPECT_EQ(open_descriptors(), before + 1);
    }
    constexpr u64 count = 5000;
    std::thread asker([] { Wire("right").send_numbered(0, count, 200); });
    for (u64 answered = 0; answered < count;) {
      const auto batch = socket.next(2s);
      ASSERT_TRUE(batch && !batch->empty());
      for (const auto& frame : *batch) {
        ASSERT_EQ(number_of(frame.bytes), answered) << "what it sends does not come back";
        ASSERT_EQ(frame.bytes.size, 200u);
        ASSERT_EQ(frame.info.direction, Direction::inbound);
        while (!socket.put(frame.bytes)) socket.kick();
        ++answered;
      }
      socket.kick();
    }
    asker.join();
    ASSERT_TRUE(socket.flush());
    EXPECT_EQ(socket.in_flight(), 0u);
    std::multiset<u64> seen;
    for (const u64 number : numbers_until_idle(capture)) seen.insert(number);
    EXPECT_EQ(seen.size(), 2 * count) << "the questions and the answers";
    for (u64 i = 0; i < count; ++i) ASSERT_EQ(seen.count(i), 2u) << i;
    const auto statistics = socket.statistics();
    ASSERT_TRUE(statistics);
    EXPECT_EQ(statistics->received, count);
    EXPECT_EQ(statistics->dropped, 0u);
    EXPECT_TRUE(socket.close());
    EXPECT_EQ(socket.fd(), -1);
    EXPECT_EQ(socket.next(0s).error().reason, Reason::closed);
    EXPECT_EQ(socket.put(size_t{60}).error().reason, Reason::closed);
    EXPECT_EQ(socket.kick().why.reason, Reason::closed);
    EXPECT_TRUE(socket.close());
  });
}

TEST(RingSocket, tells_which_packets_the_kernel_refuses_and_sends_the_others_in_order) {
  with_rings({}, [](RingSocket& socket, Capture& capture) {
    const std::vector<u8> small(13, 0xab);
    put_numbered(socket, 0);
    ASSERT_EQ(*socket.put(Bytes{small.data(), small.size()}), 1u);
    put_numbered(socket, 1);
    put_numbered(socket, 2, 1540);  // more than the MTU, and it fits a frame of the ring
    put_numbered(socket, 3);
    put_numbered(socket, 4);
    const std::vector<u8> huge(10'000);
    EXPECT_EQ(socket.put(Bytes{huge.data(), huge.size()}).error().reason, Reason::too_large);
    EXPECT_EQ(socket.waiting(), 6u);
    const auto kicked = socket.kick();
    EXPECT_EQ(kicked.taken, 4u);
    EXPECT_EQ(kicked.waiting, 0u);
    ASSERT_EQ(kicked.refused.size(), 2u);
    EXPECT_EQ(kicked.refused[0].number, 1u);
    EXPECT_EQ(kicked.refused[0].bytes, small);
    EXPECT_EQ(kicked.refused[0].why.reason, Reason::out_of_range) << describe(kicked.refused[0].why);
    EXPECT_EQ(kicked.refused[1].number, 3u);
    EXPECT_EQ(kicked.refused[1].bytes, numbered(2, 1540));
    EXPECT_EQ(kicked.refused[1].why.reason, Reason::too_large) << describe(kicked.refused[1].why);
    put_numbered(socket, 5);
    EXPECT_EQ(socket.kick().taken, 1u);
    EXPECT_EQ(numbers_until_idle(capture), (std::vector<u64>{0, 1, 3, 4, 5}));
  });
}

TEST(RingSocket, has_packets_written_in_place_and_says_when_no_frame_is_free) {
  with_rings({.send_bytes = 1 << 20}, [](RingSocket& socket, Capture& capture) {
    const u32 slots = socket.send_slots();
    ASSERT_GE(slots, 4u);
    for (int lap = 0; lap < 3; ++lap) {
      for (u32 i = 0; i < slots; ++i) {
        const auto frame = socket.free_frame();
        ASSERT_TRUE(frame) << describe(frame.error());
        ASSERT_GE(frame->size(), 1514u);
        const auto packet = numbered(u64(lap) * slots + i, 100);
        std::copy(packet.begin(), packet.end(), frame->begin());
        ASSERT_EQ(*socket.put(100), u64(lap) * slots + i);
      }
      EXPECT_EQ(socket.free_frame().error().reason, Reason::would_block);
      ASSERT_TRUE(socket.flush());
    }
    EXPECT_EQ(numbers_until_idle(capture), up_to(3 * slots));
  });
}

TEST(RingSocket, keeps_what_it_cannot_send_while_the_interface_is_down) {
  with_rings({}, [](RingSocket& socket, Capture& capture) {
    set_up("left", false);
    EXPECT_EQ(socket.next(1s).error().reason, Reason::interface_down);
    EXPECT_TRUE(socket.next(0s)->empty()) << "it is told once";
    put_numbered(socket, 0);
    put_numbered(socket, 1);
    const auto kicked = socket.kick();
    EXPECT_EQ(kicked.taken, 0u);
    EXPECT_EQ(kicked.waiting, 2u);
    EXPECT_EQ(kicked.why.reason, Reason::interface_down) << describe(kicked.why);
    EXPECT_EQ(socket.flush().error().reason, Reason::interface_down);
    set_up("left", true);
    wait_until_running("left");
    ASSERT_TRUE(socket.flush());
    EXPECT_EQ(numbers_until_idle(capture), up_to(2));
    delete_link("left");
    EXPECT_EQ(socket.next(1s).error().reason, Reason::interface_gone);
    put_numbered(socket, 9);
    EXPECT_EQ(socket.kick().why.reason, Reason::interface_gone);
  });
}

TEST(RingSocket, numbers_its_blocks_and_leaves_their_private_areas_alone_from_lap_to_lap) {
  with_rings({.receive_bytes = 64 << 10, .longest_delay = 1ms, .private_bytes = 40}, [](RingSocket& socket, Capture&) {
    EXPECT_FALSE(socket.block());
    const Wire right("right");
    std::vector<u64> laps(64);  // as written into the private area of each block
    u64 blocks = 0, packets = 0;
    for (u64 round = 0; round < 60; ++round) {
      right.send_numbered(round, 1);
      const auto batch = socket.next(2s);
      ASSERT_TRUE(batch && batch->size() == 1) << round;
      EXPECT_EQ(number_of((*batch)[0].bytes), round);
      const auto block = socket.block();
      ASSERT_TRUE(block);
      EXPECT_EQ(block->private_area.size(), 40u);
      ++blocks, packets += block->packets;
      EXPECT_EQ(block->sequence, blocks);
      EXPECT_GT((*batch)[0].bytes.data, block->private_area.data() + 40);
      // Blocks come in turn: what is read is what was written one lap ago.
      const u64 in_ring = socket.receive_bytes() / (32 << 10);
      ASSERT_GT(in_ring, 1u);
      const u64 read = load_be<u64>(block->private_area.data());
      EXPECT_EQ(read, blocks > in_ring ? blocks - in_ring : 0);
      store_be<u64>(block->private_area.data(), blocks);
    }
    EXPECT_EQ(packets, 60u);
    EXPECT_TRUE(socket.next(0s)->empty());
    EXPECT_FALSE(socket.block());
  });
}

TEST(RingSocket, filters_from_the_first_packet_on_and_shows_tags_and_head_room) {
  const bpf::Instruction long_ones[] = {{0x80, 0, 0, 0}, {0x25, 0, 1, 100}, {0x06, 0, 0, 0x40000}, {0x06, 0, 0, 0}};
  with_rings({.filter = *bpf::Program::from(long_ones, LinkType::ethernet), .head_room = 64}, [](RingSocket& socket, Capture&) {
    const Wire right("right");
    right.send_numbered(0, 10, 60);
    auto tagged = numbered(7, 200);
    const u8 tag[] = {0x81, 0x00, 0x20, 0x05};
    tagged.insert(tagged.begin() + 12, std::begin(tag), std::end(tag));
    right.send({tagged.data(), tagged.size()});
    auto batch = socket.next(2s);
    ASSERT_TRUE(batch && batch->size() == 1);
    EXPECT_EQ(std::vector<u8>((*batch)[0].bytes.begin(), (*batch)[0].bytes.end()), tagged);
    std::fill_n(batch->edit(0).data() - 64, 64, u8{1});  // is ours, too
    ASSERT_TRUE(socket.clear_filter());
    right.send_numbered(20, 2, 60);
    EXPECT_EQ(numbers(socket), (std::vector<u64>{20, 21}));
  });
}

TEST(RingSocket, has_one_ring_alone_and_refuses_what_cannot_be) {
  in_own_network([] {
    make_pair("left", "right");
    auto receives = RingSocket::open({.interface = "left", .send_bytes = 0});
    auto sends = RingSocket::open({.interface = "right", .receive_bytes = 0});
    ASSERT_TRUE(receives && sends);
    EXPECT_EQ(receives->free_frame().error().reason, Reason::not_supported);
    EXPECT_EQ(sends->next(0s).error().reason, Reason::not_supported);
    put_numbered(*sends, 3);
    EXPECT_EQ(sends->kick().taken, 1u);
    EXPECT_EQ(numbers(*receives), (std::vector<u64>{3}));
    auto moved = std::move(*receives);
    put_numbered(*sends, 4);
    sends->kick();
    EXPECT_EQ(numbers(moved), (std::vector<u64>{4}));
    ASSERT_TRUE(moved.set_nonblocking(true));
    EXPECT_TRUE(moved.next()->empty());

    EXPECT_EQ(RingSocket::open({.interface = "any"}).error().reason, Reason::not_supported);
    EXPECT_TRUE(RingSocket::open({.interface = "any", .send_bytes = 0}));
    EXPECT_EQ(RingSocket::open({.interface = "nothing"}).error().reason, Reason::unknown_interface);
    EXPECT_EQ(RingSocket::open({.interface = "left", .receive_bytes = 0, .send_bytes = 0}).error().reason, Reason::invalid_option);
    EXPECT_EQ(RingSocket::open({.interface = "left", .head_room = 1000}).error().reason, Reason::invalid_option);
    EXPECT_EQ(RingSocket::open({.interface = "left", .private_bytes = 5000}).error().reason, Reason::invalid_option);
    EXPECT_EQ(RingSocket::open({.interface = "left", .time_stamps = TimeStampType::adapter_unsynced}).error().reason,
              Reason::not_supported);
  });
}

}  // namespace
