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
    const u32 k = values_[right.value].k;
    const Computed computed{left.value, demand};
    switch (symbol) {
      case Symbol::equal: test = conditions_.in_range(computed, k, k); break;
      case Symbol::not_equal: test = conditions_.negate(conditions_.in_range(computed, k, k)); break;
      case Symbol::greater: test = conditions_.negate(conditions_.in_range(computed, 0, k)); break;
      case Symbol::at_most: test = conditions_.in_range(computed, 0, k); break;
      case Symbol::at_least:
        test = k == 0 ? conditions_.in_range(computed, 0, 0xffffffff) : conditions_.negate(conditions_.in_range(computed, 0, k - 1));
        break;
      default: test = k == 0 ? conditions_.in_range(computed, 1, 0) : conditions_.in_range(computed, 0, k - 1);
    }
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
  ValueId value = 0;
  switch (term.protocol) {
    case Word::link: value = values_.indexed(index.value, 0, term.size); break;
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
      require(protocol(term.protocol));
      require(first_fragment());
      const ValueId header = values_.header(payload_offset_);
      value = values_.indexed(values_.binary(op::add, header, index.value), payload_offset_, term.size);
      index.demand = index.demand | values_[header].demand;
      break;
    }
    case Word::icmp6:
      require(link_type(ether_type::ipv6));
      require(conditions_.equals(payload(6, 1), 58));
      value = values_.indexed(index.value, payload_offset_ + 40, term.size);
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
      value = values_.indexed(index.value, payload_offset_, term.size);
      break;
    default: fail(Reason::not_supported, name(term.protocol));
  }
  return {value, index.demand | values_[value].demand};
}

}  // namespace trawl::inline v0::filter
