// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/graph/selector.hpp"

#include <algorithm>
#include <utility>

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {
bool commutes(u16 operation) {
  return operation == op::add || operation == op::mul || operation == op::and_ || operation == op::or_ || operation == op::xor_;
}
}  // namespace

u32 Selector::word_of(ValueId id) const {
  const auto found = std::ranges::find(kept_, id);
  return found == kept_.end() ? bpf::memory_words : bpf::memory_words - 1 - u32(found - kept_.begin());
}

void Selector::keep(ValueId id) {
  const u32 word = word_of(id);
  if (word >= bpf::memory_words || is_kept(id)) return;
  emit(op::st, word);
  r_.kept = u16(r_.kept | 1u << word);
}

void Selector::into_a(ValueId id) {
  if (r_.a == id) return;
  if (r_.x == id) emit(op::misc | op::txa);
  else if (is_kept(id)) emit(op::ld | op::mem, word_of(id));
  else compute(id);
  r_.a = id;
  keep(id);
}

void Selector::compute(ValueId id) {
  const Value& v = values_[id];
  switch (v.kind) {
    case ValueKind::constant: return emit(op::ld | op::imm, v.k);
    case ValueKind::length: return emit(op::ld | op::len);
    case ValueKind::ancillary: return emit(op::ld | op::word | op::abs, v.k);
    case ValueKind::load: return emit(op::ld | op::abs | size_code(v.size), v.k);
    case ValueKind::indexed: into_x(v.a); return emit(op::ld | op::ind | size_code(v.size), v.k);
    case ValueKind::header: into_x(id); return emit(op::misc | op::txa);
    case ValueKind::negate: into_a(v.a); return emit(op::alu | op::neg);
    case ValueKind::binary: return binary(v);
    case ValueKind::choose: return choose(id);
    case ValueKind::walk: return walk(id);
    case ValueKind::compare:
    case ValueKind::member:
    case ValueKind::address: break;  // only ever tested
  }
}

void Selector::into_x(ValueId id) {
  if (r_.x == id) return;
  const Value& v = values_[id];
  if (r_.a == id) {
    emit(op::misc | op::tax);
  } else if (is_kept(id)) {
    emit(op::ldx | op::mem, word_of(id));
  } else if (loads_x(id)) {
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

void Selector::into_both(ValueId a, ValueId x) {
  if (r_.x == x && !writes_x(a)) return into_a(a);
  if (loads_x(x)) return into_a(a), into_x(x);
  if (!writes_x(a, {.x = x, .kept = r_.kept})) return into_x(x), into_a(a);
  if (r_.a == a && a == x) return into_x(x);
  into_a(x);
  const u32 word = words_++;
  if (words_ + kept_.size() > bpf::memory_words) ok_ = false;
  emit(op::st, word % bpf::memory_words);
  into_a(a);
  emit(op::ldx | op::mem, word % bpf::memory_words);
  r_.x = x;
  --words_;
}

// Can be loaded into X while A stays.
bool Selector::loads_x(ValueId id) const {
  const ValueKind kind = values_[id].kind;
  return is_kept(id) || kind == ValueKind::constant || kind == ValueKind::length || kind == ValueKind::header;
}

// Would computing it into A, with this in the registers, overwrite X?
bool Selector::writes_x(ValueId id, const Registers& from) const {
  if (from.a == id || from.x == id || is_kept(id, from)) return false;
  const Value& v = values_[id];
  const Registers later{.x = from.x, .kept = from.kept};  // when A has been used for something else
  switch (v.kind) {
    case ValueKind::indexed: return from.x != v.a;
    case ValueKind::header:
    case ValueKind::walk: return true;
    case ValueKind::negate: return writes_x(v.a, from);
    case ValueKind::binary: return values_.is_constant(v.b) ? writes_x(v.a, from) : from.x != v.b || writes_x(v.a, from);
    case ValueKind::choose: return writes_x(tested_by(id), from) || writes_x(v.a, later) || writes_x(v.b, later);
    default: return false;
  }
}

// What A holds when a choice is tested: masks that must come out as zero are tested by `jset`.
ValueId Selector::tested_by(ValueId id) const {
  const Choice& choice = values_.choice(id);
  const Value& v = values_[choice.value];
  const bool masked = v.kind == ValueKind::binary && v.operation == op::and_ && values_.is_constant(v.b);
  return masked && choice.low == 0 && choice.high == 0 ? v.a : choice.value;
}

void Selector::binary(const Value& v) {
  if (values_.is_constant(v.b)) {
    into_a(v.a);
    return emit(op::alu | v.operation | op::k, values_[v.b].k);
  }
  ValueId a = v.a, x = v.b;
  if (commutes(v.operation) && !(r_.x == x && !writes_x(a)) && (loads_x(a) || (r_.x == a && !writes_x(x)))) std::swap(a, x);
  into_both(a, x);
  emit(op::alu | v.operation | op::x);
}

// Test; code of one value; a jump over the code of the other.
void Selector::choose(ValueId id) {
  const Choice& choice = values_.choice(id);
  const Value& tested = values_[choice.value];
  ValueId yes = values_[id].a, no = values_[id].b;
  std::vector<std::pair<size_t, bool>> exits;  // jumps to `no`, and whether when they are taken
  const auto test = [&](u16 operation, u32 k, bool taken) {
    exits.emplace_back(out_.size(), taken);
    out_.push_back(bpf::jump(op::jmp | operation, k, 0, 0));
  };
  into_a(tested_by(id));
  if (tested_by(id) != choice.value) {
    test(op::jset, values_[tested.b].k, true);
  } else if (choice.low == choice.high) {
    test(op::jeq, choice.low, false);
  } else {
    if (choice.low > 0) test(op::jge, choice.low, false);
    if (choice.high < tested.max || choice.low == 0) test(op::jgt, choice.high, true);
  }
  const Registers before = r_;
  into_a(yes);
  const Registers after_yes = r_;
  const size_t over = out_.size();
  emit(op::jmp | op::ja);
  for (const auto& [at, taken] : exits) {
    const size_t distance = out_.size() - at - 1;
    if (distance > 255) ok_ = false;
    (taken ? out_[at].jt : out_[at].jf) = u8(distance);
  }
  r_ = before;
  into_a(no);
  out_[over].k = u32(out_.size() - over - 1);
  if (after_yes.x != r_.x) r_.x = no_value;
  r_.kept &= after_yes.kept;
}

}  // namespace trawl::inline v0::filter
