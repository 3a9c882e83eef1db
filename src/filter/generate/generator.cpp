// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/generator.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0::filter {

namespace {
constexpr u32 outgoing = 4;  // linux/if_packet.h PACKET_OUTGOING
}

Generator::Generator(const Tree& tree, Values& values, Conditions& conditions, LinkType link, bpf::Target target,
                     const CompileOptions& options, Tag tag)
    : tree_(tree),
      values_(values),
      conditions_(conditions),
      layout_(layout_of(link)),
      target_(target),
      options_(options),
      type_offset_(layout_.type_offset),
      payload_offset_(layout_.payload_offset),
      tag_(tag) {}

Result<ConditionId> Generator::generate() {
  const ConditionId root = tree_.root ? node(tree_.root) : conditions_.truth(true);
  if (error_.reason != Reason::none) return std::unexpected(error_);
  return root;
}

ConditionId Generator::fail(Reason reason, std::string_view detail) {
  if (error_.reason == Reason::none) {
    error_.operation = Operation::compile_filter, error_.reason = reason;
    error_.at_column(where_.column, where_.length).with(detail);
  }
  return conditions_.truth(false);
}

// In the order of the text: `vlan` moves what comes after it.
ConditionId Generator::node(u32 index) {
  const Node& node = tree_.nodes[index];
  switch (node.kind) {
    case Node::Kind::primitive: return primitive(tree_.primitives[node.first]);
    case Node::Kind::negation: return conditions_.negate(this->node(node.first));
    case Node::Kind::chain: break;
  }
  const ConditionId chain = conditions_.chain(this->node(node.first));
  for (u32 at = tree_.nodes[node.first].next; at; at = tree_.nodes[at].next)
    conditions_.append(chain, tree_.nodes[at].joined_by_or, this->node(at));
  return chain;
}

ConditionId Generator::primitive(const Primitive& p) {
  where_ = p.where;
  switch (p.kind) {
    case PrimitiveKind::protocol: return protocol(p.qualifiers.protocol);
    case PrimitiveKind::ipv4:
    case PrimitiveKind::ipv6: return host(p);
    case PrimitiveKind::mac:
      if (!layout_.has_mac) return fail(Reason::not_supported, "this link type has no MAC addresses");
      return mac(p.mac, p.qualifiers.direction);
    case PrimitiveKind::port: return ports(p);
    case PrimitiveKind::number:
      if (p.qualifiers.kind == Kind::protocol_chain) return fail(Reason::not_supported, "'protochain'");
      return ip_protocol(p.number, p.qualifiers.protocol);
    case PrimitiveKind::broadcast: return broadcast(p);
    case PrimitiveKind::multicast: return multicast(p);
    case PrimitiveKind::less: return length(0, p.number);
    case PrimitiveKind::greater: return length(p.number, 0xffffffff);
    case PrimitiveKind::byte: return byte(p);
    case PrimitiveKind::relation: return relation(p);
    case PrimitiveKind::inbound: return direction(false);
    case PrimitiveKind::outbound: return direction(true);
    case PrimitiveKind::ifindex: return interface_index(p.number);
    case PrimitiveKind::vlan: return vlan(p);
    default: return fail(Reason::not_supported, name(p.word));
  }
}

ConditionId Generator::broadcast(const Primitive& p) {
  if (p.qualifiers.protocol != Word::ip) {
    if (!layout_.has_mac) return fail(Reason::not_supported, "this link type has no MAC addresses");
    return mac(MacAddress::broadcast(), Direction::destination);
  }
  if (!options_.netmask) return fail(Reason::needs_netmask, "ip broadcast");
  const u32 host_bits = ~load_be<u32>(options_.netmask->octet);
  const ConditionId ip = link_type(ether_type::ipv4);
  const ValueId destination = payload(16, 4);
  const ConditionId zeros = conditions_.equals(destination, 0, host_bits), ones = conditions_.equals(destination, host_bits, host_bits);
  return conditions_.all({ip, conditions_.any({zeros, ones})});
}

ConditionId Generator::multicast(const Primitive& p) {
  if (p.qualifiers.protocol == Word::ip) {
    const ConditionId ip = link_type(ether_type::ipv4);
    return conditions_.all({ip, conditions_.equals(payload(16, 1), 0xe0, 0xf0)});
  }
  if (p.qualifiers.protocol == Word::ip6) {
    const ConditionId ip6 = link_type(ether_type::ipv6);
    return conditions_.all({ip6, conditions_.equals(payload(24, 1), 0xff)});
  }
  if (!layout_.has_mac) return fail(Reason::not_supported, "this link type has no MAC addresses");
  return conditions_.equals(values_.load(0, 1), 1, 1);
}

ConditionId Generator::direction(bool outbound) {
  ConditionId out = 0;
  if (layout_.packet_type_offset >= 0)
    out = conditions_.equals(values_.load(u32(layout_.packet_type_offset), layout_.packet_type_size), outgoing);
  else if (target_ == bpf::Target::live) out = conditions_.equals(values_.ancillary(bpf::ancillary::packet_type), outgoing);
  else return fail(Reason::needs_live_capture, outbound ? "outbound" : "inbound");
  return outbound ? out : conditions_.negate(out);
}

ConditionId Generator::interface_index(u32 index) {
  if (layout_.ifindex_offset >= 0) return conditions_.equals(values_.load(u32(layout_.ifindex_offset), 4), index);
  if (target_ == bpf::Target::live) return conditions_.equals(values_.ancillary(bpf::ancillary::interface_index), index);
  return fail(Reason::needs_live_capture, "ifindex");
}

ConditionId Generator::vlan(const Primitive& p) {
  if (!layout_.has_vlan) return fail(Reason::not_supported, "this link type has no VLAN tags");
  constexpr u32 id_bits = 0xfff;
  if (tag_ == Tag::in_metadata) {
    tag_ = Tag::in_bytes;
    return p.has_number ? conditions_.equals(values_.ancillary(bpf::ancillary::vlan_tag), p.number, id_bits) : conditions_.truth(true);
  }
  const ConditionId customer = link_type(ether_type::vlan), service = link_type(ether_type::service_vlan),
                    old = link_type(ether_type::qinq);
  ConditionId result = conditions_.any({customer, service, old});
  if (p.has_number) result = conditions_.all({result, conditions_.equals(payload(0, 2), p.number, id_bits)});
  type_offset_ += 4, payload_offset_ += 4;
  return result;
}

ConditionId Generator::byte(const Primitive& p) {
  const ValueId value = values_.load(p.number, 1);
  const auto of = [&](u16 operation) {
    const ValueId combined = values_.binary(operation, value, values_.constant(p.number2));
    return conditions_.negate(conditions_.in_range(Computed{combined, values_[value].demand}, 0, 0));
  };
  switch (p.relation) {
    case Symbol::equal: return conditions_.equals(value, p.number2);
    case Symbol::greater: return conditions_.negate(conditions_.in_range(value, 0, p.number2));
    case Symbol::less: return p.number2 == 0 ? conditions_.in_range(value, 1, 0) : conditions_.in_range(value, 0, p.number2 - 1);
    case Symbol::ampersand: return of(bpf::op::and_);
    default: return of(bpf::op::or_);
  }
}

}  // namespace trawl::inline v0::filter
