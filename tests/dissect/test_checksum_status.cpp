// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "trawl/dissect/packet.hpp"
#include "trawl/dissect/walk.hpp"

using namespace trawl;
using namespace trawl::wire;
using namespace trawl::literals;

namespace {

ChecksumStatus status(const Packet& packet, size_t layer) { return checksum_status(packet.layers(), packet.layers().layers[layer]); }

TEST(ChecksumStatus, takes_both_zeros_of_ones_complement) {
  Packet packet(Ethernet{} / Ipv4{} / Udp{});
  for (u32 id = 0; id <= 0xffff && packet[Ipv4::checksum] != 0; ++id) {
    packet[Ipv4::id] = u16(id);
    packet.update_checksums();
  }
  ASSERT_EQ(packet[Ipv4::checksum], 0);
  EXPECT_EQ(status(packet, 1), ChecksumStatus::good);
  packet[Ipv4::checksum] = 0xffff;
  EXPECT_EQ(status(packet, 1), ChecksumStatus::good);
  packet[Ipv4::checksum] = 0xfffe;
  EXPECT_EQ(status(packet, 1), ChecksumStatus::bad);
}

TEST(ChecksumStatus, sums_over_the_last_destination_of_a_routing_header) {
  const Packet packet(Ethernet{} / Ipv6{Ipv6::dst = "2001:db8::1"_ip6} /
                      Ipv6Routing{Ipv6Routing::type = 2, Ipv6Routing::segments_left = 1}.with(
                          Ipv6Routing::data = "\0\0\0\0\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09") /
                      Udp{Udp::dst_port = 9} / Payload{"routed"});
  EXPECT_EQ(status(packet, 3), ChecksumStatus::good);
  Packet arrived = packet;
  arrived[Ipv6::dst] = "2001:db8::9"_ip6;
  arrived[Ipv6Routing::segments_left] = 0;
  EXPECT_EQ(status(arrived, 3), ChecksumStatus::good);
}

}  // namespace
