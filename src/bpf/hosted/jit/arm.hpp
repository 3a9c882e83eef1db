// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <asmjit/arm/a64assembler.h>

#include "bpf/hosted/jit/assemble.hpp"

namespace trawl::inline v0::bpf::jit {

/// AAPCS64: data in x0, size in x1, length in w2, sets in x3. A is w3, X is w4, the sets x8; memory lies on the stack; x5 to x7
/// and x9 to x15 are scratch.
class Arm {
 public:
  static constexpr asmjit::Arch arch = asmjit::Arch::kAArch64;
  using Assembler = asmjit::a64::Assembler;
  explicit Arm(Assembler& assembler) : a_(assembler) {}

  void begin(bool asks_sets) {
    reject_ = a_.newLabel(), ask_ = a_.newLabel(), beyond_ = a_.newLabel();
    if (asks_sets) a_.mov(asmjit::a64::x8, asmjit::a64::x3);
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
  void give_either(u16 operation, u32 yes, u32 no) {
    using asmjit::arm::CondCode;
    a_.mov(w5, asmjit::imm(yes));
    a_.mov(w6, asmjit::imm(no));
    const CondCode when = operation == op::jeq   ? CondCode::kEQ
                          : operation == op::jgt ? CondCode::kHI
                          : operation == op::jge ? CondCode::kHS
                                                 : CondCode::kNE;
    a_.csel(asmjit::a64::w0, w5, w6, when);
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
  // Whether A is in the set that lies `at` behind the first: the flag is that of `b.ne`.
  void find(u64 at) {
    namespace r = asmjit::a64;
    const asmjit::Label again = a_.newLabel(), above = a_.newLabel(), done = a_.newLabel();
    a_.mov(r::w9, 0);
    a_.mov(r::x10, asmjit::imm(at));
    a_.add(r::x10, r::x10, r::x8);
    a_.ldr(r::w11, r::ptr(r::x10, offsetof(Set, last)));
    a_.cmp(w3, r::w11);
    a_.b_hi(done);
    a_.ldr(r::w11, r::ptr(r::x10, offsetof(Set, shift)));
    a_.lsr(r::w11, w3, r::w11);
    a_.ldr(r::x12, r::ptr(r::x10, offsetof(Set, start)));
    a_.add(r::x12, r::x12, r::x11, r::lsl(2));
    a_.ldr(r::w9, r::ptr(r::x12));
    a_.ldr(r::w13, r::ptr(r::x12, 4));
    a_.ldr(r::x12, r::ptr(r::x10, offsetof(Set, bounds)));
    a_.bind(again);
    a_.cmp(r::w9, r::w13);
    a_.b_hs(done);
    a_.add(r::w11, r::w9, r::w13);
    a_.lsr(r::w11, r::w11, 1);
    a_.add(r::x15, r::x12, r::x11, r::lsl(2));
    a_.ldr(r::w14, r::ptr(r::x15));
    a_.cmp(r::w14, w3);
    a_.b_hi(above);
    a_.add(r::w9, r::w11, 1);
    a_.b(again);
    a_.bind(above);
    a_.mov(r::w13, r::w11);
    a_.b(again);
    a_.bind(done);
    a_.tst(r::w9, 1);
  }
  // The same for the 16 bytes at offset A: two halves of 64 bits. A bound's words are in this machine's order.
  void find_address(u64 at) {
    namespace r = asmjit::a64;
    const asmjit::Label again = a_.newLabel(), below = a_.newLabel(), above = a_.newLabel(), done = a_.newLabel();
    a_.add(r::x9, r::x3, 16);
    a_.cmp(r::x9, x1);
    a_.b_hi(reject_);
    a_.add(r::x9, x0, r::x3);
    a_.ldp(r::x10, r::x11, r::ptr(r::x9));
    a_.rev(r::x10, r::x10);
    a_.rev(r::x11, r::x11);
    a_.mov(r::x12, asmjit::imm(at));
    a_.add(r::x12, r::x12, r::x8);
    a_.ldr(r::w13, r::ptr(r::x12, offsetof(Set, count)));
    a_.ldr(r::x12, r::ptr(r::x12, offsetof(Set, bounds)));
    a_.mov(r::w9, 0);
    a_.bind(again);
    a_.cmp(r::w9, r::w13);
    a_.b_hs(done);
    a_.add(r::w14, r::w9, r::w13);
    a_.lsr(r::w14, r::w14, 1);
    a_.add(r::x15, r::x12, r::x14, r::lsl(4));
    a_.ldp(x5, x6, r::ptr(r::x15));
    a_.ror(x5, x5, 32);
    a_.ror(x6, x6, 32);
    a_.cmp(r::x10, x5);
    a_.b_lo(above);
    a_.b_hi(below);
    a_.cmp(r::x11, x6);
    a_.b_lo(above);
    a_.bind(below);
    a_.add(r::w9, r::w14, 1);
    a_.b(again);
    a_.bind(above);
    a_.mov(r::w13, r::w14);
    a_.b(again);
    a_.bind(done);
    a_.tst(r::w9, 1);
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
