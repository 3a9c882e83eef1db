// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/graph/facts.hpp"

#include <algorithm>
#include <bit>

namespace trawl::inline v0::filter {

Facts::Facts(const Graph& graph, const Values& values, Memory* memory)
    : memory_(memory),
      values_(values),
      slot_(memory),
      knowledge_(1, memory),
      exclusions_(1, memory) {
  ValueId highest = 0;
  for (const Block& block : graph.blocks) highest = std::max(highest, block.test.value);
  slot_.resize(highest + 1);
  knowledge_.reserve(4 * graph.blocks.size());
  for (size_t i = first_block; i < graph.blocks.size(); ++i) {
    u32& slot = slot_[graph.blocks[i].test.value];
    if (!slot && slots_ < most_slots) slot = u32(++slots_);
  }
  ++slots_;
}

Facts::State Facts::copy(const State& state) const {
  State result{state.done, static_cast<u32*>(memory_->allocate(slots_ * sizeof(u32), alignof(u32)))};
  if (state.known) std::copy_n(state.known, slots_, result.known);
  else std::fill_n(result.known, slots_, 0);
  return result;
}

Known Facts::bounds(ValueId value, const State& state, unsigned depth) const {
  const Value& v = values_[value];
  Known result{0, v.max, 0};
  if (const u32 slot = value < slot_.size() ? slot_[value] : 0) {
    const Known& known = knowledge_[state.known[slot]];
    result = {known.low, std::min(known.high, v.max), known.excluded};
  }
  if (v.kind == ValueKind::constant) result.low = result.high = v.k;
  if (v.kind == ValueKind::binary && v.operation == bpf::op::and_ && values_.is_constant(v.b) && depth < 4) {
    const Known below = bounds(v.a, state, depth + 1);
    const u32 differ = below.low ^ below.high, mask = values_[v.b].k;
    const u32 open = differ == 0 ? 0 : 0xffffffffu >> std::countl_zero(differ);  // bits that may differ between the bounds
    if ((mask & open) == 0) result.low = result.high = below.low & mask;
  }
  return result;
}

std::optional<bool> Facts::decide(const Test& test, const State& state) const {
  const Known known = bounds(test.value, state);
  if (test.low > test.high) return false;
  if (known.low >= test.low && known.high <= test.high) return true;
  const u32 low = std::max(known.low, test.low), high = std::min(known.high, test.high);
  if (low > high) return false;
  for (u32 at = known.excluded; at; at = exclusions_[at].next)
    if (exclusions_[at].low <= low && exclusions_[at].high >= high) return false;
  return {};
}

void Facts::learn(const Test& test, bool outcome, State& state) {
  const u32 slot = slot_[test.value];
  if (!slot) return;
  Known known = bounds(test.value, state);
  if (outcome) {
    known.low = std::max(known.low, test.low), known.high = std::min(known.high, test.high);
  } else if (test.low <= test.high) {
    if (test.low <= known.low && test.high >= known.low) known.low = test.high == 0xffffffff ? test.high : test.high + 1;
    else if (test.high >= known.high && test.low <= known.high) known.high = test.low - 1;
    else if (test.low > known.low && test.high < known.high) {
      exclusions_.push_back({test.low, test.high, known.excluded, exclusions_[known.excluded].depth + 1});
      known.excluded = u32(exclusions_.size() - 1);
    }
  }
  knowledge_.push_back(known);
  state.known[slot] = u32(knowledge_.size() - 1);
}

void Facts::meet(State& into, const State& other) {
  into.done.reach = std::min(into.done.reach, other.done.reach);
  into.done.effects &= other.done.effects;
  for (size_t slot = 1; slot < slots_; ++slot) {
    u32& mine = into.known[slot];
    if (mine == other.known[slot]) continue;
    if (!mine || !other.known[slot]) {
      mine = 0;
      continue;
    }
    const Known &a = knowledge_[mine], &b = knowledge_[other.known[slot]];
    u32 x = a.excluded, y = b.excluded;  // the lists share their ends
    while (x != y) {
      if (exclusions_[x].depth >= exclusions_[y].depth) x = exclusions_[x].next;
      else y = exclusions_[y].next;
    }
    knowledge_.push_back({std::min(a.low, b.low), std::max(a.high, b.high), x});
    mine = u32(knowledge_.size() - 1);
  }
}

}  // namespace trawl::inline v0::filter
