// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/graph/select.hpp"

#include <algorithm>
#include <optional>

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {

constexpr ValueId unknown = ~ValueId{};

struct Registers {
  ValueId a = unknown, x = unknown;
  bool reached = false;
};

class Selector {
 public:
  Selector(const Values& values, std::vector<bpf::Instruction>& out, Registers& registers) : values_(values), out_(out), r_(registers) {}

  bool ok() const { return ok_; }

  void into_a(ValueId id) {
    if (r_.a == id) return;
    const Value& v = values_[id];
    if (r_.x == id) return emit(op::misc | op::txa), set_a(id);
    switch (v.kind) {
      case ValueKind::constant: emit(op::ld | op::imm, v.k); break;
      case ValueKind::length: emit(op::ld | op::len); break;
      case ValueKind::ancillary: emit(op::ld | op::word | op::abs, v.k); break;
      case ValueKind::load: emit(op::ld | op::abs | size_code(v.size), v.k); break;
      case ValueKind::indexed:
        into_x(v.a);
        emit(op::ld | op::ind | size_code(v.size), v.k);
        break;
      case ValueKind::header:
        into_x(id);
        emit(op::misc | op::txa);
        break;
      case ValueKind::negate:
        into_a(v.a);
        emit(op::alu | op::neg);
        break;
      case ValueKind::binary: binary(v); break;
      case ValueKind::compare: break;  // only ever tested
    }
    set_a(id);
  }

  void into_x(ValueId id) {
    if (r_.x == id) return;
    const Value& v = values_[id];
    if (r_.a == id) {
      emit(op::misc | op::tax);
    } else if (fits_x(id)) {
      emit(v.kind == ValueKind::constant ? op::ldx | op::imm
           : v.kind == ValueKind::length ? op::ldx | op::len
                                         : op::ldx | op::byte | op::msh,
           v.k);
    } else {
      into_a(id);
      emit(op::misc | op::tax);
    }
    r_.x = id;
  }

  // Both at once, for comparisons.
  void into_both(ValueId a, ValueId x) {
    if (r_.x == x && !writes_x(a)) return into_a(a);
    if (fits_x(x)) return into_a(a), into_x(x);
    if (!writes_x(a)) return into_x(x), into_a(a);
    if (r_.a == a && a == x) return into_x(x);
    into_a(x);
    const u32 word = words_++;
    if (words_ > bpf::memory_words) ok_ = false;
    emit(op::st, word % bpf::memory_words);
    into_a(a);
    emit(op::ldx | op::mem, word % bpf::memory_words);
    r_.x = x;
    --words_;
  }

 private:
  static int size_code(u8 size) { return size == 4 ? op::word : size == 2 ? op::half : op::byte; }
  void emit(int code, u32 k = 0) { out_.push_back(bpf::statement(code, k)); }
  void set_a(ValueId id) { r_.a = id; }

  // Can be loaded into X while A stays.
  bool fits_x(ValueId id) const {
    const ValueKind kind = values_[id].kind;
    return r_.x == id || kind == ValueKind::constant || kind == ValueKind::length || kind == ValueKind::header;
  }
  // Would computing it into A overwrite X?
  bool writes_x(ValueId id) const {
    if (r_.a == id || r_.x == id) return false;
    const Value& v = values_[id];
    switch (v.kind) {
      case ValueKind::indexed: return r_.x != v.a;
      case ValueKind::header: return true;
      case ValueKind::negate: return writes_x(v.a);
      case ValueKind::binary: return !values_.is_constant(v.b) ? !(r_.x == v.b && !writes_x(v.a)) : writes_x(v.a);
      default: return false;
    }
  }
  static bool commutes(u16 operation) {
    return operation == op::add || operation == op::mul || operation == op::and_ || operation == op::or_ || operation == op::xor_;
  }

  void binary(const Value& v) {
    if (values_.is_constant(v.b)) {
      into_a(v.a);
      return emit(op::alu | v.operation | op::k, values_[v.b].k);
    }
    ValueId a = v.a, x = v.b;
    if (commutes(v.operation) && !(r_.x == x && !writes_x(a)) && (fits_x(a) || (r_.x == a && !writes_x(x)))) std::swap(a, x);
    into_both(a, x);
    emit(op::alu | v.operation | op::x);
  }

  const Values& values_;
  std::vector<bpf::Instruction>& out_;
  Registers& r_;
  u32 words_ = 0;
  bool ok_ = true;
};

// The jumps of a range test, and the value that A must hold.
ValueId choose_jumps(const Block& block, const Values& values, Code& code) {
  const Test& test = block.test;
  const Value& v = values[test.value];
  const BlockId yes = block.yes, no = block.no;
  const auto one = [&](u16 operation, u32 k, BlockId on_yes, BlockId on_no) {
    code.jumps[0] = {operation, k, on_yes, on_no};
    code.jump_count = 1;
  };
  if (v.kind == ValueKind::compare) {  // in [1, 1] or in [0, 0]
    one(v.operation | op::x, 0, test.high == 0 ? no : yes, test.high == 0 ? yes : no);
    return v.a;
  }
  if (v.kind == ValueKind::binary && v.operation == op::and_ && values.is_constant(v.b) && test.low == 0 && test.high == 0) {
    one(op::jset, values[v.b].k, no, yes);
    return v.a;
  }
  if (test.low == test.high) {
    one(op::jeq, test.low, yes, no);
  } else if (test.low == 0) {
    one(op::jgt, test.high, no, yes);
  } else {
    one(op::jge, test.low, yes, no);
    if (test.high < v.max) {
      code.jumps[0].yes = Code::Jump::next;
      code.jumps[1] = {op::jgt, test.high, no, yes};
      code.jump_count = 2;
    }
  }
  return test.value;
}

}  // namespace

std::optional<std::vector<Code>> select_instructions(const Graph& graph, const Values& values, const std::vector<Demand>& done,
                                                     Reuse reuse) {
  std::vector<Code> result(graph.blocks.size());
  std::vector<Registers> entry(graph.blocks.size());
  if (graph.root >= first_block) entry[graph.root].reached = true;
  const auto leave = [&](BlockId to, const Registers& registers) {
    Registers& there = entry[to];
    if (!there.reached) {
      there = registers;
      return;
    }
    if (there.a != registers.a) there.a = unknown;
    if (there.x != registers.x) there.x = unknown;
  };
  for (BlockId id = BlockId(graph.blocks.size()); id-- > first_block;) {
    if (!entry[id].reached) continue;
    const Block& block = graph.blocks[id];
    Code& code = result[id];
    Registers registers = entry[id];
    if (reuse == Reuse::nothing) registers = {unknown, unknown, true};
    Selector selector(values, code.straight, registers);

    const bool decided = block.yes == block.no || block.test.low > block.test.high || values.is_constant(block.test.value);
    const Demand own = values[block.test.value].demand;
    Demand have = done[id];
    if (!decided) have = have | own;
    const Demand missing{block.test.demand.reach > have.reach ? block.test.demand.reach : 0, block.test.demand.effects & ~have.effects};
    if (missing.effects & Values::untracked && !(own.effects & Values::untracked)) return std::nullopt;
    for (u64 left = missing.effects & ~Values::untracked; left; left &= left - 1) selector.into_a(values.effect(left & (0 - left)));
    if (decided && missing.effects & Values::untracked) selector.into_a(block.test.value);
    if (missing.reach) {
      code.straight.push_back(bpf::statement(op::ld | op::byte | op::abs, missing.reach - 1));
      registers.a = unknown;
    }

    if (decided) {
      const bool holds = block.yes == block.no || (block.test.low <= block.test.high && values[block.test.value].k >= block.test.low &&
                                                   values[block.test.value].k <= block.test.high);
      code.onward = holds ? block.yes : block.no;
      leave(code.onward, registers);
    } else {
      const ValueId needed = choose_jumps(block, values, code);
      const Value& tested = values[block.test.value];
      if (tested.kind == ValueKind::compare) selector.into_both(tested.a, tested.b);
      else selector.into_a(needed);
      leave(block.yes, registers);
      leave(block.no, registers);
    }
    if (!selector.ok()) return std::nullopt;
  }
  return result;
}

}  // namespace trawl::inline v0::filter
