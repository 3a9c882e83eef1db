// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {
constexpr struct {
  Word protocol;
  u32 number;
  bool over_ipv4, over_ipv6;
} transports[] = {{Word::tcp, 6, true, true},
                  {Word::udp, 17, true, true},
                  {Word::sctp, 132, true, true},
                  {Word::icmp, 1, true, false},
                  {Word::icmp6, 58, false, true}};
constexpr unsigned deepest_tags = 2;
}  // namespace

// The field's value in the range that was asked for, where its bytes begin at `at(0, 1)`.
template <class At> ConditionId Generator::field_in(const FieldTest& test, At at) {
  const wire::FieldInfo& field = *test.field.info;
  u32 first = field.bit / 8u;
  const u32 last = (field.bit + field.width - 1u) / 8u;
  u8 size = u8(last - first + 1);
  if (size == 3) size = 4, first -= first > 0;
  const u32 below = (first + size) * 8 - (field.bit + field.width);
  ValueId value = values_.binary(op::rsh, at(first, size), values_.constant(below));
  if (field.width < 32) value = values_.binary(op::and_, value, values_.constant((1u << field.width) - 1));
  std::vector<Range> ranges;
  for (const Range& shown : test.ranges) {
    const u32 unit = std::max<u32>(field.say.times, 1);
    const u32 low = (shown.low + unit - 1) / unit, high = shown.high / unit;
    if (low <= high) ranges.push_back({low, high});
  }
  const ConditionId inside = conditions_.in_any(value, std::move(ranges));
  return test.negated ? conditions_.negate(inside) : inside;
}

ConditionId Generator::field(const Primitive& p) {
  const FieldTest& test = tree_.fields[p.number];
  const Word protocol = test.field.protocol;
  const auto in_network = [this](u32 offset, u8 size) { return network(offset, size); };
  if (protocol == Word::link) {
    if (position_.layout->scheme != Scheme::ethernet) return fail(Reason::not_supported, "this is a field of Ethernet");
    return field_in(test, [this](u32 offset, u8 size) { return header(offset, size); });
  }
  if (protocol == Word::ip) return conditions_.all({link_type(ether_type::ipv4), field_in(test, in_network)});
  if (protocol == Word::ip6) return conditions_.all({link_type(ether_type::ipv6), field_in(test, in_network)});
  if (protocol == Word::arp) return conditions_.all({link_type(ether_type::arp), field_in(test, in_network)});
  ConditionId result = conditions_.truth(false);
  for (const auto& transport : transports) {
    if (transport.protocol != protocol) continue;
    if (transport.over_ipv6) {
      const ConditionId carries = conditions_.all({link_type(ether_type::ipv6), is(ipv6_last_header(), transport.number)});
      result = conditions_.all({carries, field_in(test, [this](u32 offset, u8 size) { return ipv6_transport(offset, size); })});
    }
    if (transport.over_ipv4) {
      const ConditionId carries = conditions_.all({link_type(ether_type::ipv4), is(network(9, 1), transport.number), first_fragment()});
      const ConditionId matches = field_in(test, [this](u32 offset, u8 size) { return ipv4_transport(offset, size); });
      result = conditions_.any({result, conditions_.all({carries, matches})});
    }
  }
  return result;
}

// RFC 791 3.1: bit "more fragments" and an offset. RFC 8200 4.5: the same in a header of its own, which is looked for right
// behind the IPv6 header.
ConditionId Generator::fragment(bool later) {
  const auto asked = [&](ValueId field, u32 offset, u32 more) {
    const ConditionId at_start = is(field, 0, offset);
    return later ? conditions_.negate(at_start) : conditions_.all({bits(field, more), at_start});
  };
  const ConditionId v4 = conditions_.all({link_type(ether_type::ipv4), asked(network(6, 2), 0x1fff, 0x2000)});
  const ConditionId has_header = is(network(6, 1), ip_number::fragment);
  const ConditionId v6 = conditions_.all({link_type(ether_type::ipv6), has_header, asked(network(42, 2), 0xfff8, 0x0001)});
  return conditions_.any({v4, v6});
}

// What is inside looks behind the opening word, and what comes after the scope looks where it did before.
ConditionId Generator::scope(const Scope& scope) {
  const Position before = position_;
  const Tag tag = tag_;
  const bool was_deep = std::exchange(deep_, deep_ || scope.kind == Scope::Kind::any);
  ConditionId result = 0;
  switch (scope.kind) {
    case Scope::Kind::inside: {
      const ConditionId opening = node(scope.opening);
      result = conditions_.all({opening, node(scope.inside)});
      break;
    }
    case Scope::Kind::outer:
      set_position();
      result = node(scope.inside);
      break;
    case Scope::Kind::any: {
      result = node(scope.inside);
      ConditionId tagged = conditions_.truth(true);
      for (unsigned tags = 1; tags <= deepest_tags && before.layout->vlan; ++tags) {
        position_ = before, tag_ = tag;
        tagged = conditions_.truth(true);
        for (unsigned i = 0; i < tags; ++i) tagged = conditions_.all({tagged, vlan({.kind = PrimitiveKind::vlan})});
        result = conditions_.any({result, conditions_.all({tagged, node(scope.inside)})});
      }
      break;
    }
  }
  deep_ = was_deep;
  position_ = before, tag_ = tag;
  return result;
}

}  // namespace trawl::inline v0::filter
