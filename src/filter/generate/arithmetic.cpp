// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <utility>

#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {

u16 alu_operation(Symbol symbol) {
  switch (symbol) {
    case Symbol::plus: return op::add;
    case Symbol::minus: return op::sub;
    case Symbol::star: return op::mul;
    case Symbol::slash: return op::div;
    case Symbol::percent: return op::mod;
    case Symbol::ampersand: return op::and_;
    case Symbol::bar: return op::or_;
    case Symbol::caret: return op::xor_;
    case Symbol::left_shift: return op::lsh;
    default: return op::rsh;
  }
}

Symbol mirrored(Symbol relation) {
  switch (relation) {
    case Symbol::less: return Symbol::greater;
    case Symbol::greater: return Symbol::less;
    case Symbol::at_least: return Symbol::at_most;
    case Symbol::at_most: return Symbol::at_least;
    default: return relation;
  }
}

void lowest_term(const Tree& tree, u32 index, u32& lowest) {
  // Terms stand in the order in which they were read, operands before operators: those of a relation are neighbours.
  while (index) {
    lowest = index < lowest ? index : lowest;
    index = tree.terms[index - 1].left;
  }
}

}  // namespace

ConditionId Generator::relation(const Primitive& p) {
  u32 first = p.left;
  lowest_term(tree_, p.left, first);
  const ConditionId outer = std::exchange(required_, 0);
  std::vector<Computed> terms(p.right - first + 1);
  for (u32 i = first; i <= p.right; ++i) {
    const Term& term = tree_.terms[i - 1];
    const auto at = [&](u32 index) { return index ? terms[index - first] : Computed{}; };
    const std::vector<Computed> operands{at(term.left), at(term.right)};
    terms[i - first] = compute(term, operands);
  }
  Computed left = terms[p.left - first], right = terms[p.right - first];
  const Demand demand = left.demand | right.demand;
  Symbol symbol = p.relation;
  if (values_.is_constant(left.value) && !values_.is_constant(right.value)) std::swap(left, right), symbol = mirrored(symbol);

  ConditionId test = 0;
  if (values_.is_constant(right.value)) {
    test = compare({left.value, demand}, symbol, values_[right.value].k);
  } else {
    const bool swapped = symbol == Symbol::less || symbol == Symbol::at_most;
    if (swapped) std::swap(left, right), symbol = mirrored(symbol);
    const u16 operation = symbol == Symbol::greater ? op::jgt : symbol == Symbol::at_least ? op::jge : op::jeq;
    const ValueId compared = values_.compare(operation, left.value, right.value);
    test = conditions_.in_range(Computed{compared, demand | values_[compared].demand}, 1, 1);
    if (symbol == Symbol::not_equal) test = conditions_.negate(test);
  }
  const ConditionId checks = std::exchange(required_, outer);
  return checks ? conditions_.all({checks, test}) : test;
}

ConditionId Generator::compare(Computed left, Symbol relation, u32 k) {
  const auto up_to = [&](u32 high) { return conditions_.in_range(left, 0, high); };
  switch (relation) {
    case Symbol::equal: return conditions_.in_range(left, k, k);
    case Symbol::not_equal: return conditions_.negate(conditions_.in_range(left, k, k));
    case Symbol::greater: return conditions_.negate(up_to(k));
    case Symbol::at_most: return up_to(k);
    case Symbol::at_least: return k == 0 ? up_to(~u32{}) : conditions_.negate(up_to(k - 1));
    default: return k == 0 ? conditions_.in_range(left, 1, 0) : up_to(k - 1);
  }
}

Computed Generator::compute(const Term& term, const std::vector<Computed>& operands) {
  const Computed &left = operands[0], &right = operands[1];
  ValueId value = 0;
  switch (term.kind) {
    case Term::Kind::number: value = values_.constant(term.number); break;
    case Term::Kind::length: value = values_.length(); break;
    case Term::Kind::negate: value = values_.negate(left.value); break;
    case Term::Kind::binary: value = values_.binary(alu_operation(term.operation), left.value, right.value); break;
    case Term::Kind::load: where_ = term.where; return indexed(term, left);
  }
  return {value, left.demand | right.demand | values_[value].demand};
}

void Generator::require(ConditionId check) { required_ = required_ ? conditions_.all({required_, check}) : check; }

Computed Generator::indexed(const Term& term, Computed index) {
  // Demands in the order in which things are asked: where the header is, then the index.
  const auto behind = [&](ValueId base, u32 offset) {
    return values_.indexed(values_.binary(op::add, base, index.value), offset, term.size);
  };
  const auto at_place = [&](const Place& place) {
    return place.is_variable() ? behind(place.base, place.offset) : values_.indexed(index.value, place.offset, term.size);
  };
  const auto in_network = [&](u32 offset) {
    payload_used_ = true;
    return at_place(position_.payload + (position_.network + offset));
  };
  ValueId value = 0;
  switch (term.protocol) {
    case Word::radio:
      if (position_.layout->prefix == Prefix::none || position_.layout->prefix == Prefix::ppi || position_.layout->prefix == Prefix::pflog)
        fail(Reason::not_supported, "there is no radio header on this link type");
      value = values_.indexed(index.value, 0, term.size);
      break;
    case Word::link:
      header_used_ = true;
      value = at_place(position_.header);
      break;
    case Word::tcp:
    case Word::udp:
    case Word::sctp:
    case Word::icmp:
    case Word::igmp:
    case Word::igrp:
    case Word::pim:
    case Word::vrrp:
    case Word::carp: {
      const ConditionId ip = link_type(ether_type::ipv4);
      if (required_) required_ = conditions_.all({ip, required_});
      else require(ip);
      require(ip_transport(term.protocol));
      require(first_fragment());
      const ValueId start = ipv4_transport();
      value = behind(start, position_.payload.offset + position_.network);
      index.demand = index.demand | values_[start].demand;
      break;
    }
    case Word::icmp6:
      require(link_type(ether_type::ipv6));
      require(is(network(6, 1), ip_number::icmpv6));
      value = in_network(40);
      break;
    case Word::ip:
    case Word::ip6:
    case Word::arp:
    case Word::rarp:
    case Word::atalk:
    case Word::decnet:
    case Word::lat:
    case Word::sca:
    case Word::moprc:
    case Word::mopdl:
      require(protocol(term.protocol));
      value = in_network(0);
      break;
    default: fail(Reason::not_supported, name(term.protocol));
  }
  return {value, index.demand | values_[value].demand};
}

}  // namespace trawl::inline v0::filter
