// SPDX-License-Identifier: Apache-2.0 OR MIT
// What other packet libraries were seen to do wrong with these packets: tests/bugs_of_others.md.
#include <gtest/gtest.h>

#include "trawl/dissect/packet.hpp"
#include "trawl/dissect/walk.hpp"

using namespace trawl;
using namespace trawl::wire;
using namespace trawl::literals;

namespace {

constexpr auto here = "192.0.2.7"_ip4, there = "198.51.100.1"_ip4;

template <class L> Packet over_ip(const L& layers) { return Packet(Ethernet{} / Ipv4{Ipv4::src = here, Ipv4::dst = there} / layers); }
Packet again(const Packet& packet) { return Packet(std::vector<u8>(packet.bytes().begin(), packet.bytes().end()), LinkType::ethernet); }

TEST(BugsOfOthers, packets_of_many_layers_are_read_and_written_again) {
  for (const Packet& packet :
       {over_ip(Udp{Udp::src_port = 12345, Udp::dst_port = 9} / Payload{"x"}), over_ip(Tcp{} / Payload{"x"}), over_ip(Sctp{})}) {
    Packet read = again(packet);
    EXPECT_EQ(read.bytes(), packet.bytes());
    EXPECT_EQ(read.update_checksums(), 2u);
    EXPECT_EQ(read.bytes(), packet.bytes());
  }
}

TEST(BugsOfOthers, a_header_alone_keeps_its_destination_and_gets_its_sum) {
  const Packet packet(Ipv4{Ipv4::src = here, Ipv4::dst = there}, LinkType::raw);
  const auto ip = packet.find<Ipv4>();
  EXPECT_EQ(ip[Ipv4::src], here);
  EXPECT_EQ(ip[Ipv4::dst], there);
  EXPECT_NE(ip[Ipv4::checksum], 0);
  EXPECT_EQ(checksum_status(packet.layers(), *packet.layers().layer<Ipv4>()), ChecksumStatus::good);
}

TEST(BugsOfOthers, udp_is_composed_without_a_layer_below) {
  u8 bytes[8] = {};
  const auto size = compose(Udp{Udp::src_port = 12345, Udp::dst_port = 53}, bytes);
  ASSERT_TRUE(size);
  EXPECT_EQ(*size, 8u);
  const auto udp = View<Udp>::of(Bytes(bytes));
  EXPECT_EQ(udp[Udp::src_port], 12345);
  EXPECT_EQ(udp[Udp::dst_port], 53);
  EXPECT_EQ(udp[Udp::length], 8);
}

TEST(BugsOfOthers, the_destination_is_the_first_address_of_a_frame) {
  const u8 bytes[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
  const auto ethernet = View<Ethernet>::of(Bytes(bytes));
  EXPECT_EQ(ethernet[Ethernet::dst], MacAddress::broadcast());
  EXPECT_EQ(ethernet[Ethernet::src], "02:00:00:00:00:01"_mac);
  const Packet composed(Ethernet{Ethernet::dst = MacAddress::broadcast(), Ethernet::src = "02:00:00:00:00:01"_mac});
  EXPECT_EQ(composed.bytes().first(12), Bytes(bytes).first(12));
}

TEST(BugsOfOthers, ipv6_has_an_ether_type_of_its_own) {
  const Packet packet(Ethernet{} / Ipv6{} / Udp{});
  EXPECT_EQ(packet[Ethernet::type], EtherType::ipv6);
  EXPECT_TRUE(packet.has<Udp>());
}

TEST(BugsOfOthers, no_operation_is_one_and_the_header_is_counted_once) {
  const Packet packet = over_ip(Tcp{}.with(Tcp::options(Nop{}, Nop{}, Timestamps{})));
  const Packet read = again(packet);
  const auto tcp = read.find<Tcp>();
  ASSERT_EQ(tcp.header.size, 32u);
  EXPECT_EQ(tcp.header[20], 1);
  EXPECT_EQ(tcp[Tcp::data_offset], 8);
  EXPECT_EQ(packet.find<Ipv4>()[Ipv4::length], 20 + 32);
  EXPECT_EQ(packet.bytes().size, 14u + 20 + 32);
}

TEST(BugsOfOthers, an_option_is_known_by_its_kind_and_an_unknown_one_is_kept) {
  // MP_CAPABLE of RFC 8684 3.1 (kind 30), then No Operation twice and End of Option List.
  u8 bytes[36] = {0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x90, 2, 0, 0, 0, 0, 0, 0, 0x1e, 12, 0x00, 0x81, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 0, 0};
  const auto tcp = View<Tcp>::of(Bytes(bytes));
  std::vector<u32> kinds;
  for (const Element& option : tcp[Tcp::options]) kinds.push_back(option.number);
  EXPECT_EQ(kinds, (std::vector<u32>{30, 1, 1, 0}));
  EXPECT_EQ((*tcp[Tcp::options].begin()).bytes.size, 12u);
}

TEST(BugsOfOthers, options_of_ipv4_are_seen_behind_the_fixed_header) {
  const Packet packet(Ethernet{} / Ipv4{Ipv4::src = here, Ipv4::dst = there}.with(Ipv4::options(RouterAlert{RouterAlert::value = 7})) /
                      Udp{});
  const Packet read = again(packet);
  const auto ip = read.find<Ipv4>();
  EXPECT_EQ(ip[Ipv4::ihl], 6);
  const auto alert = find<RouterAlert>(ip[Ipv4::options]);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert[RouterAlert::value], 7);
  EXPECT_TRUE(read.has<Udp>());
}

TEST(BugsOfOthers, extension_headers_lead_on) {
  const Packet packet(Ethernet{} / Ipv6{} / HopByHop{}.with() / Ipv6Fragment{} / Udp{Udp::dst_port = 9});
  const Packet read = again(packet);
  EXPECT_TRUE(read.has<HopByHop>());
  EXPECT_TRUE(read.has<Ipv6Fragment>());
  ASSERT_TRUE(read.has<Udp>());
  EXPECT_EQ(read.find<Udp>()[Udp::dst_port], 9);
}

TEST(BugsOfOthers, a_capture_shorter_than_the_packet_says_is_read_as_far_as_it_goes) {
  const Packet whole = over_ip(Udp{} / Payload{"a payload that is not captured"});
  for (size_t size = 0; size < whole.bytes().size; ++size) {
    const Frame cut{.bytes = whole.bytes().first(size), .original_length = u32(whole.bytes().size)};
    const auto d = dissect(cut);
    EXPECT_EQ(d.find<Ipv4>() ? true : false, size >= 34) << size;
    for (const auto& layer : d) EXPECT_LE(layer.payload(), size);
  }
}

}  // namespace
