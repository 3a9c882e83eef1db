// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/graph/optimize.hpp"

#include <algorithm>
#include <bit>

namespace trawl::inline v0::filter {

namespace {

class Threader {
 public:
  Threader(Graph& graph, const Values& values, Done& done, Ends ends)
      : graph_(graph),
        values_(values),
        done_(done),
        ends_(ends),
        facts_(graph, values, scratch_.memory()),
        later_(later_demands(graph, scratch_.memory())),
        states_(graph.blocks.size(), scratch_.memory()) {
    done_.assign(graph.blocks.size(), {});
  }

  bool run() {
    const BlockId root = graph_.root;
    graph_.root = arrive(root, facts_.nothing());
    bool changed = graph_.root != root;
    for (BlockId id = BlockId(graph_.blocks.size()); id-- > first_block;) {
      Facts::State state = states_[id];
      if (!state.known) continue;
      Block& block = graph_.blocks[id];
      const Block before = block;
      done_[id] = state.done;
      if (const auto outcome = facts_.decide(block.test, state)) (*outcome ? block.no : block.yes) = *outcome ? block.yes : block.no;
      else if (ends_ == Ends::open) widen(block.test, state);

      state.done = state.done | block.test.demand;
      state.done.effects &= ~Values::untracked;
      if (block.yes == block.no) {  // nothing is learned
        block.yes = block.no = arrive(block.yes, state);
      } else {
        Facts::State other = facts_.copy(state);
        facts_.learn(block.test, true, state);
        facts_.learn(block.test, false, other);
        block.yes = arrive(block.yes, state);
        block.no = arrive(block.no, other);
      }
      changed = changed || block != before;
    }
    return changed;
  }

 private:
  bool met(const Demand& demand, const Demand& before, BlockId next) const {
    const Demand after = later_[next];
    return demand.reach <= std::max(before.reach, after.reach) && (demand.effects & ~(before.effects | after.effects)) == 0;
  }

  // Where an edge to `target` really leads.
  BlockId arrive(BlockId target, const Facts::State& state) {
    while (target >= first_block) {
      const Block& block = graph_.blocks[target];
      const auto outcome = block.yes == block.no ? std::optional(true) : facts_.decide(block.test, state);
      if (!outcome) break;
      const BlockId next = *outcome ? block.yes : block.no;
      if (!met(block.test.demand, state.done, next)) break;
      target = next;
    }
    if (target < first_block) return target;
    if (states_[target].known) facts_.meet(states_[target], state);
    else states_[target] = state;
    return target;
  }

  // An end of the range that is known to hold needs no test.
  void widen(Test& test, const Facts::State& state) const {
    const Known known = facts_.bounds(test.value, state);
    if (known.low >= test.low && test.low != test.high) test.low = 0;
    if (known.high <= test.high && test.low != test.high) test.high = values_[test.value].max;
  }

  Scratch<8192> scratch_;
  Graph& graph_;
  const Values& values_;
  Done& done_;
  const Ends ends_;
  Facts facts_;
  ScratchVector<Demand> later_;
  ScratchVector<Facts::State> states_;  // of those that can be reached
};

// Jumps that a range test costs.
unsigned jumps(u32 low, u32 high, u32 max) { return low != high && low > 0 && high < max ? 2 : 1; }

// A range with one bound is decided where the bound is known to hold: only one with two may lose one of them.
bool has_ends_to_open(const Graph& graph, const Values& values) {
  for (size_t i = first_block; i < graph.blocks.size(); ++i)
    if (const Test& test = graph.blocks[i].test; test.low < test.high && jumps(test.low, test.high, values[test.value].max) == 2)
      return true;
  return false;
}

}  // namespace

bool thread_jumps(Graph& graph, const Values& values, Done& done, Ends ends) { return Threader(graph, values, done, ends).run(); }

bool choose_masks(Graph& graph, Values& values) {
  struct Use {
    unsigned raw = 0, masked = 1;  // jumps; one more for the mask
    int shift = 32;                // all bounds are multiples of 2^shift
  };
  Scratch<1024> scratch;
  ScratchVector<std::pair<ValueId, Use>> uses(scratch.memory());
  const auto use_of = [&](ValueId value) -> Use& {
    for (auto& [id, use] : uses)
      if (id == value) return use;
    return uses.emplace_back(value, Use{}).second;
  };
  for (size_t i = first_block; i < graph.blocks.size(); ++i) {
    const Test& test = graph.blocks[i].test;
    if (test.low > test.high || graph.blocks[i].yes == graph.blocks[i].no) continue;
    Use& use = use_of(test.value);
    const u32 max = values[test.value].max;
    use.raw += jumps(test.low, test.high, max);
    if (test.low > 0) use.shift = std::min(use.shift, std::countr_zero(test.low));
    if (test.high < max) use.shift = std::min(use.shift, std::countr_one(test.high));
  }
  bool changed = false;
  for (auto& [value, use] : uses) {
    if (use.shift == 0 || use.shift >= 32) continue;
    const u32 unit = 1u << use.shift, max = values[value].max & (0 - unit);
    for (size_t i = first_block; i < graph.blocks.size(); ++i)
      if (const Test& test = graph.blocks[i].test; test.value == value && test.low <= test.high)
        use.masked += jumps(test.low, test.high & (0 - unit), max);
    if (use.masked >= use.raw) continue;  // unmasked, A holds the value for the next test
    changed = true;
    const ValueId masked = values.binary(bpf::op::and_, value, values.constant(0 - unit));
    for (size_t i = first_block; i < graph.blocks.size(); ++i)
      if (Test& test = graph.blocks[i].test; test.value == value && test.low <= test.high) test.value = masked, test.high &= 0 - unit;
  }
  return changed;
}

Done optimize(Graph& graph, Values& values) {
  constexpr unsigned most_rounds = 12;
  Done done;
  merge_equal(graph);
  bool merged = true;
  const auto settle = [&] {
    for (unsigned round = 0; round < most_rounds; ++round) {
      if (!thread_jumps(graph, values, done) && merged) return;
      merge_equal(graph);
      merged = true;
    }
    thread_jumps(graph, values, done);
  };
  settle();
  if (sort_runs(graph, values, done)) {
    merged = false;
    settle();
  }
  bool changed = has_ends_to_open(graph, values) && thread_jumps(graph, values, done, Ends::open);
  if (changed) merge_equal(graph);
  changed |= choose_masks(graph, values);
  if (changed) thread_jumps(graph, values, done);
  return done;
}

}  // namespace trawl::inline v0::filter
