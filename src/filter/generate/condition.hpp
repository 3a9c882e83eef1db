// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a filter asks of a packet: tests of values, joined. Still a tree; graph.hpp makes blocks of it.
#pragma once
#include <initializer_list>

#include "filter/generate/value.hpp"

namespace trawl::inline v0::filter {

/// low <= value <= high. `demand` may ask more than the value does, where something was folded away.
struct Test {
  ValueId value = 0;
  u32 low = 0, high = 0;
  Demand demand;
  bool operator==(const Test&) const = default;
};

/// A value, and all that computing it asked for on the way.
struct Computed {
  ValueId value = 0;
  Demand demand;
};

using ConditionId = u32;

struct Condition {
  enum class Kind : u8 { test, chain, negation, always, never } kind = Kind::test;
  bool joined_by_or = false;         ///< to the operand before it in its chain
  ConditionId first = 0, next = 0;   ///< as in syntax.hpp; 0: none
  Test test;
};

class Conditions {
 public:
  explicit Conditions(Values& values) : values_(values), list_(1) {}

  /// Tests are brought to a common form: masks, shifts and sums of constants become ranges of what is below them.
  ConditionId in_range(Computed computed, u32 low, u32 high);
  ConditionId in_range(ValueId value, u32 low, u32 high) { return in_range({value, values_[value].demand}, low, high); }
  ConditionId equals(ValueId value, u32 k) { return in_range(value, k, k); }
  ConditionId equals(ValueId value, u32 k, u32 mask);
  ConditionId truth(bool value);
  ConditionId negate(ConditionId condition);
  ConditionId all(std::initializer_list<ConditionId> operands) { return join(operands, false); }
  ConditionId any(std::initializer_list<ConditionId> operands) { return join(operands, true); }

  /// A chain grows by appending; it is evaluated from left to right.
  ConditionId chain(ConditionId first);
  void append(ConditionId chain, bool by_or, ConditionId operand);

  const Condition& operator[](ConditionId id) const { return list_[id]; }

 private:
  ConditionId join(std::initializer_list<ConditionId> operands, bool by_or);
  ConditionId add(Condition condition) {
    list_.push_back(condition);
    last_.resize(list_.size());
    return ConditionId(list_.size() - 1);
  }
  Values& values_;
  std::vector<Condition> list_;
  std::vector<ConditionId> last_;
};

}  // namespace trawl::inline v0::filter
