// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <asmjit/arm/a64assembler.h>

#include "bpf/hosted/jit/assemble.hpp"

namespace trawl::inline v0::bpf::jit {

/// AAPCS64: data in x0, size in x1, length in w2. A is w3, X is w4, memory lies on the stack; w5 to w7 are scratch.
class Arm {
 public:
  static constexpr asmjit::Arch arch = asmjit::Arch::kAArch64;
  using Assembler = asmjit::a64::Assembler;
  explicit Arm(Assembler& assembler) : a_(assembler) {}

  void begin() {
    reject_ = a_.newLabel(), ask_ = a_.newLabel(), beyond_ = a_.newLabel();
    a_.sub(sp, sp, 64);
    a_.mov(w3, 0);
    a_.mov(w4, 0);
  }
  void exits() {
    a_.bind(beyond_);
    a_.mov(w6, asmjit::imm(ancillary::link_base));
    a_.cmp(w5, w6);
    a_.b_hs(ask_);
    a_.bind(reject_);
    give(0);
    a_.bind(ask_);
    a_.mov(x0, asmjit::imm(ask_interpreter));
    leave();
  }

  void need(u64 bytes) {
    a_.mov(x5, asmjit::imm(bytes));
    a_.cmp(x1, x5);
    a_.b_lo(reject_);
  }
  void load(u32 at, u32 width) {
    a_.mov(w5, asmjit::imm(at));
    fetch(width);
  }
  void load_indexed(u32 at, u32 width) {
    a_.mov(w5, asmjit::imm(at));
    a_.add(w5, w5, w4);
    a_.add(x6, x5, width);
    a_.cmp(x6, x1);
    a_.b_hi(beyond_);
    fetch(width);
  }
  void header_length(u32 at) {
    a_.mov(w5, asmjit::imm(at));
    a_.ldrb(w4, asmjit::a64::ptr(x0, x5));
    a_.and_(w4, w4, 15);
    a_.lsl(w4, w4, 2);
  }
  void set(bool x, u32 k) { a_.mov(reg(x), asmjit::imm(k)); }
  void set_length(bool x) { a_.mov(reg(x), w2); }
  void set_memory(bool x, u32 word) { a_.ldr(reg(x), memory(word)); }
  void store(bool x, u32 word) { a_.str(reg(x), memory(word)); }
  void move(bool x_to_a) { x_to_a ? a_.mov(w3, w4) : a_.mov(w4, w3); }
  void give_a() {
    a_.mov(w0, w3);
    leave();
  }
  void give(u32 k) {
    a_.mov(w0, asmjit::imm(k));
    leave();
  }
  void go(const asmjit::Label& to) { a_.b(to); }

  void with_constant(u16 operation, u32 k) {
    switch (operation) {
      case op::lsh: a_.lsl(w3, w3, k); break;
      case op::rsh: a_.lsr(w3, w3, k); break;
      case op::neg: a_.neg(w3, w3); break;
      default: a_.mov(w5, asmjit::imm(k)); combine(operation, w5);
    }
  }
  void with_x(u16 operation) {
    if (operation == op::div || operation == op::mod) a_.cbz(w4, reject_);
    combine(operation, w4);
  }
  void compare(u16 operation, bool x, u32 k) {
    if (!x) a_.mov(w5, asmjit::imm(k));
    if (operation == op::jset) a_.tst(w3, x ? w4 : w5);
    else a_.cmp(w3, x ? w4 : w5);
  }
  // Conditional branches reach a megabyte: more than 4096 instructions need.
  void branch(u16 operation, bool when, const asmjit::Label& to) {
    switch (operation) {
      case op::jeq: when ? a_.b_eq(to) : a_.b_ne(to); break;
      case op::jgt: when ? a_.b_hi(to) : a_.b_ls(to); break;
      case op::jge: when ? a_.b_hs(to) : a_.b_lo(to); break;
      default: when ? a_.b_ne(to) : a_.b_eq(to);
    }
  }

 private:
  using Gp = asmjit::a64::Gp;
  static constexpr Gp w0 = asmjit::a64::w0, w2 = asmjit::a64::w2, w3 = asmjit::a64::w3, w4 = asmjit::a64::w4, w5 = asmjit::a64::w5,
                      w6 = asmjit::a64::w6;
  static constexpr Gp x0 = asmjit::a64::x0, x1 = asmjit::a64::x1, x5 = asmjit::a64::x5, x6 = asmjit::a64::x6, sp = asmjit::a64::sp;
  static Gp reg(bool x) { return x ? w4 : w3; }
  static asmjit::a64::Mem memory(u32 word) { return asmjit::a64::ptr(sp, 4 * i32(word)); }

  void leave() {
    a_.add(sp, sp, 64);
    a_.ret(asmjit::a64::x30);
  }
  // At x0 + w5, whose upper half is clear.
  void fetch(u32 width) {
    const auto from = asmjit::a64::ptr(x0, x5);
    switch (width) {
      case 1: a_.ldrb(w3, from); break;
      case 2:
        a_.ldrh(w3, from);
        a_.rev16(w3, w3);
        break;
      default: a_.ldr(w3, from); a_.rev(w3, w3);
    }
  }
  void combine(u16 operation, const Gp& by) {
    switch (operation) {
      case op::add: a_.add(w3, w3, by); break;
      case op::sub: a_.sub(w3, w3, by); break;
      case op::and_: a_.and_(w3, w3, by); break;
      case op::or_: a_.orr(w3, w3, by); break;
      case op::xor_: a_.eor(w3, w3, by); break;
      case op::lsh: a_.lsl(w3, w3, by); break;
      case op::rsh: a_.lsr(w3, w3, by); break;
      case op::mul: a_.mul(w3, w3, by); break;
      case op::div: a_.udiv(w3, w3, by); break;
      default: a_.udiv(w6, w3, by); a_.msub(w3, w6, by, w3);
    }
  }

  Assembler& a_;
  asmjit::Label reject_, ask_, beyond_;
};

}  // namespace trawl::inline v0::bpf::jit
