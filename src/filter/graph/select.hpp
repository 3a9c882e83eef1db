// SPDX-License-Identifier: Apache-2.0 OR MIT
/// From blocks to instructions.
#pragma once
#include <optional>
#include <span>

#include "filter/graph/graph.hpp"
#include "trawl/bpf/instruction.hpp"

namespace trawl::inline v0::filter {

/// A block as instructions: straight code, then one or two jumps.
struct Code {
  struct Jump {
    u16 operation = 0;  ///< of bpf::op, with its source bit
    u32 k = 0;
    BlockId yes = reject_block, no = reject_block;
    static constexpr BlockId next = ~BlockId{};  ///< as a target: the jump after this one
    bool operator==(const Jump&) const = default;
  };
  u32 first = 0, count = 0;        ///< of Selection::straight
  Jump jumps[2];
  u8 jump_count = 0;               ///< 0: goes on at `onward`
  BlockId onward = reject_block;
};

struct Selection {
  explicit Selection(size_t blocks, Memory* memory) : code(blocks, memory), straight(memory) { straight.reserve(2 * blocks); }
  std::span<const bpf::Instruction> straight_of(const Code& block) const { return std::span(straight).subspan(block.first, block.count); }

  ScratchVector<Code> code;  ///< by block
  ScratchVector<bpf::Instruction> straight;
};

enum class Reuse : bool { nothing, registers };

/// `done`: what has been met before each block; `kept`: values that get words of memory. @return nothing when memory
/// words run out
std::optional<Selection> select_instructions(const Graph& graph, const Values& values, std::span<const Demand> done, Reuse reuse,
                                             std::span<const ValueId> kept, Memory* memory);

/// Makes one of the blocks that came out as the same instructions, though they test different values. @return the root
BlockId merge_equal_code(Selection& selection, BlockId root);

/// Puts the blocks in order, jumps resolved. More than 4096 instructions may come out.
std::vector<bpf::Instruction> lay_out(const Selection& selection, BlockId root, u32 snaplen);

}  // namespace trawl::inline v0::filter
