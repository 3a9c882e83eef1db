// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What is known of values at a point of the graph, because of the tests on every way there.
#pragma once
#include <optional>

#include "filter/graph/graph.hpp"

namespace trawl::inline v0::filter {

/// Bounds of a value, and a list of ranges inside them that it is not in.
struct Known {
  u32 low = 0, high = 0xffffffff;
  u32 excluded = 0;  ///< index of Facts::exclusions; 0: none
};

/// Numbers by slot, few of them in place.
class Slots {
 public:
  explicit Slots(size_t count) : count_(count) {
    if (count > few) many_.resize(count);
  }
  u32& operator[](size_t slot) { return count_ > few ? many_[slot] : in_place_[slot]; }
  u32 operator[](size_t slot) const { return count_ > few ? many_[slot] : in_place_[slot]; }

 private:
  static constexpr size_t few = 16;
  size_t count_;
  u32 in_place_[few] = {};
  std::vector<u32> many_;
};

/// All facts of one graph. A State is an index of knowledge for each tested value, so that copies are cheap.
class Facts {
 public:
  struct State {
    Demand done;
    Slots known;  // by slot; 0: nothing
  };

  Facts(const Graph& graph, const Values& values, Memory* memory);

  State nothing() const { return {{}, Slots(slots_)}; }
  /// Whether the test comes out the same for all packets here.
  std::optional<bool> decide(const Test& test, const State& state) const;
  void learn(const Test& test, bool outcome, State& state);
  /// Keeps what both know.
  void meet(State& into, const State& other);
  /// The bounds of a value here, from tests of it and of what it is made of.
  Known bounds(ValueId value, const State& state, unsigned depth = 0) const;

 private:
  struct Exclusion {
    u32 low, high, next, depth;
  };
  static constexpr size_t most_slots = 256;

  const Values& values_;
  ScratchVector<u32> slot_;  // by value, counted from 1
  size_t slots_ = 0;
  ScratchVector<Known> knowledge_;
  ScratchVector<Exclusion> exclusions_;
};

}  // namespace trawl::inline v0::filter
