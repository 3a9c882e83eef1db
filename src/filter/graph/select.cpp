// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/graph/select.hpp"

#include <algorithm>
#include <optional>

#include "filter/graph/selector.hpp"

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {

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
  if (v.kind == ValueKind::member || v.kind == ValueKind::address) {
    one(v.kind == ValueKind::member ? op::jin : op::jin | op::x, v.k, test.high == 0 ? no : yes, test.high == 0 ? yes : no);
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

std::optional<Selection> select_instructions(const Graph& graph, const Values& values, std::span<const Demand> done, Reuse reuse,
                                             std::span<const ValueId> kept, Memory* memory) {
  std::optional<Selection> result(std::in_place, graph.blocks.size(), memory);
  ScratchVector<Registers> entry(graph.blocks.size(), memory);
  if (graph.root >= first_block) entry[graph.root].reached = true;
  const auto leave = [&](BlockId to, const Registers& registers) {
    Registers& there = entry[to];
    if (!there.reached) {
      there = registers;
      return;
    }
    if (there.a != registers.a) there.a = no_value;
    if (there.x != registers.x) there.x = no_value;
    there.kept &= registers.kept;
  };
  for (BlockId id = BlockId(graph.blocks.size()); id-- > first_block;) {
    if (!entry[id].reached) continue;
    const Block& block = graph.blocks[id];
    Code& code = result->code[id];
    code.first = u32(result->straight.size());
    Registers registers = entry[id];
    if (reuse == Reuse::nothing) registers = {.reached = true};
    Selector selector(values, result->straight, registers, kept);

    const bool decided = block.yes == block.no || block.test.low > block.test.high || values.is_constant(block.test.value);
    const Demand own = values[block.test.value].demand;
    Demand have = done[id];
    if (!decided) have = have | own;
    const Demand missing{block.test.demand.reach > have.reach ? block.test.demand.reach : 0, block.test.demand.effects & ~have.effects};
    if (missing.effects & Values::untracked && !(own.effects & Values::untracked)) return std::nullopt;
    for (u64 left = missing.effects & ~Values::untracked; left; left &= left - 1) selector.into_a(values.effect(left & (0 - left)));
    if (decided && missing.effects & Values::untracked) {
      if (is_only_tested(values[block.test.value].kind)) return std::nullopt;
      selector.into_a(block.test.value);
    }
    if (missing.reach) {
      result->straight.push_back(bpf::statement(op::ld | op::byte | op::abs, missing.reach - 1));
      registers.a = no_value;
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
    code.count = u32(result->straight.size()) - code.first;
    if (!selector.ok()) return std::nullopt;
  }
  return result;
}

}  // namespace trawl::inline v0::filter
