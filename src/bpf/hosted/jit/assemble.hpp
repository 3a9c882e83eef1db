// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What is the same for all machines: one label an instruction, two exits, and the order of the code. A machine gives the
/// registers and one function for each kind of instruction.
#pragma once
#include <asmjit/core.h>

#include <algorithm>
#include <cstddef>

#include "bpf/hosted/jit/translate.hpp"
#include "trawl/bpf/set.hpp"

namespace trawl::inline v0::bpf::jit {

template <class Target> class Assembly {
 public:
  explicit Assembly(std::span<const Instruction> program) : program_(program), known_(known_bytes(program)) {}

  std::optional<std::vector<u8>> make() {
    asmjit::CodeHolder holder;
    if (holder.init(asmjit::Environment(Target::arch)) != asmjit::kErrorOk) return {};
    typename Target::Assembler assembler(&holder);
    Target target(assembler);
    labels_.resize(program_.size());
    for (asmjit::Label& label : labels_) label = assembler.newLabel();
    target.begin(asks_sets());
    for (size_t pc = 0; pc < program_.size(); ++pc) {
      if (known_[pc] == ~u32{}) continue;
      assembler.bind(labels_[pc]);
      one(target, pc);
    }
    target.exits();
    return finish(holder);
  }

 private:
  void one(Target& target, size_t pc) {
    const Instruction& in = program_[pc];
    const u32 known = known_[pc];
    const bool to_x = class_of(in.code) == op::ldx;
    switch (class_of(in.code)) {
      case op::ld:
      case op::ldx:
        switch (mode_of(in.code)) {
          case op::imm: return target.set(to_x, in.k);
          case op::len: return target.set_length(to_x);
          case op::mem: return target.set_memory(to_x, in.k);
          case op::msh:
            if (in.k + 1 > known) target.need(u64{in.k} + 1);
            return target.header_length(in.k);
          case op::abs:
            if (in.k + width_of(in.code) > known) target.need(u64{in.k} + width_of(in.code));
            return target.load(in.k, width_of(in.code));
          default: return target.load_indexed(in.k, width_of(in.code));
        }
      case op::st: return target.store(false, in.k);
      case op::stx: return target.store(true, in.k);
      case op::alu: return uses_x(in.code) ? target.with_x(operation_of(in.code)) : target.with_constant(operation_of(in.code), in.k);
      case op::jmp: return jump(target, pc);
      case op::ret: return (in.code & 0x18) == op::a ? target.give_a() : target.give(in.k);
      default: return target.move((in.code & 0xf8) == op::txa);
    }
  }

  bool asks_sets() const {
    return std::ranges::any_of(program_,
                               [](const Instruction& in) { return class_of(in.code) == op::jmp && operation_of(in.code) == op::jin; });
  }

  void jump(Target& target, size_t pc) {
    const Instruction& in = program_[pc];
    if (in.code == op::jmp) return in.k ? target.go(labels_[pc + 1 + in.k]) : void();
    const asmjit::Label &yes = labels_[pc + 1 + in.jt], &no = labels_[pc + 1 + in.jf];
    if (operation_of(in.code) == op::jin) uses_x(in.code) ? target.find_address(in.k * sizeof(Set)) : target.find(in.k * sizeof(Set));
    else target.compare(operation_of(in.code), uses_x(in.code), in.k);
    // Where both ways end here the verdict is chosen without a jump, which would often be mispredicted.
    const Instruction &on_yes = program_[pc + 1 + in.jt], &on_no = program_[pc + 1 + in.jf];
    if (on_yes.code == (op::ret | op::k) && on_no.code == (op::ret | op::k))
      return target.give_either(operation_of(in.code), on_yes.k, on_no.k);
    if (in.jt == 0 && in.jf == 0) return;
    if (in.jt == 0) return target.branch(operation_of(in.code), false, no);
    target.branch(operation_of(in.code), true, yes);
    if (in.jf != 0) target.go(no);
  }

  static std::optional<std::vector<u8>> finish(asmjit::CodeHolder& holder) {
    if (holder.flatten() != asmjit::kErrorOk || holder.resolveUnresolvedLinks() != asmjit::kErrorOk) return {};
    if (holder.relocateToBase(0) != asmjit::kErrorOk) return {};
    std::vector<u8> code(holder.codeSize());
    if (holder.copyFlattenedData(code.data(), code.size()) != asmjit::kErrorOk) return {};
    return code;
  }

  std::span<const Instruction> program_;
  std::vector<u32> known_;
  std::vector<asmjit::Label> labels_;
};

template <class Target> std::optional<std::vector<u8>> translate_for(std::span<const Instruction> program) {
  return Assembly<Target>(program).make();
}

}  // namespace trawl::inline v0::bpf::jit
