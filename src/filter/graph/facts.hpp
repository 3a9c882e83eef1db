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

/// All facts of one graph. A State is an index of knowledge for each tested value, so that copies are cheap.
class Facts {
 public:
  struct State {
    Demand done;
    u32* known = nullptr;  // by slot; 0: nothing
  };

  Facts(const Graph& graph, const Values& values, Memory* memory);

  State nothing() const { return copy({}); }
  /// A state of its own, that may learn something else.
  State copy(const State& state) const;
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

  Memory* memory_;
  const Values& values_;
  ScratchVector<u32> slot_;  // by value, counted from 1
  size_t slots_ = 0;
  ScratchVector<Known> knowledge_;
  ScratchVector<Exclusion> exclusions_;
};

}  // namespace trawl::inline v0::filter
