// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/generator.hpp"

#include <string>

namespace trawl::inline v0::filter {

Generator::Generator(const Tree& tree, Values& values, Conditions& conditions, LinkType link, bpf::Target target,
                     const CompileOptions& options, Tag tag, Shape shape)
    : tree_(tree),
      values_(values),
      conditions_(conditions),
      link_(link),
      target_(target),
      options_(options),
      tag_(tag),
      shape_(shape) {
  set_position();
}

Result<ConditionId> Generator::generate() {
  const ConditionId root = before_all(tree_.root ? node(tree_.root) : conditions_.truth(true));
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

ConditionId Generator::too_large(u32 value, u32 most, std::string_view what) {
  return fail(Reason::out_of_range, std::to_string(value) + " for " + std::string(what) + ", which is at most " + std::to_string(most));
}

// May these be asked as one list? IPv4 addresses of several kinds of packets only where no packet is of two kinds.
static bool are_alike(const Primitive& a, const Primitive& b, Scheme scheme) {
  return a.kind == b.kind && a.qualifiers.protocol == b.qualifiers.protocol && a.qualifiers.direction == b.qualifiers.direction &&
         a.transport == b.transport && !a.negated && !b.negated && scheme != Scheme::juniper &&
         (a.kind == PrimitiveKind::ipv4 || a.kind == PrimitiveKind::ipv6 || a.kind == PrimitiveKind::port ||
          (a.kind == PrimitiveKind::mac && a.qualifiers.in_set && b.qualifiers.in_set && scheme != Scheme::wlan));
}

// Addresses or ports joined by `or` that stand under the same qualifiers. False, and nothing is added, when it is anything else.
bool Generator::collect(u32 index, std::vector<const Primitive*>& list) const {
  const Node& node = tree_.nodes[index];
  const size_t before = list.size();
  if (node.kind == Node::Kind::primitive) {
    const Primitive& p = tree_.primitives[node.first];
    if (!are_alike(list.empty() ? p : *list.front(), p, position_.layout->scheme)) return false;
    list.push_back(&p);
    return true;
  }
  if (node.kind != Node::Kind::chain) return false;
  for (u32 at = node.first; at; at = tree_.nodes[at].next)
    if ((at != node.first && !tree_.nodes[at].joined_by_or) || !collect(at, list)) return list.resize(before), false;
  return true;
}

// In the order of the text: `vlan` and the like move what comes after them. Runs of `X or Y or Z` and of `not X and not Y`
// are asked as one list.
ConditionId Generator::node(u32 index) {
  const Node& first = tree_.nodes[index];
  if (first.kind == Node::Kind::primitive) return primitive(tree_.primitives[first.first]);
  if (first.kind == Node::Kind::scope) return scope(tree_.scopes[first.first]);
  if (first.kind == Node::Kind::negation) return conditions_.negate(node(first.first));
  ConditionId chain = 0;
  for (u32 at = first.first; at;) {
    const bool negated = tree_.nodes[at].kind == Node::Kind::negation, by_or = tree_.nodes[at].joined_by_or;
    const auto inside = [&](u32 operand) { return negated ? tree_.nodes[operand].first : operand; };
    std::vector<const Primitive*> alike;
    u32 next = tree_.nodes[at].next;
    ConditionId operand = 0;
    const bool starts = at == first.first || by_or != negated;  // else what is before it would bind it
    if (starts && collect(inside(at), alike)) {
      while (next && tree_.nodes[next].joined_by_or != negated && (tree_.nodes[next].kind == Node::Kind::negation) == negated &&
             collect(inside(next), alike))
        next = tree_.nodes[next].next;
      operand = negated ? conditions_.negate(list(alike)) : list(alike);
    } else {
      operand = node(at);
    }
    chain = chain ? conditions_.combine(chain, by_or, operand) : operand;
    at = next;
  }
  return chain;
}

ConditionId Generator::list(std::span<const Primitive* const> alike) {
  where_ = alike[0]->where;
  if (alike[0]->kind == PrimitiveKind::mac) return macs(alike);
  return alike[0]->kind == PrimitiveKind::port ? ports(alike) : hosts(alike);
}

ConditionId Generator::primitive(const Primitive& p) {
  where_ = p.where;
  switch (p.kind) {
    case PrimitiveKind::protocol: return protocol(p.qualifiers.protocol);
    case PrimitiveKind::ipv4:
    case PrimitiveKind::ipv6:
    case PrimitiveKind::port: {
      const Primitive* one = &p;
      return list({&one, 1});
    }
    case PrimitiveKind::mac: return mac(p.mac, p.qualifiers.direction, "this link type has no MAC addresses");
    case PrimitiveKind::octet: return octet(p.number, p.qualifiers.direction, "this link type has no addresses of one byte");
    case PrimitiveKind::decnet: return decnet(p.number, p.qualifiers.direction);
    case PrimitiveKind::number:
      return p.qualifiers.kind == Kind::protocol_chain ? protocol_chain(p.number, p.qualifiers.protocol)
                                                       : ip_protocol(p.number, p.qualifiers.protocol);
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
    case PrimitiveKind::mpls: return mpls(p);
    case PrimitiveKind::pppoed: return link_type(ether_type::pppoe_discovery);
    case PrimitiveKind::pppoes: return pppoe_session(p);
    case PrimitiveKind::geneve:
    case PrimitiveKind::vxlan: return tunnel(p);
    case PrimitiveKind::wlan: return wlan_field(p);
    case PrimitiveKind::llc: return llc(p);
    case PrimitiveKind::firewall: return firewall_log(p);
    case PrimitiveKind::atm: return atm(p);
    case PrimitiveKind::ss7: return ss7(p);
    case PrimitiveKind::field: return field(p);
    case PrimitiveKind::fragment: return fragment(p.number == 1);
  }
  return fail(Reason::not_supported, name(p.word));
}

ConditionId Generator::byte(const Primitive& p) {
  const ValueId value = header(p.number, 1);
  const auto combined = [&](u16 operation) {
    return Computed{values_.binary(operation, value, values_.constant(p.number2)), values_[value].demand};
  };
  switch (p.relation) {
    case Symbol::ampersand: return compare(combined(bpf::op::and_), Symbol::not_equal, 0);
    case Symbol::bar: return compare(combined(bpf::op::or_), Symbol::not_equal, 0);
    default: return compare({value, values_[value].demand}, p.relation, p.number2);
  }
}

}  // namespace trawl::inline v0::filter
