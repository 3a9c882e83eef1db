// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a filter asks of a packet: tests of values, joined. Still a tree; graph.hpp makes blocks of it.
#pragma once
#include <initializer_list>

#include "filter/generate/sets.hpp"
#include "filter/generate/value.hpp"
#include "filter/text/range.hpp"

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
  enum class Kind : u8 { test, set, chain, negation, always, never } kind = Kind::test;
  bool joined_by_or = false;         ///< to the operand before it in its chain
  ConditionId first = 0, next = 0;   ///< as in syntax.hpp; 0: none
  Test test;                         ///< of a set: the value and the demand
  u32 ranges = 0;                    ///< of a set: index of Conditions::ranges
};

class Conditions {
 public:
  /// `sets`: where long lists go, instead of becoming tests; may be null.
  Conditions(Values& values, Sets* sets, Memory* memory) : values_(values), sets_(sets), list_(memory), last_(memory), ranges_(memory) {
    list_.reserve(32), last_.reserve(32);
    list_.resize(1), last_.resize(1);
  }

  /// Tests are brought to a common form: masks, shifts and sums of constants become ranges of what is below them.
  ConditionId in_range(Computed computed, u32 low, u32 high);
  ConditionId in_range(ValueId value, u32 low, u32 high) { return in_range({value, values_[value].demand}, low, high); }
  ConditionId equals(ValueId value, u32 k) { return in_range(value, k, k); }
  ConditionId equals(ValueId value, u32 k, u32 mask);
  Sets* sets() const { return sets_; }
  /// Whether a value is in any of these ranges: a search by halves, or a set, where they are many.
  ConditionId in_any(ValueId value, std::vector<Range> ranges);
  const std::vector<Range>& ranges(ConditionId set) const { return ranges_[list_[set].ranges]; }
  ConditionId truth(bool value);
  ConditionId negate(ConditionId condition);
  ConditionId all(std::initializer_list<ConditionId> operands) { return join(operands, false); }
  ConditionId any(std::initializer_list<ConditionId> operands) { return join(operands, true); }

  /// Evaluated from left to right. A chain that `left` is grows; what is always or never so is folded. Neither operand may
  /// be used again.
  ConditionId combine(ConditionId left, bool by_or, ConditionId right);

  const Condition& operator[](ConditionId id) const { return list_[id]; }

 private:
  ConditionId join(std::initializer_list<ConditionId> operands, bool by_or);
  bool is_always(ConditionId id) const { return list_[id].kind == Condition::Kind::always; }
  bool is_never(ConditionId id) const { return list_[id].kind == Condition::Kind::never; }
  ConditionId add(Condition condition) {
    list_.push_back(condition);
    last_.resize(list_.size());
    return ConditionId(list_.size() - 1);
  }
  Values& values_;
  Sets* const sets_;
  ScratchVector<Condition> list_;
  ScratchVector<ConditionId> last_;
  ScratchVector<std::vector<Range>> ranges_;
};

/// Sorts them and joins those that meet.
void join_ranges(std::vector<Range>& ranges);

}  // namespace trawl::inline v0::filter
