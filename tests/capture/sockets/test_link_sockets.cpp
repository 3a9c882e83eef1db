// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <fcntl.h>
#include <gtest/gtest.h>

#include "capture/own_network.hpp"
#include "trawl/capture/sockets/interface_socket.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::testing_network;

namespace {

constexpr u16 experimental = 0x88b5;

/// A pair of interfaces, and a socket on "right" that does not wait.
void with_socket(const InterfaceSocketOptions& options, const std::function<void(LinkSocket&, const Wire&)>& body) {
  in_own_network([&] {
    make_pair("left", "right");
    auto socket = LinkSocket::open(options);
    ASSERT_TRUE(socket) << describe(socket.error());
    ASSERT_TRUE(socket->set_nonblocking(true));
    body(*socket, Wire("left"));
  });
}

/// The numbers of what is in the queue.
std::vector<u64> numbers(InterfaceSocket& socket, size_t header = 14) {
  std::vector<u64> all;
  u8 buffer[2048];
  for (;;) {
    const auto received = socket.receive(buffer);
    if (!received) {
      EXPECT_EQ(received.error().reason, Reason::would_block) << describe(received.error());
      return all;
    }
    all.push_back(header ? number_of({buffer, received->size}, header) : load_be<u64>(buffer));
  }
}

bpf::ProgramSource longer_than(u32 bytes) {
  const bpf::Instruction program[] = {{0x80, 0, 0, 0}, {0x25, 0, 1, bytes}, {0x06, 0, 0, 0x40000}, {0x06, 0, 0, 0}};
  return *bpf::Program::from(program, LinkType::ethernet);
}

TEST(LinkSocket, receives_what_is_of_its_protocol_or_everything) {
  with_socket({.interface = "right", .protocol = experimental}, [](LinkSocket& socket, const Wire& left) {
    auto other = LinkSocket::open({.interface = "right", .protocol = 0x0806}), all = LinkSocket::open({.interface = "right"});
    auto none = LinkSocket::open({.interface = "right", .protocol = 0}), everywhere = LinkSocket::open();
    ASSERT_TRUE(other && all && none && everywhere);
    for (auto* one : {&*other, &*all, &*none, &*everywhere}) ASSERT_TRUE(one->set_nonblocking(true));
    left.send_numbered(1, 3);
    const std::vector<u64> sent{1, 2, 3};
    EXPECT_EQ(numbers(socket), sent);
    EXPECT_EQ(numbers(*all), sent);
    EXPECT_EQ(numbers(*other), std::vector<u64>());
    EXPECT_EQ(numbers(*none), std::vector<u64>());
    EXPECT_EQ(numbers(*everywhere).size(), 6u) << "leaving on left and arriving on right";

    ASSERT_TRUE(other->bind("right", experimental));
    left.send_numbered(7, 1);
    EXPECT_EQ(numbers(*other), std::vector<u64>{7});
    const auto bound = other->bound();
    ASSERT_TRUE(bound);
    EXPECT_EQ(bound->interface, u32(index_of("right")));
    EXPECT_EQ(bound->protocol, experimental);
    EXPECT_EQ(everywhere->bound()->interface, 0u);
  });
}

TEST(LinkSocket, tells_who_sent_a_packet_and_how_much_of_it_there_was) {
  with_socket({.interface = "right"}, [](LinkSocket& socket, const Wire& left) {
    auto tagged = numbered(5, 100);
    const u8 tag[] = {0x81, 0, 0x60, 5};
    tagged.insert(tagged.begin() + 12, tag, tag + 4);
    left.send_numbered(4, 1, 1000);
    ASSERT_EQ(left.send({tagged.data(), tagged.size()}), 0);

    u8 buffer[100];
    LinkAddress from;
    auto peeked = socket.receive(buffer, &from, MessageFlags::peek | MessageFlags::dont_wait);
    auto received = socket.receive(buffer, &from);
    ASSERT_TRUE(peeked && received);
    EXPECT_EQ(number_of({buffer, 100}), 4u);
    EXPECT_EQ(received->size, 100u);
    EXPECT_EQ(received->original_length, 1000u);
    EXPECT_TRUE(received->truncated());
    EXPECT_EQ(
        from,
        (LinkAddress{
            .interface = u32(index_of("right")), .protocol = experimental, .hardware_type = 1, .length = 6, .octet = {2, 0, 0, 0, 0, 1}}));
    EXPECT_EQ(received->info.packet_type, PacketType::to_other);
    EXPECT_FALSE(received->info.has_vlan);

    received = socket.receive(buffer, &from);
    ASSERT_TRUE(received);
    EXPECT_TRUE(received->info.has_vlan) << "the kernel took the tag off";
    EXPECT_EQ(received->info.vlan_tci, 0x6005);
    EXPECT_EQ(received->info.vlan_tpid, 0x8100);
    EXPECT_EQ(received->original_length, 100u);
  });
}

TEST(LinkSocket, knows_when_packets_came) {
  with_socket({.interface = "right", .protocol = experimental}, [](LinkSocket& socket, const Wire& left) {
    ASSERT_TRUE(socket.set_receive_timestamps(TimestampSource::software));
    u8 buffer[100];
    Result<Received> received;
    bool stamped = false;
    // The kernel begins to stamp packets a moment after the first socket asked for it.
    for (int i = 0; i < 1000 && !stamped; ++i) {
      left.send_numbered(1, 1);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      received = socket.receive(buffer);
      stamped = received && received->info.has_time;
    }
    ASSERT_TRUE(received);
    EXPECT_TRUE(received->info.has_time);
    EXPECT_GT(received->time.seconds(), 1'600'000'000);
    EXPECT_FALSE(received->hardware_time);
  });
}

TEST(LinkSocket, sends_to_the_interface_bound_to_or_named) {
  with_socket({.interface = "right", .protocol = experimental}, [](LinkSocket& right, const Wire&) {
    auto left = LinkSocket::open({.interface = "left", .protocol = 0}), unbound = LinkSocket::open({.protocol = 0});
    ASSERT_TRUE(left && unbound);
    const auto first = numbered(1), second = numbered(2);
    ASSERT_EQ(left->send({first.data(), first.size()}).value(), first.size());
    ASSERT_TRUE(left->set_qdisc_bypass(true));
    ASSERT_TRUE(unbound->send_to({second.data(), second.size()}, {.interface = u32(index_of("left"))}));
    EXPECT_EQ(numbers(right), (std::vector<u64>{1, 2}));
    const auto nowhere = unbound->send({first.data(), first.size()});
    EXPECT_FALSE(nowhere);
    const std::vector<u8> large(3000);
    EXPECT_EQ(left->send({large.data(), large.size()}).error().reason, Reason::too_large);
  });
}

TEST(LinkSocket, filters_from_the_first_packet_on_and_gives_the_filter_back) {
  with_socket({.interface = "right", .filter = longer_than(100)}, [](LinkSocket& socket, const Wire& left) {
    left.send_numbered(1, 2, 60);
    left.send_numbered(3, 2, 200);
    EXPECT_EQ(numbers(socket), (std::vector<u64>{3, 4}));
    const auto there = socket.filter();
    ASSERT_TRUE(there);
    ASSERT_EQ(there->size(), 4u);
    EXPECT_EQ((*there)[1].k, 100u);

    left.send_numbered(5, 2, 200);
    ASSERT_TRUE(socket.set_filter(longer_than(500)));
    EXPECT_EQ(numbers(socket), (std::vector<u64>{5, 6})) << "let in by the old filter";
    left.send_numbered(7, 2, 700);
    ASSERT_TRUE(socket.set_filter(longer_than(1000), Queued::drop));
    EXPECT_EQ(numbers(socket), std::vector<u64>());
    ASSERT_TRUE(socket.clear_filter());
    ASSERT_TRUE(socket.clear_filter()) << "without one";
    EXPECT_TRUE(socket.filter()->empty());
    left.send_numbered(9, 1, 60);
    EXPECT_EQ(numbers(socket), std::vector<u64>{9});

    ASSERT_TRUE(socket.set_filter(longer_than(100)));
    ASSERT_TRUE(socket.lock_filter());
    EXPECT_FALSE(socket.set_filter(longer_than(50)));
    EXPECT_FALSE(socket.clear_filter());
  });
}

TEST(LinkSocket, holds_the_interface_promiscuous_as_long_as_it_lives) {
  with_socket({.interface = "right"}, [](LinkSocket& socket, const Wire&) {
    const Membership promiscuous{.kind = Membership::Kind::promiscuous, .interface = u32(index_of("right"))};
    ASSERT_TRUE(socket.join(promiscuous));
    EXPECT_EQ(promiscuity("right"), 1u);
    ASSERT_TRUE(socket.leave(promiscuous));
    EXPECT_EQ(promiscuity("right"), 0u);
    ASSERT_TRUE(socket.join(promiscuous));
    const MacAddress group{{0x33, 0x33, 0, 0, 0, 1}};
    ASSERT_TRUE(
        socket.join({.kind = Membership::Kind::multicast, .interface = promiscuous.interface, .group = LinkAddress::of(0, 0, group)}));
    ASSERT_TRUE(socket.join({.kind = Membership::Kind::all_multicast, .interface = promiscuous.interface}));
    auto moved = std::move(socket);
    ASSERT_TRUE(moved.close());
    EXPECT_EQ(promiscuity("right"), 0u);
  });
}

TEST(LinkSocket, counts_what_it_had_no_room_for) {
  with_socket({.interface = "right"}, [](LinkSocket& socket, const Wire& left) {
    ASSERT_TRUE(socket.set_receive_buffer(4096));
    left.send_numbered(0, 200, 1000);
    const auto statistics = socket.statistics();
    ASSERT_TRUE(statistics);
    EXPECT_EQ(statistics->received, 200u);
    EXPECT_GT(statistics->dropped, 0u);
    EXPECT_EQ(numbers(socket).size() + statistics->dropped, 200u);
    EXPECT_EQ(socket.statistics()->received, 200u) << "the kernel starts anew with each reading";
  });
}

TEST(LinkSocket, is_closed_once_and_says_so_afterwards) {
  with_socket({.interface = "right"}, [](LinkSocket& socket, const Wire&) {
    EXPECT_TRUE(*socket.nonblocking());
    const int fd = socket.fd();
    ASSERT_TRUE(socket.close());
    EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
    auto other = LinkSocket::open({.interface = "right"});
    ASSERT_TRUE(other);
    EXPECT_EQ(other->fd(), fd);
    ASSERT_TRUE(socket.close());
    EXPECT_NE(::fcntl(fd, F_GETFD), -1) << "it is another socket's now";
    u8 buffer[10];
    EXPECT_EQ(socket.receive(buffer).error().reason, Reason::closed);
    EXPECT_EQ(socket.statistics().error().reason, Reason::closed);
  });
}

TEST(LinkSocket, refuses_hardware_times_of_an_interface_without_a_clock_and_knows_when_packets_left) {
  with_socket({.interface = "left"}, [](LinkSocket& socket, const Wire&) {
    const auto refused = socket.set_receive_timestamps(TimestampSource::hardware);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::not_supported);
    ASSERT_TRUE(socket.set_send_timestamps(TimestampSource::software));
    const auto frame = numbered(9);
    ASSERT_TRUE(socket.send({frame.data(), frame.size()}));
    u8 buffer[200];
    const auto sent = socket.receive(buffer, nullptr, MessageFlags::error_queue);
    ASSERT_TRUE(sent) << describe(sent.error());
    EXPECT_TRUE(sent->info.has_time);
    EXPECT_EQ(number_of({buffer, sent->size}), 9u);
  });
}

TEST(LinkSocket, says_when_the_interface_is_gone) {
  with_socket({.interface = "right"}, [](LinkSocket& socket, const Wire&) {
    delete_link("left");
    u8 buffer[10];
    const auto received = socket.receive(buffer);
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().reason, Reason::interface_down);
    const auto bound = socket.bound();
    ASSERT_FALSE(bound);
    EXPECT_EQ(bound.error().reason, Reason::interface_gone);
    const auto unknown = LinkSocket::open({.interface = "right"});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().reason, Reason::unknown_interface);
  });
}

TEST(NetworkSocket, carries_packets_without_their_link_layer) {
  with_socket({.interface = "right"}, [](LinkSocket& whole, const Wire& left) {
    auto socket = NetworkSocket::open({.interface = "right", .protocol = experimental});
    auto sender = NetworkSocket::open({.interface = "left", .protocol = 0});
    ASSERT_TRUE(socket && sender);
    ASSERT_TRUE(socket->set_nonblocking(true));
    left.send_numbered(42, 1);
    EXPECT_EQ(numbers(*socket, 0), std::vector<u64>{42});
    numbers(whole);

    const auto frame = numbered(43);
    const auto to = LinkAddress::of(u32(index_of("left")), experimental, MacAddress{{2, 0, 0, 0, 0, 9}});
    ASSERT_TRUE(sender->send_to({frame.data() + 14, frame.size() - 14}, to));
    u8 buffer[100];
    LinkAddress from;
    ASSERT_TRUE(socket->receive(buffer, &from));
    EXPECT_EQ(load_be<u64>(buffer), 43u);
    ASSERT_TRUE(whole.receive(buffer));
    EXPECT_EQ(buffer[5], 9) << "the destination";
    EXPECT_EQ(load_be<u16>(buffer + 12), experimental);
  });
}

}  // namespace
