// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/condition.hpp"

#include <algorithm>
#include <bit>

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {

// The range of values below, seen from a range above; `inverted`: it is what lies outside.
struct Seen {
  ValueId value;
  u64 low, high;  // low > high: nothing
  bool inverted = false;
};

// x & mask in [low, high], where mask keeps all bits of x above some place.
bool through_mask(const Values& values, Seen& range) {
  const Value& v = values[range.value];
  const u32 below = values[v.a].max, mask = values[v.b].k;
  if (mask == 0 || below == 0) return false;
  const u32 unit = mask & (0 - mask), kept = 0xffffffffu >> std::countl_zero(below);
  if ((kept & ~(mask | (unit - 1))) != 0) return false;
  range.low = (range.low + unit - 1) / unit * unit;
  range.high = range.high / unit * unit + (unit - 1);
  range.value = v.a;
  return true;
}

bool through_sum(const Values& values, Seen& range) {
  const Value& v = values[range.value];
  const u32 c = values[v.b].k;
  const u32 low = u32(range.low) - c, high = u32(range.high) - c;
  range.value = v.a;
  if (low <= high) {
    range.low = low, range.high = high;
  } else {  // wraps: outside of what is left between
    range.low = u64{high} + 1, range.high = u64{low} - 1, range.inverted = !range.inverted;
  }
  return true;
}

bool through(const Values& values, Seen& range) {
  const Value& v = values[range.value];
  if (v.kind != ValueKind::binary || !values.is_constant(v.b)) return false;
  const u32 k = values[v.b].k;
  switch (v.operation) {
    case op::and_: return through_mask(values, range);
    case op::add: return through_sum(values, range);
    case op::rsh:
      range.low <<= k, range.high = (range.high + 1) << k;
      --range.high;
      range.value = v.a;
      return true;
    case op::lsh:
      if (u64{values[v.a].max} << k > 0xffffffff) return false;
      range.low = (range.low + (u64{1} << k) - 1) >> k, range.high >>= k;
      range.value = v.a;
      return true;
    case op::div:
      range.low *= k, range.high = range.high * k + (k - 1);
      range.value = v.a;
      return true;
    case op::xor_:
      if (range.low != range.high) return false;
      range.low = range.high = range.low ^ k;
      range.value = v.a;
      return true;
    default: return false;
  }
}

}  // namespace

ConditionId Conditions::in_range(Computed computed, u32 low, u32 high) {
  Seen range{computed.value, low, high};
  do {
    const u64 max = values_[range.value].max;
    if (range.high > max) range.high = max;
    if (range.low > range.high) range.low = 1, range.high = 0;
  } while (range.low <= range.high && through(values_, range));

  const Value& v = values_[range.value];
  const u64 max = v.max;
  if (range.low <= range.high && range.low > 0 && range.high >= max)
    range.high = range.low - 1, range.low = 0, range.inverted = !range.inverted;
  if (v.kind == ValueKind::binary && v.operation == op::and_ && values_.is_constant(v.b) &&
      std::has_single_bit(values_[v.b].k)) {  // it is 0 or k
    if (range.low == 0) range.high = 0;
    else range.low = 1, range.high = 0;
  }
  Test test{range.value, u32(range.low), u32(range.high), computed.demand};
  if (range.low > range.high) test.low = 1, test.high = 0;
  if (values_.is_constant(test.value)) {
    const bool holds = test.low <= test.high && values_[test.value].k >= test.low && values_[test.value].k <= test.high;
    test.low = holds ? 0 : 1, test.high = 0;
    test.value = values_.constant(0);
  }
  const ConditionId id = add({.kind = Condition::Kind::test, .test = test});
  return range.inverted ? negate(id) : id;
}

ConditionId Conditions::equals(ValueId value, u32 k, u32 mask) {
  const Demand demand = values_[value].demand;
  const ValueId masked = values_.binary(op::and_, value, values_.constant(mask));
  return in_range({masked, demand | values_[masked].demand}, k & mask, k & mask);
}

void join_ranges(std::vector<Range>& ranges) {
  if (!std::ranges::is_sorted(ranges, {}, &Range::low)) std::ranges::sort(ranges, {}, &Range::low);
  size_t kept = 0;
  for (const Range& range : ranges) {
    if (kept > 0 && range.low <= u64{ranges[kept - 1].high} + 1) ranges[kept - 1].high = std::max(ranges[kept - 1].high, range.high);
    else ranges[kept++] = range;
  }
  ranges.resize(kept);
}

ConditionId Conditions::in_any(ValueId value, std::vector<Range> ranges) {
  join_ranges(ranges);
  const bool is_pair = ranges.size() == 1 && ranges[0].high == ranges[0].low + 1;  // better asked as two values
  if ((ranges.size() <= 1 && !is_pair) || values_.is_constant(value)) {
    ConditionId result = truth(false);
    for (const Range& range : ranges) result = any({result, in_range(value, range.low, range.high)});
    return result;
  }
  if (sets_ && ranges.size() >= Sets::shortest) return in_range(values_.member(sets_->add(ranges), value), 1, 1);
  ranges_.push_back(std::move(ranges));
  return add({.kind = Condition::Kind::set, .test = {.value = value, .demand = values_[value].demand}, .ranges = u32(ranges_.size() - 1)});
}

ConditionId Conditions::truth(bool value) { return add({.kind = value ? Condition::Kind::always : Condition::Kind::never}); }
ConditionId Conditions::negate(ConditionId condition) {
  if (is_always(condition) || is_never(condition)) return truth(is_never(condition));
  return add({.kind = Condition::Kind::negation, .first = condition});
}

ConditionId Conditions::combine(ConditionId left, bool by_or, ConditionId right) {
  const auto decides = [&](ConditionId id) { return by_or ? is_always(id) : is_never(id); };
  const auto is_idle = [&](ConditionId id) { return by_or ? is_never(id) : is_always(id); };
  if (decides(left) || is_idle(right)) return left;
  if (decides(right) || is_idle(left)) return right;
  ConditionId chain = left;
  if (list_[left].kind != Condition::Kind::chain) {
    chain = add({.kind = Condition::Kind::chain, .first = left});
    last_[chain] = left;
  }
  list_[right].joined_by_or = by_or;
  list_[last_[chain]].next = right;
  last_[chain] = right;
  return chain;
}
ConditionId Conditions::join(std::initializer_list<ConditionId> operands, bool by_or) {
  ConditionId result = 0;
  for (const ConditionId operand : operands) result = result ? combine(result, by_or, operand) : operand;
  return result;
}

}  // namespace trawl::inline v0::filter
