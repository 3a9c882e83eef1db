// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include "filter/generate/generator.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0::filter {

namespace {

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
constexpr WordNumber over_iso[] = {{Word::clnp, nlpid::clnp}, {Word::esis, nlpid::esis}, {Word::isis, nlpid::isis}};

// PDU types of IS-IS, ISO/IEC 10589 9.5 on, and the words that take them in.
constexpr struct {
  u8 type;
  std::initializer_list<Word> words;
} isis_pdus[] = {
    {15, {Word::l1, Word::iih}},
    {16, {Word::l2, Word::iih}},
    {17, {Word::l1, Word::l2, Word::iih}},
    {18, {Word::l1, Word::lsp}},
    {20, {Word::l2, Word::lsp}},
    {24, {Word::l1, Word::snp, Word::csnp}},
    {25, {Word::l2, Word::snp, Word::csnp}},
    {26, {Word::l1, Word::snp, Word::psnp}},
    {27, {Word::l2, Word::snp, Word::psnp}},
};
constexpr u32 pdu_type_bits = 0x1f;

template <size_t N> const WordNumber* find(const WordNumber (&table)[N], Word word) {
  for (const WordNumber& entry : table)
    if (entry.word == word) return &entry;
  return nullptr;
}

// The bits of one word of an address that its prefix leaves open.
u32 open_bits(const Primitive& p, unsigned word) {
  const unsigned bits = p.prefix > 32 * word ? p.prefix - 32 * word : 0;
  return bits >= 32 ? 0 : 0xffffffffu >> bits;
}

std::vector<AddressRange> address_ranges(std::span<const Primitive* const> list) {
  std::vector<AddressRange> result;
  for (const Primitive* p : list) {
    AddressRange range;
    for (unsigned word = 0; word < 4; ++word) {
      const u32 open = open_bits(*p, word);
      range.low[word] = load_be<u32>(p->address6.octet + 4 * word) & ~open;
      range.high[word] = range.low[word] | open;
    }
    result.push_back(range);
  }
  return result;
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
  return isis(word);
}

// A protocol over IPv4, where that is known already.
ConditionId Generator::ip_transport(Word word) {
  const auto* entry = find(over_both, word);
  return is(network(9, 1), (entry ? entry : find(over_ipv4, word))->number);
}

ConditionId Generator::isis(Word word) {
  ConditionId result = 0;
  for (const auto& pdu : isis_pdus) {
    if (std::ranges::find(pdu.words, word) == pdu.words.end()) continue;
    const ConditionId one = ip_protocol(pdu.type, Word::isis);
    result = result ? conditions_.any({result, one}) : one;
  }
  return result ? result : fail(Reason::not_supported, name(word));
}

// The protocol that `over` carries. Under IPv6 one fragment header is looked through, and no other.
ConditionId Generator::ip_protocol(u32 number, Word over) {
  const bool in_hdlc = position_.layout->scheme == Scheme::hdlc;  // where OSI has a byte of its own before the packet
  switch (over) {
    case Word::none: return conditions_.any({ip_protocol(number, Word::ip), ip_protocol(number, Word::ip6)});
    case Word::link: return link_type(number);
    case Word::ip: return conditions_.all({link_type(ether_type::ipv4), is(network(9, 1), number)});
    case Word::ip6: {
      const ValueId next = network(6, 1);
      const ConditionId behind = conditions_.all({is(next, ip_number::fragment), is(network(40, 1), number)});
      return conditions_.all({link_type(ether_type::ipv6), conditions_.any({is(next, number), behind})});
    }
    case Word::iso:
      if (position_.layout->scheme == Scheme::frame_relay) return frame_relay_nlpid(number);
      return conditions_.all({link_type(sap::iso), is(bare_network(in_hdlc ? 1 : 0, 1), number)});
    case Word::isis: {
      if (number > pdu_type_bits) return too_large(number, pdu_type_bits, "an IS-IS PDU type");
      const ConditionId carries = ip_protocol(nlpid::isis, Word::iso);
      return conditions_.all({carries, is(bare_network(in_hdlc ? 5 : 4, 1), number, pdu_type_bits)});
    }
    default: return fail(Reason::not_supported, name(over));
  }
}

// Addresses under a mask that is not a prefix are tested by themselves, after the others.
ConditionId Generator::ipv4_over(u32 type, u32 source, u32 destination, std::span<const Primitive* const> list) {
  const ConditionId carries = link_type(type);
  std::vector<Range> ranges;
  ConditionId odd = conditions_.truth(false);
  const auto field = [&](bool from) { return network(from ? source : destination, 4); };
  const Direction direction = list[0]->qualifiers.direction;
  for (const Primitive* p : list) {
    const u32 mask = p->number2, hosts = ~mask;
    if (mask == 0) return conditions_.all({carries, conditions_.truth(!p->negated)});  // any address: it is not even looked at
    if ((hosts & (hosts + 1)) == 0) ranges.push_back({p->number, p->number | hosts});
    else odd = conditions_.any({odd, by_direction(direction, [&](bool from) { return is(field(from), p->number, mask); })});
  }
  if (direction != Direction::both) join_ranges(ranges);
  const ConditionId match = conditions_.any({in_direction(direction, field, ranges), odd});
  return conditions_.all({carries, list[0]->negated ? conditions_.negate(match) : match});
}

ConditionId Generator::hosts(std::span<const Primitive* const> list) {
  if (list[0]->kind == PrimitiveKind::ipv6) return ipv6_hosts(list);
  const auto in_ip = [&] { return ipv4_over(ether_type::ipv4, 12, 16, list); };
  const auto in_arp = [&](u32 type) { return ipv4_over(type, 14, 24, list); };  // RFC 826, over 6-byte hardware addresses
  switch (list[0]->qualifiers.protocol) {
    case Word::ip: return in_ip();
    case Word::arp: return in_arp(ether_type::arp);
    case Word::rarp: return in_arp(ether_type::rarp);
    default: return position_.labels > 0 ? in_ip() : conditions_.any({in_ip(), in_arp(ether_type::arp), in_arp(ether_type::rarp)});
  }
}

ConditionId Generator::ipv6_at(u32 offset, const Primitive& p) {
  ConditionId result = conditions_.truth(true);
  for (unsigned word = 0; word < 4; ++word)
    result = conditions_.all({result, is(network(offset + 4 * word, 4), load_be<u32>(p.address6.octet + 4 * word), ~open_bits(p, word))});
  return result;
}

ConditionId Generator::ipv6_hosts(std::span<const Primitive* const> list) {
  const ConditionId carries = link_type(ether_type::ipv6);
  const Direction direction = list[0]->qualifiers.direction;
  if (conditions_.sets() && list.size() >= Sets::shortest && direction != Direction::both) {
    const u32 set = conditions_.sets()->add(address_ranges(list));
    const auto inside = [&](bool source) { return conditions_.in_range(values_.address(set, network_offset(source ? 8 : 24)), 1, 1); };
    return conditions_.all({carries, by_direction(direction, inside)});
  }
  ConditionId match = conditions_.truth(false);
  for (const Primitive* p : list)
    match = conditions_.any({match, by_direction(p->qualifiers.direction, [&](bool source) { return ipv6_at(source ? 8 : 24, *p); })});
  return conditions_.all({carries, match});
}

ConditionId Generator::ports_over(bool v6, u8 wanted, Direction direction, const std::vector<Range>& ports) {
  constexpr u8 transports[] = {ip_number::tcp, ip_number::udp, ip_number::sctp};
  const auto match = [&] {
    return in_direction(
        direction, [&](bool source) { return v6 ? ipv6_transport(source ? 0 : 2, 2) : ipv4_transport(source ? 0 : 2, 2); }, ports);
  };
  const auto behind = [&](ConditionId carries) {
    return v6 ? conditions_.all({carries, match()}) : conditions_.all({carries, first_fragment(), match()});
  };
  ConditionId result = conditions_.truth(false);
  for (const u8 transport : transports) {
    if (wanted && wanted != transport) continue;
    const ConditionId one = is(v6 ? ipv6_last_header() : network(9, 1), transport);
    result = conditions_.any({result, shape_ == Shape::by_transport ? behind(one) : one});
  }
  return conditions_.all({link_type(v6 ? ether_type::ipv6 : ether_type::ipv4), shape_ == Shape::by_transport ? result : behind(result)});
}

// IPv6 without extension headers; IPv4 behind its options, first fragments only.
ConditionId Generator::ports(std::span<const Primitive* const> list) {
  std::vector<Range> ranges;
  for (const Primitive* p : list) ranges.push_back({p->number, p->number2});
  const auto over = [&](bool v6) { return ports_over(v6, list[0]->transport, list[0]->qualifiers.direction, ranges); };
  return conditions_.any({over(true), over(false)});
}

}  // namespace trawl::inline v0::filter
