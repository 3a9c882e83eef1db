// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <bit>

#include "trawl/bpf/program_view.hpp"

namespace trawl::inline v0::bpf {

namespace {

// One bit for each opcode that the kernel knows (net/core/filter.c gives the same list).
struct Opcodes {
  u64 known[4] = {};
  constexpr void add(int code) { known[code >> 6] |= u64{1} << (code & 63); }
  constexpr bool has(u16 code) const { return code < 256 && (known[code >> 6] >> (code & 63) & 1); }
  consteval Opcodes() {
    using namespace op;
    for (int operation : {op::add, sub, mul, div, mod, and_, or_, xor_, lsh, rsh}) add(alu | operation | k), add(alu | operation | x);
    add(alu | neg);
    for (int size : {word, half, byte}) add(ld | size | abs), add(ld | size | ind);
    for (int mode : {imm, mem, len}) add(ld | mode), add(ldx | mode);
    add(ldx | byte | msh);
    for (int code : {int{st}, int{stx}, misc | tax, misc | txa, ret | k, ret | a, jmp | ja}) add(code);
    for (int operation : {jeq, jgt, jge, jset}) add(jmp | operation | k), add(jmp | operation | x);
  }
};
constexpr Opcodes opcodes;

constexpr bool is_load(u16 code, u16 mode) { return class_of(code) == op::ld && mode_of(code) == mode; }
constexpr bool touches_memory(u16 code) {
  const u16 kind = class_of(code);
  return kind == op::st || kind == op::stx || (kind <= op::ldx && mode_of(code) == op::mem);
}
constexpr bool is_conditional(u16 code) { return class_of(code) == op::jmp && operation_of(code) != op::ja; }

// `before` and `left`: instructions around this one.
constexpr Reason fault_of(const Instruction& in, size_t before, size_t left, Loops loops, std::span<const Set> sets) {
  if (in.code == (op::jmp | op::jin) || in.code == (op::jmp | op::jin | op::x)) {
    if (in.k >= sets.size() || sets[in.k].words != (uses_x(in.code) ? 4 : 1)) return Reason::invalid_opcode;
    return in.jt < left && in.jf < left ? Reason::none : Reason::invalid_jump;
  }
  if (!opcodes.has(in.code)) return Reason::invalid_opcode;
  if (in.code == op::jmp && loops == Loops::bounded && in.k >> 31) return u32(0 - in.k) <= before + 1 ? Reason::none : Reason::invalid_jump;
  if (in.code == op::jmp) return in.k < left ? Reason::none : Reason::invalid_jump;
  if (is_conditional(in.code)) return in.jt < left && in.jf < left ? Reason::none : Reason::invalid_jump;
  if (touches_memory(in.code)) return in.k < memory_words ? Reason::none : Reason::invalid_memory;
  if (is_load(in.code, op::abs) && in.k >= ancillary::base)
    return in.k <= ancillary::last && in.k % 4 == 0 ? Reason::none : Reason::out_of_range;
  if (class_of(in.code) == op::alu && !uses_x(in.code)) {
    const u16 operation = operation_of(in.code);
    if ((operation == op::div || operation == op::mod) && in.k == 0) return Reason::division_by_zero;
    if ((operation == op::lsh || operation == op::rsh) && in.k >= 32) return Reason::out_of_range;
  }
  return Reason::none;
}

// The first load of a word of memory that some path reaches before a store; `count` when there is none. Jumps go forward, so
// one pass with the words known at each target is exact; one that goes back must know as many as were known there.
[[gnu::noinline]] size_t first_unset_load(std::span<const Instruction> program) {
  u16 at_entry[max_instructions] = {};
  for (size_t i = 0; i < program.size(); ++i) at_entry[i] = 0xffff;
  u16 set = 0;
  for (size_t pc = 0; pc < program.size(); ++pc) {
    const Instruction& in = program[pc];
    at_entry[pc] = set &= at_entry[pc];
    if (class_of(in.code) == op::st || class_of(in.code) == op::stx) {
      set = u16(set | 1u << in.k);
    } else if (touches_memory(in.code)) {
      if (!(set >> in.k & 1)) return pc;
    } else if (class_of(in.code) == op::jmp) {
      if (in.code == op::jmp && in.k >> 31) {
        if (at_entry[size_t(i64(pc) + 1 + i32(in.k))] & ~set) return pc;
      } else if (in.code == op::jmp) {
        at_entry[pc + 1 + in.k] &= set;
      } else {
        at_entry[pc + 1 + in.jt] &= set;
        at_entry[pc + 1 + in.jf] &= set;
      }
      set = 0xffff;
    }
  }
  return program.size();
}

std::unexpected<Error> bad(Reason reason, size_t pc) {
  return fail(Error{.operation = Operation::load_program, .reason = reason, .byte = pc * sizeof(Instruction)});
}

}  // namespace

Result<void> validate(std::span<const Instruction> program, Loops loops, std::span<const Set> sets) {
  if (program.empty()) return bad(Reason::empty_program, 0);
  if (program.size() > max_instructions) return bad(Reason::too_large, max_instructions);
  bool uses_memory = false;
  for (size_t pc = 0; pc < program.size(); ++pc) {
    if (const Reason reason = fault_of(program[pc], pc, program.size() - pc - 1, loops, sets); reason != Reason::none)
      return bad(reason, pc);
    uses_memory = uses_memory || touches_memory(program[pc].code);
  }
  if (class_of(program.back().code) != op::ret) return bad(Reason::no_return, program.size() - 1);
  if (uses_memory)
    if (const size_t pc = first_unset_load(program); pc < program.size()) return bad(Reason::invalid_memory, pc);
  return {};
}

Result<ProgramView> ProgramView::checked(std::span<const Instruction> instructions, LinkType link, Target target,
                                         std::span<const Set> sets) {
  if (target == Target::live && !sets.empty()) return fail(Operation::load_program, Reason::not_in_kernel, "it asks sets");
  if (const auto valid = validate(instructions, target == Target::offline ? Loops::bounded : Loops::refused, sets); !valid)
    return fail(valid.error());
  return ProgramView(instructions, link, target, sets);
}

bool ProgramView::rejects_all() const {
  for (const Instruction& in : instructions_)
    if (class_of(in.code) == op::ret && (in.code != (op::ret | op::k) || in.k != 0)) return false;
  return true;
}

bool ProgramView::accepts_all() const {
  for (const Instruction& in : instructions_) {
    const bool from_packet =
        class_of(in.code) <= op::ldx && (mode_of(in.code) == op::abs || mode_of(in.code) == op::ind || mode_of(in.code) == op::msh);
    const bool division =
        class_of(in.code) == op::alu && uses_x(in.code) && (operation_of(in.code) == op::div || operation_of(in.code) == op::mod);
    const bool address = in.code == (op::jmp | op::jin | op::x);
    if (division || address || (from_packet && !(is_load(in.code, op::abs) && in.k >= ancillary::base))) return false;
    if (class_of(in.code) == op::ret && (in.code != (op::ret | op::k) || in.k == 0)) return false;
  }
  return true;
}

namespace programs {
namespace {
constexpr Instruction everything[] = {statement(op::ret | op::k, keep_all)}, nothing[] = {statement(op::ret | op::k, 0)};
}
ProgramView accept_all(LinkType link, Target target) { return *ProgramView::checked(everything, link, target); }
ProgramView reject_all(LinkType link, Target target) { return *ProgramView::checked(nothing, link, target); }
}  // namespace programs

}  // namespace trawl::inline v0::bpf
