// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include "filter/graph/select.hpp"

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {

u64 hash(const Code& code, std::span<const bpf::Instruction> straight) {
  u64 h = u64{code.count} << 8 | code.jump_count;
  const auto mix = [&h](u64 part) {
    h = (h ^ part) * 0x9e3779b97f4a7c15;
    h ^= h >> 31;
  };
  for (const bpf::Instruction& in : straight) mix(u64{in.code} << 32 | in.k);
  for (const Code::Jump& jump : code.jumps) mix(u64{jump.operation} << 32 | jump.k), mix(u64{jump.yes} << 32 | jump.no);
  mix(code.onward);
  return h;
}

// Blocks in an order of execution, each close to those that it leads to; the last one first.
ScratchVector<BlockId> order_blocks(std::span<const Code> code, BlockId root, Memory* memory) {
  enum : u8 { unseen, open, placed };
  ScratchVector<BlockId> order(memory), stack(memory);
  order.reserve(code.size()), stack.reserve(2 * code.size());
  stack.push_back(root);
  ScratchVector<u8> state(code.size(), memory);
  while (!stack.empty()) {
    const BlockId id = stack.back();
    if (id == Code::Jump::next || id < first_block || state[id] == placed) {
      stack.pop_back();
    } else if (state[id] == open) {
      state[id] = placed;
      order.push_back(id);
      stack.pop_back();
    } else {
      state[id] = open;
      const Code& c = code[id];
      if (c.jump_count == 0) stack.push_back(c.onward);
      for (u8 i = 0; i < c.jump_count; ++i) stack.push_back(c.jumps[i].yes), stack.push_back(c.jumps[i].no);
    }
  }
  return order;
}

// Writes from the end to the beginning, so that all targets are known. Indices count from the end.
class Writer {
 public:
  Writer(const Selection& selection, u32 snaplen, Memory* memory) : snaplen_(snaplen), place_(selection.code.size(), nowhere, memory) {
    out_.reserve(selection.straight.size() + 2 * selection.code.size() + 2);
  }

  void block(BlockId id, const Code& code, std::span<const bpf::Instruction> straight) {
    if (code.jump_count == 0) {
      if (!falls_through(code.onward)) go(code.onward);
    } else {
      size_t next = nowhere;
      for (u8 i = code.jump_count; i-- > 0;) next = jump(code.jumps[i], next);
    }
    out_.insert(out_.end(), straight.rbegin(), straight.rend());
    for (const bpf::Instruction& in : straight) loads_memory_ |= in.code == (op::ld | op::mem) || in.code == (op::ldx | op::mem);
    place_[id] = out_.size() - 1;
  }
  void begin_with(BlockId root) {
    if (!falls_through(root)) go(root);
  }
  std::vector<bpf::Instruction> finish() {
    std::ranges::reverse(out_);
    return std::move(out_);
  }

 private:
  static constexpr size_t nowhere = ~size_t{};

  bool falls_through(BlockId to) const { return !out_.empty() && place_[to] == out_.size() - 1; }

  // A way to `to` right here: its `ret` when it is one, else a long jump.
  void go(BlockId to) {
    if (to == accept_block) leave(snaplen_);
    else if (to == reject_block) leave(0);
    else out_.push_back(bpf::statement(op::jmp | op::ja, u32(out_.size() - place_[to] - 1)));
    place_[to] = out_.size() - 1;
  }
  // The kernel's check takes a `ret` for a way into what stands behind it. A jump between them ends that, never taken, to the
  // last instruction of all, which is a `ret` itself.
  void leave(u32 kept) {
    if (loads_memory_) out_.push_back(bpf::statement(op::jmp | op::ja, u32(out_.size() - 1)));
    out_.push_back(bpf::statement(op::ret | op::k, kept));
  }
  bool in_reach(size_t place, size_t slack) const { return place != nowhere && out_.size() + slack - place - 1 <= 255; }
  // A jump may still be pushed two instructions further away by what brings the other target near.
  void bring_near(BlockId to, size_t slack) {
    if (to != Code::Jump::next && !in_reach(place_[to], slack)) go(to);
  }
  size_t jump(const Code::Jump& jump, size_t next) {
    bring_near(jump.no, 2);
    bring_near(jump.yes, 0);
    bring_near(jump.no, 0);
    const auto distance = [&](BlockId to) { return u8(out_.size() - (to == Code::Jump::next ? next : place_[to]) - 1); };
    out_.push_back(bpf::jump(op::jmp | jump.operation, jump.k, distance(jump.yes), distance(jump.no)));
    return out_.size() - 1;
  }

  u32 snaplen_;
  std::vector<bpf::Instruction> out_;
  bool loads_memory_ = false;
  ScratchVector<size_t> place_;  // of each block's first instruction
};

}  // namespace

BlockId merge_equal_code(Selection& selection, BlockId root) {
  auto& code = selection.code;
  size_t size = 16;
  while (size < code.size() * 2) size *= 2;
  Scratch<2048> scratch;
  ScratchVector<BlockId> table(size, scratch.memory()), renamed(code.size(), scratch.memory());
  const auto equal = [&](const Code& a, const Code& b) {
    return a.count == b.count && a.jump_count == b.jump_count && a.onward == b.onward && std::ranges::equal(a.jumps, b.jumps) &&
           std::ranges::equal(selection.straight_of(a), selection.straight_of(b));
  };
  renamed[reject_block] = reject_block;
  const auto rename = [&](BlockId& target) {
    if (target != Code::Jump::next) target = renamed[target];
  };
  for (BlockId id = first_block; id < code.size(); ++id) {
    Code& c = code[id];
    rename(c.onward);
    for (u8 i = 0; i < c.jump_count; ++i) rename(c.jumps[i].yes), rename(c.jumps[i].no);
    size_t at = hash(c, selection.straight_of(c)) & (size - 1);
    while (table[at] && !equal(code[table[at]], c)) at = (at + 1) & (size - 1);
    if (!table[at]) table[at] = id;
    renamed[id] = table[at];
  }
  return renamed[root];
}

std::vector<bpf::Instruction> lay_out(const Selection& selection, BlockId root, u32 snaplen) {
  Scratch<2048> scratch;
  Writer writer(selection, snaplen, scratch.memory());
  for (const BlockId id : order_blocks(selection.code, root, scratch.memory())) {
    const Code& block = selection.code[id];
    writer.block(id, block, selection.straight_of(block));
  }
  writer.begin_with(root);
  return writer.finish();
}

}  // namespace trawl::inline v0::filter
