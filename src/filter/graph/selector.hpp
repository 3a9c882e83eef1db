// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Straight code that computes values into the registers.
#pragma once
#include <span>
#include <vector>

#include "filter/generate/value.hpp"
#include "filter/scratch.hpp"

namespace trawl::inline v0::filter {

inline constexpr ValueId no_value = ~ValueId{};

/// What the machine holds at a point.
struct Registers {
  ValueId a = no_value, x = no_value;
  u16 kept = 0;  ///< which of the values that are kept in memory are there
  bool reached = false;
};

class Selector {
 public:
  /// `kept`: values that are stored when they have been computed, at most 12, in words from the last one down.
  Selector(const Values& values, ScratchVector<bpf::Instruction>& out, Registers& registers, std::span<const ValueId> kept)
      : values_(values),
        out_(out),
        r_(registers),
        kept_(kept) {}

  /// False when memory words or the reach of jumps did not do.
  bool ok() const { return ok_; }

  void into_a(ValueId id);
  void into_x(ValueId id);
  /// Both at once, for comparisons.
  void into_both(ValueId a, ValueId x);

 private:
  static int size_code(u8 size) { return size == 4 ? bpf::op::word : size == 2 ? bpf::op::half : bpf::op::byte; }
  void emit(int code, u32 k = 0) { out_.push_back(bpf::statement(code, k)); }
  void compute(ValueId id);
  void binary(const Value& value);
  void choose(ValueId id);
  void walk(ValueId id);
  void keep(ValueId id);
  // The word that holds a value; none: memory_words.
  u32 word_of(ValueId id) const;
  bool is_kept(ValueId id, const Registers& from) const { return word_of(id) < bpf::memory_words && (from.kept >> word_of(id) & 1); }
  bool is_kept(ValueId id) const { return is_kept(id, r_); }
  ValueId tested_by(ValueId id) const;
  bool loads_x(ValueId id) const;
  bool writes_x(ValueId id) const { return writes_x(id, r_); }
  bool writes_x(ValueId id, const Registers& from) const;

  const Values& values_;
  ScratchVector<bpf::Instruction>& out_;
  Registers& r_;
  std::span<const ValueId> kept_;
  u32 words_ = 0;  // in use for what waits
  bool ok_ = true;
};

}  // namespace trawl::inline v0::filter
