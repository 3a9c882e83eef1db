// SPDX-License-Identifier: Apache-2.0 OR MIT
/// From instructions to machine code. The function takes the packet's bytes, how many there are, its length on the wire,
/// and the program's sets; it gives what `ret` gives, or `ask_interpreter`.
#pragma once
#include <optional>
#include <vector>

#include "trawl/bpf/instruction.hpp"

namespace trawl::inline v0::bpf::jit {

enum class Machine : u8 { x86_64, aarch64 };
inline constexpr u64 ask_interpreter = u64{1} << 32;

/// Position-independent. @return none for programs with loops or loads of what stands beside the packet
/// @pre validate() has accepted the instructions
std::optional<std::vector<u8>> translate(std::span<const Instruction> program, Machine machine);

/// How many bytes are known to be there before each instruction: they need no check.
std::vector<u32> known_bytes(std::span<const Instruction> program);

}  // namespace trawl::inline v0::bpf::jit
