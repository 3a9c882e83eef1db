// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bpf/hosted/jit/translate.hpp"

#include <algorithm>

#include "trawl/core/switches.hpp"

#if TRAWL_WITH_JIT
#  include "bpf/hosted/jit/arm.hpp"
#  include "bpf/hosted/jit/x86.hpp"
#endif

namespace trawl::inline v0::bpf::jit {

namespace {

bool reads_packet(u16 code) {
  const u16 mode = mode_of(code);
  return class_of(code) <= op::ldx && (mode == op::abs || mode == op::msh);
}

bool is_translatable(std::span<const Instruction> program) {
  return std::ranges::none_of(program, [](const Instruction& in) {
    const bool beside = reads_packet(in.code) && in.k >= ancillary::link_base, back = in.code == op::jmp && in.k >> 31;
    return beside || back;
  });
}

}  // namespace

std::vector<u32> known_bytes(std::span<const Instruction> program) {
  std::vector<u32> known(program.size(), ~u32{});
  known[0] = 0;
  const auto reach = [&](size_t at, u32 bytes) {
    if (at < known.size()) known[at] = std::min(known[at], bytes);
  };
  for (size_t pc = 0; pc < program.size(); ++pc) {
    const Instruction& in = program[pc];
    u32 bytes = known[pc];
    if (bytes == ~u32{}) continue;  // never reached
    if (reads_packet(in.code)) bytes = std::max(bytes, in.k + (mode_of(in.code) == op::msh ? 1 : width_of(in.code)));
    if (in.code == op::jmp) reach(pc + 1 + in.k, bytes);
    else if (class_of(in.code) == op::jmp) reach(pc + 1 + in.jt, bytes), reach(pc + 1 + in.jf, bytes);
    else if (class_of(in.code) != op::ret) reach(pc + 1, bytes);
  }
  return known;
}

std::optional<std::vector<u8>> translate(std::span<const Instruction> program, Machine machine) {
  if (!is_translatable(program)) return {};
#if TRAWL_WITH_JIT
  return machine == Machine::x86_64 ? translate_for<X86>(program) : translate_for<Arm>(program);
#else
  (void)machine;
  return {};
#endif
}

}  // namespace trawl::inline v0::bpf::jit
