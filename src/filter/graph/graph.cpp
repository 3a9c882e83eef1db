// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/graph/graph.hpp"

#include <algorithm>

namespace trawl::inline v0::filter {

namespace {

BlockId lower(Graph& graph, const Conditions& conditions, ConditionId id, BlockId yes, BlockId no) {
  const Condition& condition = conditions[id];
  switch (condition.kind) {
    case Condition::Kind::always: return yes;
    case Condition::Kind::never: return no;
    case Condition::Kind::test: return graph.add({condition.test, yes, no});
    case Condition::Kind::negation: return lower(graph, conditions, condition.first, no, yes);
    case Condition::Kind::set: return add_search(graph, condition.test.value, conditions.ranges(id), condition.test.demand, yes, no);
    case Condition::Kind::chain: break;
  }
  ScratchVector<ConditionId> operands(graph.blocks.get_allocator());
  for (ConditionId at = condition.first; at; at = conditions[at].next) operands.push_back(at);
  for (size_t i = operands.size(); i-- > 1;) {  // the last one first: it decides alone once it is reached
    const BlockId entry = lower(graph, conditions, operands[i], yes, no);
    (conditions[operands[i]].joined_by_or ? no : yes) = entry;
  }
  return lower(graph, conditions, operands[0], yes, no);
}

u64 hash(const Block& block) {
  u64 h = u64{block.test.value} << 32 | block.test.low;
  for (const u64 part :
       {u64{block.test.high} << 32 | block.test.demand.reach, block.test.demand.effects, u64{block.yes} << 32 | block.no}) {
    h = (h ^ part) * 0x9e3779b97f4a7c15;
    h ^= h >> 31;
  }
  return h;
}

}  // namespace

BlockId add_search(Graph& graph, ValueId value, std::span<const Range> ranges, const Demand& demand, BlockId hit, BlockId miss) {
  constexpr size_t one_by_one = 16;  // ranges tested one after the other before halving pays
  if (ranges.size() > one_by_one) {
    const size_t middle = ranges.size() / 2;
    const BlockId below = add_search(graph, value, ranges.first(middle), demand, hit, miss);
    const BlockId above = add_search(graph, value, ranges.subspan(middle), demand, hit, miss);
    return graph.add({{value, 0, ranges[middle].low - 1, demand}, below, above});
  }
  for (size_t i = ranges.size(); i-- > 0;) {
    const auto [low, high] = ranges[i];
    if (high == low + 1) {  // two tests of one value share more code than two of bounds
      miss = graph.add({{value, high, high, demand}, hit, miss});
      miss = graph.add({{value, low, low, demand}, hit, miss});
    } else {
      miss = graph.add({{value, low, high, demand}, hit, miss});
    }
  }
  return miss;
}

Graph build_graph(const Conditions& conditions, ConditionId root, Memory* memory) {
  Graph graph(memory);
  graph.root = lower(graph, conditions, root, accept_block, reject_block);
  return graph;
}

void merge_equal(Graph& graph) {
  const size_t count = graph.blocks.size();
  Scratch<4096> scratch;
  ScratchVector<u8> reached(count, scratch.memory());
  reached[graph.root] = true;
  for (BlockId id = BlockId(count); id-- > first_block;)
    if (reached[id]) reached[graph.blocks[id].yes] = reached[graph.blocks[id].no] = true;

  ScratchVector<BlockId> renamed(count, reject_block, scratch.memory());
  renamed[accept_block] = accept_block;
  size_t size = 16;
  while (size < count * 2) size *= 2;
  ScratchVector<BlockId> table(size, scratch.memory());
  BlockId kept = first_block;
  for (BlockId id = first_block; id < count; ++id) {
    if (!reached[id]) continue;
    Block block = graph.blocks[id];
    block.yes = renamed[block.yes], block.no = renamed[block.no];
    size_t at = hash(block) & (size - 1);
    while (table[at] && graph.blocks[table[at]] != block) at = (at + 1) & (size - 1);
    if (!table[at]) {
      graph.blocks[kept] = block;
      table[at] = kept++;
    }
    renamed[id] = table[at];
  }
  graph.blocks.resize(kept);
  graph.root = renamed[graph.root];
}

ScratchVector<Demand> later_demands(const Graph& graph, Memory* memory) {
  ScratchVector<Demand> later(graph.blocks.size(), memory);
  later[reject_block] = {~u32{}, ~u64{}};
  for (BlockId id = first_block; id < graph.blocks.size(); ++id) {
    const Block& block = graph.blocks[id];
    const Demand &yes = later[block.yes], &no = later[block.no];
    later[id] = block.test.demand | Demand{std::min(yes.reach, no.reach), yes.effects & no.effects};
    if (later[id].reach != ~u32{}) later[id].effects &= ~Values::untracked;
  }
  return later;
}

}  // namespace trawl::inline v0::filter
