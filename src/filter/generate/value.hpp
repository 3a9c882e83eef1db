// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Values that a program computes: pure functions of the packet, each kept once, so that equal values have equal ids.
#pragma once
#include <vector>

#include "filter/scratch.hpp"
#include "trawl/bpf/instruction.hpp"

namespace trawl::inline v0::filter {

using ValueId = u32;

enum class ValueKind : u8 {
  constant,   ///< k
  length,     ///< of the packet on the wire
  ancillary,  ///< k
  load,       ///< `size` bytes at k
  indexed,    ///< `size` bytes at a + k
  header,     ///< 4 * (byte k & 15): the length of an IPv4 header
  binary,     ///< a operation b
  negate,     ///< -a
  compare,    ///< a operation b: 1 or 0
  member,     ///< whether a is in set k: 1 or 0
  address,    ///< whether the 16 bytes at offset a are in set k: 1 or 0
  choose,     ///< a where Values::choice(k) holds, else b
  walk,       ///< the number at which a chain of headers ends: Values::chain(k), the first at offset a, its number b
};

constexpr bool is_only_tested(ValueKind kind) {
  return kind == ValueKind::compare || kind == ValueKind::member || kind == ValueKind::address;
}

/// What evaluating something asks of the packet; where it is not there the packet is rejected.
struct Demand {
  u32 reach = 0;    ///< this many bytes have been captured
  u64 effects = 0;  ///< bits of Values::effect: loads at computed offsets, divisions by something not zero
  constexpr Demand operator|(const Demand& other) const { return {reach > other.reach ? reach : other.reach, effects | other.effects}; }
  constexpr bool operator==(const Demand&) const = default;
};

struct Value {
  ValueKind kind = ValueKind::constant;
  u8 size = 0;
  u16 operation = 0;  ///< of bpf::op: alu or jmp
  u32 k = 0;
  ValueId a = 0, b = 0;
  u32 max = 0;        ///< it is never more
  Demand demand;
  bool same(const Value& other) const {
    return kind == other.kind && size == other.size && operation == other.operation && k == other.k && a == other.a && b == other.b;
  }
};

/// low <= value <= high
struct Choice {
  ValueId value = 0;
  u32 low = 0, high = 0;
  bool operator==(const Choice&) const = default;
};

/// How headers that name the next one are followed.
struct HeaderChain {
  u32 start = 0;   ///< added to the offsets
  u8 number = 0;   ///< the walk ends at this one
  bool v6 = false;  ///< IPv6 extension headers; else only AH is followed
  bool gives_offset = false;  ///< of the last header, instead of its number
  u16 steps = 0;   ///< headers at most; 0: all, by a loop that every header makes longer
  bool operator==(const HeaderChain&) const = default;
};

class Values {
 public:
  explicit Values(Memory* memory) : values_(memory), table_(memory), effects_(memory) {}

  /// Effects beyond 63 share this bit, and then nothing is known to have been done.
  static constexpr u64 untracked = u64{1} << 63;
  /// An offset that no packet reaches.
  static constexpr u32 nowhere = 0x7fffff00;

  const Value& operator[](ValueId id) const { return values_[id]; }
  bool is_constant(ValueId id) const { return values_[id].kind == ValueKind::constant; }
  bool is_constant(ValueId id, u32 k) const { return is_constant(id) && values_[id].k == k; }

  ValueId constant(u32 k);
  ValueId length();
  ValueId ancillary(u32 k);
  ValueId load(u32 offset, u8 size);
  ValueId header(u32 offset);
  /// At base + offset, modulo 2^32.
  ValueId indexed(ValueId base, u32 offset, u8 size);
  /// Constants are folded and collected on the right. What a folded operand demands is lost here: keep its Demand.
  ValueId binary(u16 operation, ValueId a, ValueId b);
  ValueId negate(ValueId a);
  ValueId compare(u16 operation, ValueId a, ValueId b);
  ValueId member(u32 set, ValueId a);
  ValueId address(u32 set, ValueId offset);
  /// Only the one that is chosen is computed.
  ValueId choose(const Choice& choice, ValueId yes, ValueId no);
  const Choice& choice(ValueId id) const { return choices_[values_[id].k]; }
  ValueId walk(const HeaderChain& chain, ValueId offset, ValueId number);
  const HeaderChain& chain(ValueId id) const { return chains_[values_[id].k]; }
  size_t size() const { return values_.size(); }
  /// The value whose evaluation is effect `bit` (one bit set, not untracked).
  ValueId effect(u64 bit) const { return effects_[size_t(__builtin_ctzll(bit))]; }

 private:
  ValueId intern(Value value);
  u64 new_effect(ValueId id);
  void grow();

  ScratchVector<Value> values_;
  ScratchVector<ValueId> table_;  // open addressing, id + 1
  ScratchVector<ValueId> effects_;
  std::vector<Choice> choices_;
  std::vector<HeaderChain> chains_;
};

}  // namespace trawl::inline v0::filter
