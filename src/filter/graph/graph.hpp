// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The control-flow graph: blocks that test one value each and go one of two ways. It has no loops.
#pragma once
#include <span>

#include "filter/generate/condition.hpp"
#include "filter/scratch.hpp"

namespace trawl::inline v0::filter {

using BlockId = u32;
inline constexpr BlockId accept_block = 0, reject_block = 1, first_block = 2;

/// Evaluates the test's value, so that its demand is met or the packet rejected, and goes to `yes` or `no`.
struct Block {
  Test test;
  BlockId yes = reject_block, no = reject_block;
  bool operator==(const Block&) const = default;
};

/// Successors always have smaller numbers than their block: descending order is an order of execution.
struct Graph {
  explicit Graph(Memory* memory) : blocks(memory) {
    blocks.reserve(32);
    blocks.resize(2);
  }

  ScratchVector<Block> blocks;
  BlockId root = reject_block;

  BlockId add(const Block& block) {
    blocks.push_back(block);
    return BlockId(blocks.size() - 1);
  }
  bool operator==(const Graph&) const = default;
};

Graph build_graph(const Conditions& conditions, ConditionId root, Memory* memory);

/// Whether a value is in sorted ranges that do not meet: one test after the other, by halves where there are many.
/// @return the block that begins the search
BlockId add_search(Graph& graph, ValueId value, std::span<const Range> ranges, const Demand& demand, BlockId hit, BlockId miss);

/// Drops what cannot be reached and makes equal blocks one.
void merge_equal(Graph& graph);

/// What every packet that is accepted from here on has met, by block.
ScratchVector<Demand> later_demands(const Graph& graph, Memory* memory);

}  // namespace trawl::inline v0::filter
