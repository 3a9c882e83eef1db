// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Linux cooked captures, tcpdump.org LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct SllPacketTypes { enum Number : u16 { to_us = 0, broadcast = 1, multicast = 2, to_other = 3, outgoing = 4 }; };
using SllPacketType = SllPacketTypes::Number;
inline constexpr ValueName sll_packet_type_names[] = {{0, "Unicast to us"}, {1, "Broadcast"}, {2, "Multicast"}, {3, "Unicast to another host"}, {4, "Sent by us"}};
template <> inline constexpr Space space<SllPacketType>{"SllPacketType", sll_packet_type_names};

struct Sll : Layer<Sll, 16> {
  static constexpr auto name = "sll";
  static constexpr auto title = "Linux cooked capture v1";
  static constexpr Field<SllPacketType, 0> packet_type {"pkttype", "tcpdump.org LINKTYPE_LINUX_SLL"};
  static constexpr Field<u16, 16>       hardware_type  {"hatype",  "tcpdump.org LINKTYPE_LINUX_SLL", {.initial = 1}};
  static constexpr Field<u16, 32>       address_length {"halen",   "tcpdump.org LINKTYPE_LINUX_SLL", {.initial = 6}};
  static constexpr Field<MacAddress, 48> src           {"src.eth", "tcpdump.org LINKTYPE_LINUX_SLL"};
  static constexpr Field<Octets<2>, 96> unused         {"unused",  "tcpdump.org LINKTYPE_LINUX_SLL"};
  static constexpr Field<EtherType, 112> protocol      {"etype",   "tcpdump.org LINKTYPE_LINUX_SLL", {.show = Show::hex}};
  static constexpr auto fields = cover<16>(packet_type, hardware_type, address_length, src, unused, protocol);

  static constexpr auto numbers = at(LinkType::linux_sll);
  static constexpr Rules rules {.next = protocol, .via = "ethertype"};
  using Layer::Layer;
};

struct Sll2 : Layer<Sll2, 20> {
  static constexpr auto name = "sll";
  static constexpr auto title = "Linux cooked capture v2";
  static constexpr Field<EtherType, 0>  protocol       {"etype",   "tcpdump.org LINKTYPE_LINUX_SLL2", {.show = Show::hex}};
  static constexpr Field<u16, 16>       reserved       {"reserved", "tcpdump.org LINKTYPE_LINUX_SLL2"};
  static constexpr Field<u32, 32>       interface      {"ifindex", "tcpdump.org LINKTYPE_LINUX_SLL2"};
  static constexpr Field<u16, 64>       hardware_type  {"hatype",  "tcpdump.org LINKTYPE_LINUX_SLL2", {.initial = 1}};
  static constexpr Field<u8, 80>        packet_type    {"pkttype", "tcpdump.org LINKTYPE_LINUX_SLL2"};
  static constexpr Field<u8, 88>        address_length {"halen",   "tcpdump.org LINKTYPE_LINUX_SLL2", {.initial = 6}};
  static constexpr Field<MacAddress, 96> src           {"src.eth", "tcpdump.org LINKTYPE_LINUX_SLL2"};
  static constexpr Field<Octets<2>, 144> unused        {"unused",  "tcpdump.org LINKTYPE_LINUX_SLL2"};
  static constexpr auto fields = cover<20>(protocol, reserved, interface, hardware_type, packet_type, address_length, src, unused);

  static constexpr auto numbers = at(LinkType::linux_sll2);
  static constexpr Rules rules {.next = protocol, .via = "ethertype"};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
