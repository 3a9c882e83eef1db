// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Statements made of fields: lengths (`ihl * 4`) and conditions (`type == 2 && to_ds == true`). They are data, so a
/// dissector reads them and a sender inverts them.
#pragma once
#include "trawl/wire/field.hpp"

namespace trawl::inline v0::wire {

/// A number of bytes (or elements) told by a field: `data_offset * 4`, `length`, `length + 8`.
struct Measure {
  Ref from, or_from;               ///< two when either of two optional parts tells it (an absent one counts zero)
  i32 scale = 1, add = 0;
  bool zero_is_unknown = false;    ///< 0 then means "to the end", as in IPv4 after segmentation offload
  constexpr Measure() = default;
  constexpr Measure(const Ref& field, i32 factor = 1, i32 plus = 0) : from(field), scale(factor), add(plus) {}
  constexpr bool exists() const { return from.exists(); }
};
constexpr Measure operator*(const FieldInfo& f, i32 scale) { return {f, scale}; }
constexpr Measure operator+(const FieldInfo& f, i32 add) { return {f, 1, add}; }
constexpr Measure operator-(const FieldInfo& f, i32 add) { return {f, 1, -add}; }
constexpr Measure operator+(Measure m, i32 add) { return m.add += add, m; }
constexpr Measure either(const FieldInfo& a, const FieldInfo& b) {
  Measure m{a};
  m.or_from = b;
  return m;
}
constexpr Measure unless_zero(Measure m) { return m.zero_is_unknown = true, m; }

void error_condition_spans_more_than_four_bytes();    // never defined
void error_too_many_alternatives();                   // never defined

/// Bits of the fixed header that must have given values: four bytes at `byte`, masked.
struct Term {
  u16 byte = 0;
  bool differs = false;            ///< the bits must not have that value
  u32 mask = 0, want = 0;
};

/// A condition on the fixed header: true when any of its terms holds; true when it has none.
struct Condition {
  static constexpr unsigned most = 12;
  Term any[most] = {};
  u8 count = 0;
  constexpr bool exists() const { return count != 0; }
};

constexpr u32 window(const u8* p, size_t n, unsigned byte) {
  if (byte + 4 <= n) return load_be<u32>(p + byte);
  u32 v = 0;
  for (unsigned i = 0; i < 4; ++i) v = v << 8 | (byte + i < n ? p[byte + i] : 0u);
  return v;
}
constexpr bool holds(const Condition& c, const u8* p, size_t n) {
  for (u8 i = 0; i < c.count; ++i)
    if (((window(p, n, c.any[i].byte) & c.any[i].mask) == c.any[i].want) != c.any[i].differs) return true;
  return !c.exists();
}
/// @pre the field is in the fixed header and at most four bytes wide
constexpr Condition equals(const FieldInfo& f, u64 value, bool differs = false) {
  u8 mask[12] = {}, want[12] = {};
  const unsigned byte = f.bit / 8, bit = f.bit % 8;
  if (f.width > 32 || f.part >= 0) error_condition_spans_more_than_four_bytes();
  write_bits(mask, bit, f.width, f.order, ~u64{});
  write_bits(want, bit, f.width, f.order, value);
  if (mask[4]) error_condition_spans_more_than_four_bytes();
  Condition c;
  c.any[0] = {u16(byte), differs, load_be<u32>(mask), load_be<u32>(want)};
  c.count = 1;
  return c;
}
/// Both hold. @pre single terms within four bytes
constexpr Condition operator&&(const Condition& a, const Condition& b) {
  Term x = a.any[0], y = b.any[0];
  if (y.byte < x.byte) {
    const Term t = x;
    x = y, y = t;
  }
  const unsigned shift = 8u * (y.byte - x.byte);
  if (a.count != 1 || b.count != 1 || x.differs || y.differs || shift > 24 || (y.mask & ones(shift)))
    error_condition_spans_more_than_four_bytes();
  Condition c;
  c.any[0] = {x.byte, false, x.mask | y.mask >> shift, x.want | y.want >> shift};
  c.count = 1;
  return c;
}
constexpr Condition operator||(Condition a, const Condition& b) {
  if (a.count + b.count > Condition::most) error_too_many_alternatives();
  for (u8 i = 0; i < b.count; ++i) a.any[a.count++] = b.any[i];
  return a;
}
template <class P, class T, unsigned B, unsigned W, Order O> constexpr Condition operator==(const FieldOf<P, T, B, W, O>& f, u64 value) {
  return equals(f, value);
}
template <class P, class T, unsigned B, unsigned W, Order O> constexpr Condition operator!=(const FieldOf<P, T, B, W, O>& f, u64 value) {
  return equals(f, value, true);
}
/// The field has one of these values.
template <class F, class... V> constexpr Condition one_of(const F& f, V... value) { return (... || equals(f, u64(value))); }

}  // namespace trawl::inline v0::wire
