// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "trawl/dissect/packet.hpp"
#include "trawl/dissect/walk.hpp"

using namespace trawl;
using namespace trawl::wire;
using namespace trawl::literals;

namespace {

Packet example() {
  return Packet(Ethernet{} / Ipv4{Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4} /
                Tcp{Tcp::dst_port = 80, Tcp::flags = Tcp::Flag::syn} / Payload{"hello"});
}
ChecksumStatus status(const Packet& packet, size_t layer) { return checksum_status(packet.layers(), packet.layers().layers[layer]); }

TEST(Packet, changes_one_field_and_nothing_else) {
  const Packet before = example();
  Packet packet = before;
  packet[Tcp::dst_port] = 443;
  EXPECT_EQ(TcpPort(packet[Tcp::dst_port]), 443);
  for (size_t i = 0; i < before.bytes().size; ++i) {
    if (i == 36 || i == 37) continue;
    EXPECT_EQ(packet.bytes()[i], before.bytes()[i]) << i;
  }
  EXPECT_EQ(status(packet, 2), ChecksumStatus::bad);
  EXPECT_EQ(packet.update_checksums(), 2u);
  EXPECT_EQ(status(packet, 2), ChecksumStatus::good);
}

TEST(Packet, is_a_value) {
  Packet a = example();
  Packet b = a;
  EXPECT_EQ(a, b);
  b[Ipv4::ttl] = 1;
  EXPECT_FALSE(a == b);
  EXPECT_EQ(b.find<Ipv4>()[Ipv4::ttl], 1);
  const Packet c = std::move(b);
  EXPECT_EQ(c.find<Ipv4>()[Ipv4::ttl], 1);
}

TEST(Packet, indexes_the_nth_layer_of_a_protocol) {
  Packet packet(Ethernet{} / Ipv4{Ipv4::ttl = 1} / Ipv4{Ipv4::ttl = 2} / Udp{});
  EXPECT_EQ(packet.find<Ipv4>(1)[Ipv4::ttl], 2);
  packet.edit<Ipv4>(1)[Ipv4::ttl] = 9;
  EXPECT_EQ(packet.find<Ipv4>(1)[Ipv4::ttl], 9);
  EXPECT_EQ(packet[Ipv4::ttl], 1);
  EXPECT_FALSE(packet.has<Ipv4>(2));
  EXPECT_FALSE(packet.edit<Tcp>());
}

TEST(Packet, takes_another_payload_and_its_lengths_follow) {
  Packet packet = example();
  ASSERT_TRUE(packet.set_payload(Bytes::of("a longer payload")));
  EXPECT_EQ(packet.find<Ipv4>()[Ipv4::length], 20 + 20 + 16);
  EXPECT_EQ(packet.find<Tcp>().payload.text(), "a longer payload");
  packet.update_checksums();
  EXPECT_EQ(status(packet, 1), ChecksumStatus::good);
  EXPECT_EQ(status(packet, 2), ChecksumStatus::good);
}

TEST(Packet, refuses_a_payload_that_no_length_can_tell) {
  Packet packet = example();
  const Packet before = packet;
  const std::vector<u8> large(70000);
  const auto result = packet.set_payload(std::span<const u8>(large));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().reason, Reason::does_not_fit);
  EXPECT_EQ(packet, before);
}

TEST(Packet, keeps_a_udp_sum_that_is_absent) {
  Packet packet(Ethernet{} / Ipv4{} / Udp{Udp::checksum = 0} / Payload{"x"});
  packet.update_checksums();
  EXPECT_EQ(packet.find<Udp>()[Udp::checksum], 0);
}

}  // namespace
