// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/value.hpp"

#include <algorithm>
#include <bit>

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {

constexpr u32 size_max(u8 size) { return size == 1 ? 0xff : size == 2 ? 0xffff : 0xffffffff; }
constexpr u32 ones_up_to(u32 value) { return value == 0 ? 0 : 0xffffffffu >> std::countl_zero(value); }

size_t hash(const Value& v) {
  u64 h = u64(v.kind) | u64{v.size} << 8 | u64{v.operation} << 16 | u64{v.k} << 32;
  h = (h ^ (u64{v.a} << 32 | v.b)) * 0x9e3779b97f4a7c15;
  h ^= h >> 29;
  h *= 0xbf58476d1ce4e5b9;
  return size_t(h ^ h >> 32);
}

// @pre no division by zero
u32 fold(u16 operation, u32 a, u32 b) {
  switch (operation) {
    case op::add: return a + b;
    case op::sub: return a - b;
    case op::mul: return a * b;
    case op::div: return a / b;
    case op::mod: return a % b;
    case op::and_: return a & b;
    case op::or_: return a | b;
    case op::xor_: return a ^ b;
    case op::lsh: return b < 32 ? a << b : 0;
    default: return b < 32 ? a >> b : 0;
  }
}

bool commutes(u16 operation) {
  return operation == op::add || operation == op::mul || operation == op::and_ || operation == op::or_ || operation == op::xor_;
}
// (x op c) op d == x op (c op d)
bool associates(u16 operation) { return commutes(operation); }

u32 greatest(u16 operation, u32 a, u32 b) {
  const auto saturate = [](u64 sum) { return sum > 0xffffffff ? 0xffffffffu : u32(sum); };
  switch (operation) {
    case op::and_: return std::min(ones_up_to(std::min(a, b)), std::min(a, b));
    case op::or_:
    case op::xor_: return ones_up_to(a) | ones_up_to(b);
    case op::add: return saturate(u64{a} + b);
    case op::mul: return saturate(u64{a} * b);
    case op::div:
    case op::rsh: return a;
    case op::mod: return std::min(a, b == 0 ? a : b - 1);
    default: return 0xffffffff;
  }
}

}  // namespace

void Values::grow() {
  table_.assign(std::max<size_t>(64, table_.size() * 2), 0);
  values_.reserve(table_.size() / 2);
  for (ValueId id = 0; id < values_.size(); ++id) {
    size_t at = hash(values_[id]) & (table_.size() - 1);
    while (table_[at]) at = (at + 1) & (table_.size() - 1);
    table_[at] = id + 1;
  }
}

ValueId Values::intern(Value value) {
  if (values_.size() * 2 >= table_.size()) grow();
  size_t at = hash(value) & (table_.size() - 1);
  for (; table_[at]; at = (at + 1) & (table_.size() - 1))
    if (values_[table_[at] - 1].same(value)) return table_[at] - 1;
  const ValueId id = ValueId(values_.size());
  table_[at] = id + 1;
  if (value.kind == ValueKind::indexed || value.kind == ValueKind::choose || value.kind == ValueKind::walk ||
      (value.kind == ValueKind::binary && (value.operation == op::div || value.operation == op::mod) && !is_constant(value.b)))
    value.demand.effects |= new_effect(id);
  values_.push_back(value);
  return id;
}

u64 Values::new_effect(ValueId id) {
  if (effects_.size() >= 63) return untracked;
  effects_.push_back(id);
  return u64{1} << (effects_.size() - 1);
}

ValueId Values::constant(u32 k) { return intern({.kind = ValueKind::constant, .k = k, .max = k}); }
ValueId Values::length() { return intern({.kind = ValueKind::length, .max = 0xffffffff}); }
ValueId Values::ancillary(u32 k) {
  using namespace bpf::ancillary;
  const u32 max = k == vlan_tag_present                                  ? 1
                  : k == packet_type                                     ? 0xff
                  : k == vlan_tag || k == vlan_protocol || k == protocol ? 0xffff
                                                                         : 0xffffffff;
  return intern({.kind = ValueKind::ancillary, .k = k, .max = max});
}
ValueId Values::load(u32 offset, u8 size) {
  offset = std::min(offset, nowhere);
  return intern({.kind = ValueKind::load, .size = size, .k = offset, .max = size_max(size), .demand = {offset + size, 0}});
}
ValueId Values::header(u32 offset) {
  offset = std::min(offset, nowhere);
  return intern({.kind = ValueKind::header, .k = offset, .max = 60, .demand = {offset + 1, 0}});
}

ValueId Values::indexed(ValueId base, u32 offset, u8 size) {
  const Value b = values_[base];
  if (b.kind == ValueKind::constant) return load(b.k + offset, size);
  if (b.kind == ValueKind::binary && b.operation == op::add && is_constant(b.b)) return indexed(b.a, offset + values_[b.b].k, size);
  return intern({.kind = ValueKind::indexed, .size = size, .k = offset, .a = base, .max = size_max(size), .demand = b.demand});
}

ValueId Values::binary(u16 operation, ValueId a, ValueId b) {
  if (commutes(operation) && is_constant(a)) std::swap(a, b);
  const Value left = values_[a], right = values_[b];
  const bool constant_right = right.kind == ValueKind::constant;
  if (constant_right) {
    const u32 k = right.k;
    if ((operation == op::div || operation == op::mod) && k == 0) return load(nowhere, 1);
    if (left.kind == ValueKind::constant) return constant(fold(operation, left.k, k));
    switch (operation) {
      case op::sub: return binary(op::add, a, constant(0 - k));
      case op::add:
      case op::or_:
      case op::xor_:
        if (k == 0) return a;
        break;
      case op::lsh:
      case op::rsh:
        if (k == 0) return a;
        if (k > 31) return constant(0);
        break;
      case op::mul:
        if (k == 0) return b;
        if (k == 1) return a;
        break;
      case op::div:
        if (k == 1) return a;
        break;
      case op::and_:
        if (k == 0) return b;
        if ((ones_up_to(left.max) & ~k) == 0) return a;
        break;
      default: break;
    }
    if (associates(operation) && left.kind == ValueKind::binary && left.operation == operation && is_constant(left.b))
      return binary(operation, left.a, constant(fold(operation, values_[left.b].k, k)));
  } else if (operation == op::add) {  // constants go outwards, where a load takes them as its offset
    if (left.kind == ValueKind::binary && left.operation == op::add && is_constant(left.b))
      return binary(op::add, binary(op::add, left.a, b), left.b);
    if (right.kind == ValueKind::binary && right.operation == op::add && is_constant(right.b))
      return binary(op::add, binary(op::add, a, right.a), right.b);
  }
  return intern({.kind = ValueKind::binary,
                 .operation = operation,
                 .a = a,
                 .b = b,
                 .max = greatest(operation, left.max, right.max),
                 .demand = left.demand | right.demand});
}

ValueId Values::negate(ValueId a) {
  if (is_constant(a)) return constant(0 - values_[a].k);
  return intern({.kind = ValueKind::negate, .a = a, .max = 0xffffffff, .demand = values_[a].demand});
}

ValueId Values::compare(u16 operation, ValueId a, ValueId b) {
  return intern(
      {.kind = ValueKind::compare, .operation = operation, .a = a, .b = b, .max = 1, .demand = values_[a].demand | values_[b].demand});
}

ValueId Values::member(u32 set, ValueId a) {
  return intern({.kind = ValueKind::member, .k = set, .a = a, .max = 1, .demand = values_[a].demand});
}
ValueId Values::address(u32 set, ValueId offset) {
  const Demand demand = values_[indexed(offset, 12, 4)].demand;
  return intern({.kind = ValueKind::address, .k = set, .a = offset, .max = 1, .demand = demand});
}

ValueId Values::choose(const Choice& choice, ValueId yes, ValueId no) {
  if (yes == no) return yes;
  if (is_constant(choice.value)) return values_[choice.value].k - choice.low <= choice.high - choice.low ? yes : no;
  const auto found = std::ranges::find(choices_, choice);
  const u32 index = u32(found - choices_.begin());
  if (found == choices_.end()) choices_.push_back(choice);
  const Demand &a = values_[yes].demand, &b = values_[no].demand;
  const Demand both{std::min(a.reach, b.reach), a.effects & b.effects};
  return intern({.kind = ValueKind::choose,
                 .k = index,
                 .a = yes,
                 .b = no,
                 .max = std::max(values_[yes].max, values_[no].max),
                 .demand = values_[choice.value].demand | both});
}

ValueId Values::walk(const HeaderChain& chain, ValueId offset, ValueId number) {
  const auto found = std::ranges::find(chains_, chain);
  const u32 index = u32(found - chains_.begin());
  if (found == chains_.end()) chains_.push_back(chain);
  return intern({.kind = ValueKind::walk,
                 .k = index,
                 .a = offset,
                 .b = number,
                 .max = 0xff,
                 .demand = values_[offset].demand | values_[number].demand});
}

}  // namespace trawl::inline v0::filter
