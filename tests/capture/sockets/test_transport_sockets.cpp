// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "capture/own_network.hpp"
#include "trawl/capture/sockets/transport_socket.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::testing_network;

namespace {

constexpr Ipv4Address here{{127, 0, 0, 1}}, also_here{{127, 0, 0, 2}};
constexpr u8 experimental = 253;  // RFC 3692; nobody answers it
constexpr Ipv6Address here6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

void with_loopback(const std::function<void()>& body) {
  in_own_network([&] {
    set_up("lo", true);
    body();
  });
}

std::vector<u8> udp(u16 from, u16 to, u8 content) {
  std::vector<u8> packet(9);
  store_be<u16>(&packet[0], from);
  store_be<u16>(&packet[2], to);
  store_be<u16>(&packet[4], 9);
  packet[8] = content;
  return packet;
}

/// An ordinary socket, to ask the kernel what arrived.
class UdpSocket {
 public:
  UdpSocket() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port = ntohs(address.sin_port);
  }
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;
  ~UdpSocket() { ::close(fd_); }
  int next() const {
    u8 byte = 0;
    return ::recv(fd_, &byte, 1, MSG_DONTWAIT) == 1 ? byte : -1;
  }
  u16 port = 0;

 private:
  int fd_;
};

TEST(TransportSocket, sends_and_receives_with_the_header_that_it_was_told) {
  with_loopback([] {
    const UdpSocket peer;
    auto socket = TransportSocket::open(TransportSocket::Family::ipv4, 17);
    ASSERT_TRUE(socket) << describe(socket.error());
    ASSERT_TRUE(socket->set_hop_limit(33));
    const auto first = udp(5555, peer.port, 7);
    EXPECT_EQ(socket->send_to({first.data(), first.size()}, here).value(), 9u);
    EXPECT_EQ(peer.next(), 7);
    u8 buffer[100];
    IpEndpoint from;
    auto received = socket->receive(buffer, &from);
    ASSERT_TRUE(received);
    EXPECT_EQ(from, IpEndpoint(here));
    ASSERT_EQ(received->size, 29u);
    EXPECT_EQ(buffer[0], 0x45);
    EXPECT_EQ(buffer[8], 33) << "time to live";

    ASSERT_TRUE(socket->set_include_header(true));
    auto whole = udp(5555, peer.port, 8);
    const u8 header[20] = {0x45, 0, 0, 0, 0, 0, 0, 0, 99, 17, 0, 0, 127, 0, 0, 2, 127, 0, 0, 1};
    whole.insert(whole.begin(), header, header + 20);
    ASSERT_TRUE(socket->send_to({whole.data(), whole.size()}, here));
    EXPECT_EQ(peer.next(), 8);
    u8 shorter[12];
    received = socket->receive(shorter, &from);
    ASSERT_TRUE(received);
    EXPECT_EQ(from, IpEndpoint(also_here));
    EXPECT_EQ(received->size, 12u);
    EXPECT_EQ(received->original_length, 29u);
    EXPECT_TRUE(received->truncated());
  });
}

TEST(TransportSocket, takes_only_what_it_is_bound_and_connected_to) {
  with_loopback([] {
    auto all = TransportSocket::open(TransportSocket::Family::ipv4, experimental),
         bound = TransportSocket::open(TransportSocket::Family::ipv4, experimental);
    auto connected = TransportSocket::open(TransportSocket::Family::ipv4, experimental);
    ASSERT_TRUE(all && bound && connected);
    for (auto* socket : {&*all, &*bound, &*connected}) ASSERT_TRUE(socket->set_nonblocking(true));
    ASSERT_TRUE(bound->bind(also_here));
    ASSERT_TRUE(connected->connect(also_here));
    ASSERT_TRUE(all->bind_to_interface("lo"));
    const auto packet = udp(1, 2, 3);
    ASSERT_TRUE(connected->send({packet.data(), packet.size()}));
    u8 buffer[100];
    EXPECT_TRUE(all->receive(buffer));
    EXPECT_TRUE(bound->receive(buffer));
    EXPECT_EQ(connected->receive(buffer).error().reason, Reason::would_block) << "it came from 127.0.0.1";
    ASSERT_TRUE(bound->send_to({packet.data(), packet.size()}, here));
    EXPECT_TRUE(connected->receive(buffer));
    EXPECT_EQ(bound->receive(buffer).error().reason, Reason::would_block);
    EXPECT_EQ(all->bind_to_interface("nowhere0").error().reason, Reason::unknown_interface);
  });
}

TEST(TransportSocket, filters_like_any_other) {
  with_loopback([] {
    auto socket = TransportSocket::open(TransportSocket::Family::ipv4, 17);
    ASSERT_TRUE(socket);
    ASSERT_TRUE(socket->set_nonblocking(true));
    // The destination port, behind an IP header of 20 bytes.
    const bpf::Instruction port_9[] = {{0x28, 0, 0, 22}, {0x15, 0, 1, 9}, {0x06, 0, 0, 0x40000}, {0x06, 0, 0, 0}};
    ASSERT_TRUE(socket->set_filter(*bpf::Program::from(port_9, LinkType::raw)));
    const auto other = udp(1, 8, 1), wanted = udp(1, 9, 2);
    ASSERT_TRUE(socket->send_to({other.data(), other.size()}, here));
    ASSERT_TRUE(socket->send_to({wanted.data(), wanted.size()}, here));
    u8 buffer[100];
    const auto received = socket->receive(buffer);
    ASSERT_TRUE(received);
    EXPECT_EQ(buffer[28], 2);
    EXPECT_FALSE(socket->receive(buffer));
  });
}

TEST(TransportSocket, speaks_ipv6_and_lets_the_kernel_write_the_sum) {
  with_loopback([] {
    const int file = ::open("/proc/sys/net/ipv6/conf/lo/disable_ipv6", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
      ASSERT_EQ(::write(file, "0", 1), 1);
      ::close(file);
    }
    auto socket = TransportSocket::open(TransportSocket::Family::ipv6, 17);
    if (!socket) GTEST_SKIP() << "no IPv6: " << describe(socket.error());
    ASSERT_TRUE(socket->set_checksum_offset(6));
    const auto packet = udp(5, 6, 7);
    const auto sent = socket->send_to({packet.data(), packet.size()}, here6);
    ASSERT_TRUE(sent) << describe(sent.error());
    u8 buffer[100];
    IpEndpoint from;
    const auto received = socket->receive(buffer, &from);
    ASSERT_TRUE(received);
    EXPECT_EQ(from.ipv6, here6);
    EXPECT_EQ(received->size, 9u) << "without the IPv6 header";
    EXPECT_NE(load_be<u16>(buffer + 6), 0u);
  });
}

TEST(TransportSocket, refuses_the_protocol_that_cannot_receive) {
  const auto raw = TransportSocket::open(TransportSocket::Family::ipv4, 255);
  ASSERT_FALSE(raw);
  EXPECT_EQ(raw.error().reason, Reason::invalid_option);
}

TEST(TransportSocket, leaves_no_descriptor_behind) {
  with_loopback([] {
    const int before = ::dup(0);
    ::close(before);
    for (int i = 0; i < 100; ++i) {
      auto socket = TransportSocket::open(TransportSocket::Family::ipv4, 132);
      if (!socket) break;  // SCTP is a matter of the kernel's configuration; raw sockets of it are not
      auto moved = std::move(*socket);
    }
    const int after = ::dup(0);
    ::close(after);
    EXPECT_EQ(after, before);
  });
}

}  // namespace
