// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/generator.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0::filter {

namespace {

constexpr u32 next_fragment = 44;  // IPv6's fragment header, RFC 8200 4.5

struct WordNumber {
  Word word;
  u32 number;
};
constexpr WordNumber over_both[] = {{Word::tcp, 6}, {Word::udp, 17}, {Word::sctp, 132}, {Word::pim, 103}, {Word::ah, 51}, {Word::esp, 50}};
constexpr WordNumber over_ipv4[] = {{Word::icmp, 1}, {Word::igmp, 2}, {Word::igrp, 9}, {Word::vrrp, 112}, {Word::carp, 112}};
constexpr WordNumber link_types[] = {
    {Word::ip, ether_type::ipv4},
    {Word::arp, ether_type::arp},
    {Word::rarp, ether_type::rarp},
    {Word::ip6, ether_type::ipv6},
    {Word::atalk, ether_type::appletalk},
    {Word::aarp, ether_type::aarp},
    {Word::decnet, ether_type::decnet},
    {Word::lat, ether_type::lat},
    {Word::sca, ether_type::sca},
    {Word::moprc, ether_type::mop_console},
    {Word::mopdl, ether_type::mop_dump},
    {Word::iso, sap::iso},
    {Word::stp, sap::stp},
    {Word::ipx, sap::ipx},
    {Word::netbeui, sap::netbeui},
};
constexpr WordNumber over_iso[] = {{Word::clnp, 0x81}, {Word::esis, 0x82}, {Word::isis, 0x83}};  // ISO/IEC 9577

template <size_t N> const WordNumber* find(const WordNumber (&table)[N], Word word) {
  for (const WordNumber& entry : table)
    if (entry.word == word) return &entry;
  return nullptr;
}

}  // namespace

ConditionId Generator::protocol(Word word) {
  if (const auto* entry = find(over_both, word)) {
    const ConditionId v6 = ip_protocol(entry->number, Word::ip6);
    return conditions_.any({v6, ip_protocol(entry->number, Word::ip)});
  }
  if (const auto* entry = find(over_ipv4, word)) return ip_protocol(entry->number, Word::ip);
  if (word == Word::icmp6) return ip_protocol(58, Word::ip6);
  if (const auto* entry = find(link_types, word)) return link_type(entry->number);
  if (const auto* entry = find(over_iso, word)) return ip_protocol(entry->number, Word::iso);
  return fail(Reason::not_supported, name(word));
}

// The protocol that `over` carries. Under IPv6 one fragment header is looked through, and no other.
ConditionId Generator::ip_protocol(u32 number, Word over) {
  switch (over) {
    case Word::none: {
      const ConditionId v4 = ip_protocol(number, Word::ip);
      return conditions_.any({v4, ip_protocol(number, Word::ip6)});
    }
    case Word::link: return link_type(number);
    case Word::ip: {
      const ConditionId ip = link_type(ether_type::ipv4);
      return conditions_.all({ip, conditions_.equals(payload(9, 1), number)});
    }
    case Word::ip6: {
      const ConditionId ip6 = link_type(ether_type::ipv6);
      const ValueId next = payload(6, 1);
      const ConditionId behind = conditions_.all({conditions_.equals(next, next_fragment), conditions_.equals(payload(40, 1), number)});
      return conditions_.all({ip6, conditions_.any({conditions_.equals(next, number), behind})});
    }
    case Word::iso: {
      const ConditionId iso = link_type(sap::iso);
      return conditions_.all({iso, conditions_.equals(payload(3, 1), number)});  // behind the LLC header
    }
    default: return fail(Reason::not_supported, name(over));
  }
}

template <class At> ConditionId Generator::by_direction(Direction direction, At at) {
  constexpr bool source = true, destination = false;
  switch (direction) {
    case Direction::source: return at(source);
    case Direction::destination: return at(destination);
    case Direction::both:
    case Direction::either: {
      const ConditionId first = at(source), second = at(destination);
      return direction == Direction::both ? conditions_.all({first, second}) : conditions_.any({first, second});
    }
    default: return fail(Reason::not_supported, "802.11 addresses");
  }
}

ConditionId Generator::ipv4_over(u32 type, u32 source, u32 destination, const Primitive& p) {
  return by_direction(p.qualifiers.direction, [&](bool from) {
    const ConditionId carries = link_type(type);
    if (p.number2 == 0) return carries;  // any address: it is not even looked at
    return conditions_.all({carries, conditions_.equals(payload(from ? source : destination, 4), p.number, p.number2)});
  });
}

ConditionId Generator::host(const Primitive& p) {
  if (p.kind == PrimitiveKind::ipv6) return ipv6_host(p);
  const auto in_ip = [&] { return ipv4_over(ether_type::ipv4, 12, 16, p); };
  const auto in_arp = [&](u32 type) { return ipv4_over(type, 14, 24, p); };  // RFC 826, over 6-byte hardware addresses
  switch (p.qualifiers.protocol) {
    case Word::ip: return in_ip();
    case Word::arp: return in_arp(ether_type::arp);
    case Word::rarp: return in_arp(ether_type::rarp);
    default: {
      const ConditionId ip = in_ip(), arp = in_arp(ether_type::arp);
      return conditions_.any({ip, arp, in_arp(ether_type::rarp)});
    }
  }
}

ConditionId Generator::ipv6_at(u32 offset, const Primitive& p) {
  ConditionId result = link_type(ether_type::ipv6);
  for (unsigned word = 0; word < 4; ++word) {
    const unsigned bits = p.prefix > 32 * word ? p.prefix - 32 * word : 0;
    const u32 mask = bits >= 32 ? 0xffffffff : bits == 0 ? 0 : 0xffffffff << (32 - bits);
    if (mask == 0) break;
    result = conditions_.all({result, conditions_.equals(payload(offset + 4 * word, 4), load_be<u32>(p.address6.octet + 4 * word), mask)});
  }
  return result;
}

ConditionId Generator::ipv6_host(const Primitive& p) {
  return by_direction(p.qualifiers.direction, [&](bool source) { return ipv6_at(source ? 8 : 24, p); });
}

ConditionId Generator::first_fragment() { return conditions_.equals(payload(6, 2), 0, 0x1fff); }

// IPv6 without extension headers; IPv4 behind its options, first fragments only.
ConditionId Generator::ports(const Primitive& p) {
  constexpr u32 transports[] = {6, 17, 132};
  const auto each = [&](bool v6) {
    ConditionId result = 0;
    for (const u32 transport_number : transports) {
      if (p.transport && p.transport != transport_number) continue;
      ConditionId carries = conditions_.equals(payload(v6 ? 6 : 9, 1), transport_number);
      if (!v6) carries = conditions_.all({carries, first_fragment()});
      const ConditionId match = by_direction(p.qualifiers.direction, [&](bool source) {
        const u32 offset = source ? 0 : 2;
        return conditions_.in_range(v6 ? payload(40 + offset, 2) : transport(offset, 2), p.number, p.number2);
      });
      const ConditionId both = conditions_.all({carries, match});
      result = result ? conditions_.any({result, both}) : both;
    }
    return result;
  };
  const ConditionId ip6 = link_type(ether_type::ipv6), over_v6 = conditions_.all({ip6, each(true)});
  const ConditionId ip = link_type(ether_type::ipv4), over_v4 = conditions_.all({ip, each(false)});
  return conditions_.any({over_v6, over_v4});
}

}  // namespace trawl::inline v0::filter
