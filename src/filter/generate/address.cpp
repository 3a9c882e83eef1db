// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <map>

#include "filter/generate/generator.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0::filter {

ConditionId Generator::mac_at(u32 offset, const MacAddress& address) {
  return conditions_.all({is(header(offset + 2, 4), load_be<u32>(address.octet + 2)), is(header(offset, 2), load_be<u16>(address.octet))});
}

ConditionId Generator::mac(const MacAddress& address, Direction direction, std::string_view what) {
  const LinkLayout& layout = *position_.layout;
  if (layout.scheme == Scheme::wlan) return wlan_mac(address, direction);
  if (layout.source == LinkLayout::no_address || layout.address_size != 6) return fail(Reason::not_supported, what);
  const ConditionId match =
      by_direction(direction, [&](bool source) { return mac_at(source ? layout.source : layout.destination, address); });
  return layout.scheme == Scheme::ethernet ? conditions_.all({not_in_control(), match}) : match;
}

// A set, by the first two bytes and what may stand behind them: the cards of a network are of few makers.
ConditionId Generator::macs(std::span<const Primitive* const> list) {
  constexpr std::string_view what = "this link type has no MAC addresses";
  const LinkLayout& layout = *position_.layout;
  const Direction direction = list[0]->qualifiers.direction;
  if (list.size() == 1 || layout.source == LinkLayout::no_address || layout.address_size != 6) return mac(list[0]->mac, direction, what);
  std::map<u32, std::vector<Range>> by_maker;
  for (const Primitive* p : list) {
    const u32 rest = load_be<u32>(p->mac.octet + 2);
    by_maker[load_be<u16>(p->mac.octet)].push_back({rest, rest});
  }
  const ConditionId match = by_direction(direction, [&](bool source) {
    const u32 offset = source ? layout.source : layout.destination;
    ConditionId any = conditions_.truth(false);
    for (const auto& [maker, rest] : by_maker)
      any = conditions_.any({any, conditions_.all({is(header(offset, 2), maker), conditions_.in_any(header(offset + 2, 4), rest)})});
    return any;
  });
  return layout.scheme == Scheme::ethernet ? conditions_.all({not_in_control(), match}) : match;
}

ConditionId Generator::octet(u32 address, Direction direction, std::string_view what) {
  const LinkLayout& layout = *position_.layout;
  if (layout.source == LinkLayout::no_address || layout.address_size != 1) return fail(Reason::not_supported, what);
  return by_direction(direction, [&](bool source) { return is(header(source ? layout.source : layout.destination, 1), address); });
}

// In a tunnel, that it carries Ethernet; in LAN emulation, that it is no control frame.
ConditionId Generator::not_in_control() {
  if (position_.encapsulated) {
    const auto start = [&](const Place& place) {
      const ValueId offset = values_.constant(place.offset);
      return place.is_variable() ? values_.binary(bpf::op::add, place.base, offset) : offset;
    };
    const ValueId same = values_.compare(bpf::op::jeq, start(position_.header), start(position_.payload));
    return conditions_.in_range(same, 0, 0);
  }
  constexpr u32 lane_control = 0xff00;
  if (position_.before->scheme == Scheme::atm) return conditions_.negate(is(at(position_.header_before, 4, 2), lane_control));
  return conditions_.truth(true);
}

ConditionId Generator::broadcast(const Primitive& p) {
  if (p.qualifiers.protocol != Word::ip) {
    if (position_.layout->address_size == 1)
      return octet(position_.layout->scheme == Scheme::arcnet ? 0 : 0xff, Direction::destination, "'broadcast' on this link type");
    return mac(MacAddress::broadcast(), Direction::destination, "'broadcast' on this link type");
  }
  if (!options_.netmask) return fail(Reason::needs_netmask, "ip broadcast");
  const u32 host_bits = ~load_be<u32>(options_.netmask->octet);
  const ConditionId ip = link_type(ether_type::ipv4);
  const ValueId destination = network(16, 4);
  return conditions_.all({ip, conditions_.any({is(destination, 0, host_bits), is(destination, host_bits, host_bits)})});
}

ConditionId Generator::multicast(const Primitive& p) {
  if (p.qualifiers.protocol == Word::ip) return conditions_.all({link_type(ether_type::ipv4), is(network(16, 1), 0xe0, 0xf0)});
  if (p.qualifiers.protocol == Word::ip6) return conditions_.all({link_type(ether_type::ipv6), is(network(24, 1), 0xff)});
  const LinkLayout& layout = *position_.layout;
  if (layout.scheme == Scheme::wlan) return wlan_multicast();
  if (layout.scheme == Scheme::arcnet) return octet(0, Direction::destination, {});
  if (layout.source == LinkLayout::no_address || layout.address_size != 6)
    return fail(Reason::not_supported, "'multicast' on this link type");
  const ConditionId group = group_bit(layout.destination);
  return layout.scheme == Scheme::ethernet ? conditions_.all({not_in_control(), group}) : group;
}

// DECnet phase IV addresses, low byte first, in headers of the long and the short format, both with or without a byte of
// padding that is 81. Lengths come first, two bytes.
ConditionId Generator::decnet_at(u32 address, bool source) {
  const u32 swapped = (address & 0xff) << 8 | address >> 8;
  const u32 in_short = source ? 3 : 1, in_long = source ? 15 : 7;
  const ConditionId short_plain = source ? conditions_.all({is(network(2, 1), 0x02, 0x07), is(network(2 + in_short, 2), swapped)})
                                         : is(network(2, 4), 0x02000000 | swapped << 8, 0x07ffff00);
  const ConditionId short_padded = source ? conditions_.all({is(network(2, 2), 0x8102, 0xff07), is(network(3 + in_short, 2), swapped)})
                                          : is(network(2, 4), 0x81020000 | swapped, 0xff07ffff);
  const ConditionId long_plain = conditions_.all({is(network(2, 1), 0x06, 0x07), is(network(2 + in_long, 2), swapped)});
  const ConditionId long_padded = conditions_.all({is(network(2, 2), 0x8106, 0xff07), is(network(3 + in_long, 2), swapped)});
  return conditions_.any({short_plain, short_padded, long_plain, long_padded});
}

ConditionId Generator::decnet(u32 address, Direction direction) {
  const ConditionId carries = link_type(ether_type::decnet);
  return conditions_.all({carries, by_direction(direction, [&](bool source) { return decnet_at(address, source); })});
}

}  // namespace trawl::inline v0::filter
