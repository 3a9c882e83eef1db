// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <asmjit/x86.h>

#include "bpf/hosted/jit/assemble.hpp"

namespace trawl::inline v0::bpf::jit {

/// System V: data in rdi, size in rsi, length in edx, sets in rcx. A is eax, X is ecx, the length r8d, the sets r11; memory
/// lies below the stack pointer: nothing is called.
class X86 {
 public:
  static constexpr asmjit::Arch arch = asmjit::Arch::kX64;
  using Assembler = asmjit::x86::Assembler;
  explicit X86(Assembler& assembler) : a_(assembler) {}

  void begin(bool asks_sets) {
    reject_ = a_.newLabel(), ask_ = a_.newLabel(), beyond_ = a_.newLabel();
    if (asks_sets) a_.mov(r11, rcx);
    a_.mov(r8d, edx);
    a_.xor_(eax, eax);
    a_.xor_(ecx, ecx);
  }
  void exits() {
    a_.bind(beyond_);
    a_.cmp(r9d, imm(ancillary::link_base));
    a_.jae(ask_);
    a_.bind(reject_);
    a_.xor_(eax, eax);
    a_.ret();
    a_.bind(ask_);
    a_.mov(asmjit::x86::rax, ask_interpreter);
    a_.ret();
  }

  void need(u64 bytes) {
    if (bytes > 0x7fffffff) return void(a_.jmp(reject_));
    a_.cmp(rsi, asmjit::imm(i64(bytes)));
    a_.jb(reject_);
  }
  void load(u32 at, u32 width) { fetch(asmjit::x86::ptr(rdi, i32(at)), width); }
  void load_indexed(u32 at, u32 width) {
    a_.lea(r9d, asmjit::x86::ptr(asmjit::x86::rcx, i32(at)));
    a_.lea(r10, asmjit::x86::ptr(r9, i32(width)));
    a_.cmp(r10, rsi);
    a_.ja(beyond_);
    fetch(asmjit::x86::ptr(rdi, r9), width);
  }
  void header_length(u32 at) {
    a_.movzx(ecx, asmjit::x86::byte_ptr(rdi, i32(at)));
    a_.and_(ecx, 15);
    a_.shl(ecx, 2);
  }
  void set(bool x, u32 k) { k ? a_.mov(reg(x), imm(k)) : a_.xor_(reg(x), reg(x)); }
  void set_length(bool x) { a_.mov(reg(x), r8d); }
  void set_memory(bool x, u32 word) { a_.mov(reg(x), memory(word)); }
  void store(bool x, u32 word) { a_.mov(memory(word), reg(x)); }
  void move(bool x_to_a) { x_to_a ? a_.mov(eax, ecx) : a_.mov(ecx, eax); }
  void give_a() { a_.ret(); }
  void give(u32 k) {
    set(false, k);
    a_.ret();
  }
  void give_either(u16 operation, u32 yes, u32 no) {
    a_.mov(eax, imm(no));  // keeps the flags
    a_.mov(r9d, imm(yes));
    switch (operation) {
      case op::jeq: a_.cmove(eax, r9d); break;
      case op::jgt: a_.cmova(eax, r9d); break;
      case op::jge: a_.cmovae(eax, r9d); break;
      default: a_.cmovnz(eax, r9d);
    }
    a_.ret();
  }
  void go(const asmjit::Label& to) { a_.jmp(to); }

  void with_constant(u16 operation, u32 k) {
    switch (operation) {
      case op::add: a_.add(eax, imm(k)); break;
      case op::sub: a_.sub(eax, imm(k)); break;
      case op::and_: a_.and_(eax, imm(k)); break;
      case op::or_: a_.or_(eax, imm(k)); break;
      case op::xor_: a_.xor_(eax, imm(k)); break;
      case op::lsh: a_.shl(eax, k); break;
      case op::rsh: a_.shr(eax, k); break;
      case op::mul: a_.imul(eax, eax, imm(k)); break;
      case op::neg: a_.neg(eax); break;
      default: a_.mov(r9d, imm(k)); divide(operation, r9d);
    }
  }
  void with_x(u16 operation) {
    switch (operation) {
      case op::add: a_.add(eax, ecx); break;
      case op::sub: a_.sub(eax, ecx); break;
      case op::and_: a_.and_(eax, ecx); break;
      case op::or_: a_.or_(eax, ecx); break;
      case op::xor_: a_.xor_(eax, ecx); break;
      case op::lsh: a_.shl(eax, asmjit::x86::cl); break;
      case op::rsh: a_.shr(eax, asmjit::x86::cl); break;
      case op::mul: a_.imul(eax, ecx); break;
      default:
        a_.test(ecx, ecx);
        a_.jz(reject_);
        divide(operation, ecx);
    }
  }
  void compare(u16 operation, bool x, u32 k) {
    if (operation == op::jset) x ? a_.test(eax, ecx) : a_.test(eax, imm(k));
    else x ? a_.cmp(eax, ecx) : a_.cmp(eax, imm(k));
  }
  // Whether A is in the set that lies `at` behind the first: the flag is that of `jnz`. X waits in memory.
  void find(u64 at) {
    const asmjit::Label again = a_.newLabel(), above = a_.newLabel(), done = a_.newLabel();
    a_.mov(saved(0), rcx);
    a_.xor_(r9d, r9d);
    a_.cmp(eax, set(at, offsetof(Set, last), 4));
    a_.ja(done);
    a_.mov(ecx, set(at, offsetof(Set, shift), 4));
    a_.mov(edx, eax);
    a_.shr(edx, asmjit::x86::cl);
    a_.mov(r10, set(at, offsetof(Set, start), 8));
    a_.mov(r9d, asmjit::x86::dword_ptr(r10, rdx, 2));
    a_.mov(r10d, asmjit::x86::dword_ptr(r10, rdx, 2, 4));
    a_.mov(rdx, set(at, offsetof(Set, bounds), 8));
    a_.bind(again);
    a_.cmp(r9d, r10d);
    a_.jae(done);
    a_.lea(ecx, asmjit::x86::ptr(r9, r10));
    a_.shr(ecx, 1);
    a_.cmp(asmjit::x86::dword_ptr(rdx, rcx, 2), eax);
    a_.ja(above);
    a_.lea(r9d, asmjit::x86::ptr(rcx, 1));
    a_.jmp(again);
    a_.bind(above);
    a_.mov(r10d, ecx);
    a_.jmp(again);
    a_.bind(done);
    a_.mov(rcx, saved(0));
    a_.test(r9d, 1);
  }
  // The same for the 16 bytes at offset A: two halves of 64 bits. A bound's words are in this machine's order.
  void find_address(u64 at) {
    const Gp all[] = {rax, rcx, rdi, r8, r11};
    const asmjit::Label again = a_.newLabel(), below = a_.newLabel(), above = a_.newLabel(), done = a_.newLabel();
    a_.lea(r10, asmjit::x86::ptr(rax, 16));
    a_.cmp(r10, rsi);
    a_.ja(reject_);
    for (i32 i = 0; i < 5; ++i) a_.mov(saved(i), all[i]);
    a_.mov(rcx, asmjit::x86::qword_ptr(rdi, rax));
    a_.mov(rdi, asmjit::x86::qword_ptr(rdi, rax, 0, 8));
    a_.bswap(rcx);
    a_.bswap(rdi);
    a_.xor_(r9d, r9d);
    a_.mov(r10d, set(at, offsetof(Set, count), 4));
    a_.mov(r11, set(at, offsetof(Set, bounds), 8));
    a_.bind(again);
    a_.cmp(r9d, r10d);
    a_.jae(done);
    a_.lea(eax, asmjit::x86::ptr(r9, r10));
    a_.shr(eax, 1);
    a_.mov(edx, eax);
    a_.shl(rdx, 4);
    a_.mov(r8, asmjit::x86::qword_ptr(r11, rdx));
    a_.rol(r8, 32);
    a_.cmp(rcx, r8);
    a_.jb(above);
    a_.ja(below);
    a_.mov(r8, asmjit::x86::qword_ptr(r11, rdx, 0, 8));
    a_.rol(r8, 32);
    a_.cmp(rdi, r8);
    a_.jb(above);
    a_.bind(below);
    a_.lea(r9d, asmjit::x86::ptr(rax, 1));
    a_.jmp(again);
    a_.bind(above);
    a_.mov(r10d, eax);
    a_.jmp(again);
    a_.bind(done);
    for (i32 i = 0; i < 5; ++i) a_.mov(all[i], saved(i));
    a_.test(r9d, 1);
  }
  void branch(u16 operation, bool when, const asmjit::Label& to) {
    switch (operation) {
      case op::jeq: when ? a_.je(to) : a_.jne(to); break;
      case op::jgt: when ? a_.ja(to) : a_.jbe(to); break;
      case op::jge: when ? a_.jae(to) : a_.jb(to); break;
      default: when ? a_.jnz(to) : a_.jz(to);
    }
  }

 private:
  using Gp = asmjit::x86::Gp;
  static constexpr Gp eax = asmjit::x86::eax, ecx = asmjit::x86::ecx, edx = asmjit::x86::edx, r8d = asmjit::x86::r8d,
                      r9d = asmjit::x86::r9d, r10d = asmjit::x86::r10d;
  static constexpr Gp rax = asmjit::x86::rax, rcx = asmjit::x86::rcx, rdx = asmjit::x86::rdx, rdi = asmjit::x86::rdi,
                      rsi = asmjit::x86::rsi, r8 = asmjit::x86::r8, r9 = asmjit::x86::r9, r10 = asmjit::x86::r10, r11 = asmjit::x86::r11;
  static Gp reg(bool x) { return x ? ecx : eax; }
  static asmjit::Imm imm(u32 k) { return asmjit::imm(i32(k)); }
  static asmjit::x86::Mem memory(u32 word) { return asmjit::x86::dword_ptr(asmjit::x86::rsp, -64 + 4 * i32(word)); }

  // Below the sixteen words, inside of the 128 bytes that signals leave alone.
  static asmjit::x86::Mem saved(i32 i) { return asmjit::x86::qword_ptr(asmjit::x86::rsp, -72 - 8 * i); }
  static asmjit::x86::Mem set(u64 at, size_t field, u32 size) { return asmjit::x86::ptr(r11, i32(at + field), size); }

  void fetch(asmjit::x86::Mem from, u32 width) {
    from.setSize(width);
    switch (width) {
      case 1: a_.movzx(eax, from); break;
      case 2:
        a_.movzx(eax, from);
        a_.rol(asmjit::x86::ax, 8);
        break;
      default: a_.mov(eax, from); a_.bswap(eax);
    }
  }
  void divide(u16 operation, const Gp& by) {
    a_.xor_(edx, edx);
    a_.div(by);
    if (operation == op::mod) a_.mov(eax, edx);
  }

  Assembler& a_;
  asmjit::Label reject_, ask_, beyond_;
};

}  // namespace trawl::inline v0::bpf::jit
