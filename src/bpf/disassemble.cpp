// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/bpf/disassemble.hpp"

namespace trawl::inline v0::bpf {

namespace {

// Mnemonics fill 8 columns and a space, operands of jumps 16 more.
struct Line {
  TextOut& out;
  size_t start = out.size();
  void operand_column() { pad(9); }
  void jump_column() { pad(25); }

 private:
  void pad(size_t column) {
    while (out.size() - start < column && !out.cut()) out.put(' ');
  }
};

constexpr std::string_view alu_names[] = {"add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "neg", "mod", "xor"};
constexpr std::string_view jump_names[] = {"ja", "jeq", "jgt", "jge", "jset", "jin"};
constexpr std::string_view ancillary_names[] = {"proto",  "type", "ifidx", "nla",      "nlan",  "mark", "queue", "hatype",
                                                "rxhash", "cpu",  "xor_x", "vlan_tci", "vlanp", "poff", "rand",  "vlan_tpid"};

void put_hex(TextOut& out, u32 value) { out.put("#0x").number(value, 16); }
void put_decimal(TextOut& out, u32 value) { out.put('#').number(value); }

void put_absolute(TextOut& out, u32 k) {
  out.put('[');
  if (k >= ancillary::base && k <= ancillary::last && k % 4 == 0) out.put(ancillary_names[(k - ancillary::base) / 4]);
  else if (k >> 31) out.integer(i32(k));
  else out.number(k);
  out.put(']');
}
void put_memory(TextOut& out, u32 k) { out.put("M[").number(k).put(']'); }

std::string_view load_name(u16 code) {
  if (class_of(code) == op::ldx) return mode_of(code) == op::msh ? "ldxb" : "ldx";
  if (mode_of(code) != op::abs && mode_of(code) != op::ind) return "ld";
  return size_of(code) == op::word ? "ld" : size_of(code) == op::half ? "ldh" : "ldb";
}

bool put_load(TextOut& out, Line& line, const Instruction& in) {
  out.put(load_name(in.code));
  line.operand_column();
  switch (mode_of(in.code)) {
    case op::imm: put_hex(out, in.k); return true;
    case op::abs: put_absolute(out, in.k); return true;
    case op::ind: out.put("[x + ").number(in.k).put(']'); return true;
    case op::mem: put_memory(out, in.k); return true;
    case op::len: out.put("#pktlen"); return true;
    case op::msh: out.put("4*([").number(in.k).put("]&0xf)"); return true;
    default: return false;
  }
}

bool put_alu(TextOut& out, Line& line, const Instruction& in) {
  const size_t operation = operation_of(in.code) >> 4;
  if (operation >= std::size(alu_names)) return false;
  out.put(alu_names[operation]);
  line.operand_column();
  if (operation_of(in.code) == op::neg) return true;
  if (uses_x(in.code)) out.put('x');
  else if (operation_of(in.code) == op::and_ || operation_of(in.code) == op::or_ || operation_of(in.code) == op::xor_) put_hex(out, in.k);
  else put_decimal(out, in.k);
  return true;
}

bool put_jump(TextOut& out, Line& line, const Instruction& in, size_t at) {
  const size_t operation = operation_of(in.code) >> 4;
  if (operation >= std::size(jump_names)) return false;
  out.put(jump_names[operation]);
  line.operand_column();
  if (operation_of(in.code) == op::ja) {
    out.number(u32(at + 1 + in.k));  // modulo 2^32: back
    return true;
  }
  if (operation_of(in.code) == op::jin) out.put(uses_x(in.code) ? "[a:16] @" : "@").number(in.k);
  else if (uses_x(in.code)) out.put('x');
  else put_hex(out, in.k);
  line.jump_column();
  out.put(" jt ").number(at + 1 + in.jt).put("\tjf ").number(at + 1 + in.jf);
  return true;
}

}  // namespace

void put(TextOut& out, const Instruction& in, size_t at) {
  out.put('(').number(at, 10, 3).put(") ");
  Line line{out};
  bool known = true;
  switch (class_of(in.code)) {
    case op::ld:
    case op::ldx: known = put_load(out, line, in); break;
    case op::st:
    case op::stx:
      out.put(class_of(in.code) == op::st ? "st" : "stx");
      line.operand_column();
      put_memory(out, in.k);
      break;
    case op::alu: known = put_alu(out, line, in); break;
    case op::jmp: known = put_jump(out, line, in, at); break;
    case op::ret:
      out.put("ret");
      line.operand_column();
      if ((in.code & 0x18) == op::a) out.put('a');
      else put_decimal(out, in.k);
      break;
    default: out.put((in.code & 0xf8) == op::txa ? "txa" : "tax"); line.operand_column();
  }
  if (!known) {
    out.put("unimp");
    line.operand_column();
    out.put("0x").number(in.code, 16);
  }
}

void put(TextOut& out, std::span<const Instruction> instructions, Listing listing) {
  if (listing == Listing::decimal) out.number(instructions.size()).put('\n');
  for (size_t i = 0; i < instructions.size(); ++i) {
    const Instruction& in = instructions[i];
    switch (listing) {
      case Listing::assembly: put(out, in, i); break;
      case Listing::c:
        out.put("{ 0x").number(in.code, 16).put(", ").number(in.jt).put(", ").number(in.jf).put(", 0x").number(in.k, 16, 8).put(" },");
        break;
      case Listing::decimal: out.number(in.code).put(' ').number(in.jt).put(' ').number(in.jf).put(' ').number(in.k); break;
    }
    out.put('\n');
  }
}

}  // namespace trawl::inline v0::bpf
