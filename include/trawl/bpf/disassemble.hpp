// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Programs as text.
#pragma once
#include "trawl/bpf/instruction.hpp"
#include "trawl/core/text_out.hpp"

namespace trawl::inline v0::bpf {

enum class Listing : u8 {
  assembly,  ///< as `tcpdump -d`: one instruction a line, jump targets as line numbers
  c,         ///< as `tcpdump -dd`: initialisers of an array of struct bpf_insn
  decimal,   ///< as `tcpdump -ddd`: the count, then four numbers a line
};

/// A `jin` shows the number of its set: `jin @0`, and `jin [a:16] @1` for an address at offset A.
/// One line without its line end. `at` is the instruction's number, for jump targets.
TRAWL_API void put(TextOut& out, const Instruction& instruction, size_t at);
/// The whole listing, at most 64 bytes an instruction; every line ends in '\n'. Any instructions, validated or not.
TRAWL_API void put(TextOut& out, std::span<const Instruction> instructions, Listing listing);

}  // namespace trawl::inline v0::bpf
