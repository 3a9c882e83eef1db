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
  std::vector<bpf::Instruction> straight;
  Jump jumps[2];
  u8 jump_count = 0;               ///< 0: goes on at `onward`
  BlockId onward = reject_block;
  bool operator==(const Code&) const = default;
};

enum class Reuse : bool { nothing, registers };

/// `done`: what has been met before each block; `kept`: values that get words of memory. @return by block; nothing when
/// memory words run out
std::optional<std::vector<Code>> select_instructions(const Graph& graph, const Values& values, const std::vector<Demand>& done, Reuse reuse,
                                                     std::span<const ValueId> kept = {});

/// Makes one of the blocks that came out as the same instructions, though they test different values. @return the root
BlockId merge_equal_code(std::vector<Code>& code, BlockId root);

/// Puts the blocks in order, jumps resolved. More than 4096 instructions may come out.
std::vector<bpf::Instruction> lay_out(const std::vector<Code>& code, BlockId root, u32 snaplen);

}  // namespace trawl::inline v0::filter
