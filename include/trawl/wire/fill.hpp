// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The sender's half of what a protocol states: lengths, numbers, conditions and sums, inverted. Resolved for each type at
/// compile time, so that what is known costs one store.
#pragma once
#include "trawl/core/checksum.hpp"
#include "trawl/wire/value.hpp"

namespace trawl::inline v0::wire {

/// The nearest header below that gives a pseudo-header its addresses, and the number of the header above it.
struct Under {
  const u8* header = nullptr;
  Addresses addresses;
  const u8* destination = nullptr;  ///< where another header says that the last one is (RFC 8200 8.1)
  u32 number = 0;
};

namespace detail {

/// Which fixed fields the bits at R belong to: the field itself and the one that it is part of.
template <class P, Ref R> consteval u64 owners() {
  u64 mask = 0;
  for (unsigned i = 0; i < P::fields.count; ++i) {
    const FieldInfo& f = P::fields.item[i];
    if (f.bit < R.bit + R.width && R.bit < f.bit + f.width) mask |= u64{1} << i;
  }
  return mask;
}

/// Writes `value` at R unless the sender set that field.
template <class P, Ref R> constexpr void fill(u8* p, u64 set_by_sender, const Layout* where, u64 value) {
  if constexpr (R.part >= 0) {
    if (where && where->has(R.part) && where->size[R.part] * 8u >= R.bit + R.width)
      write_bits(p + where->at[R.part], R.bit, R.width, R.order, value);
  } else if constexpr (R.exists()) {
    if (set_by_sender & owners<P, R>()) return;
    if constexpr (R.width == 16 && R.bit % 8 == 0) store<u16>(p + R.bit / 8, u16(value), R.order);
    else if constexpr (R.width == 8 && R.bit % 8 == 0) p[R.bit / 8] = u8(value);
    else write_bits(p, R.bit, R.width, R.order, value);
  }
}
/// Inverts a measure: `data_offset * 4` being 24 makes data_offset 6.
template <class P, Measure M> constexpr void fill_measure(u8* p, u64 set_by_sender, const Layout* where, u64 bytes) {
  if constexpr (M.exists()) {
    const u64 value = u64((i64(bytes) - M.add) / M.scale);
    if constexpr (M.or_from.exists()) {
      if (where && where->has(M.or_from.part)) return fill<P, M.or_from>(p, set_by_sender, where, value);
    }
    fill<P, M.from>(p, set_by_sender, where, value);
  }
}
/// Makes a condition hold by writing its first term, where the sender left those bits unset.
template <class P> constexpr void satisfy(const Condition& c, u8* p, u64 set_by_sender) {
  if (!c.exists() || holds(c, p, P::fixed_size) || c.any[0].differs) return;
  const Term& t = c.any[0];
  for (unsigned i = 0; i < P::fields.count; ++i) {
    const FieldInfo& f = P::fields.item[i];
    const int bit = f.bit - t.byte * 8;
    if (bit < 0 || bit + f.width > 32 || (set_by_sender >> i & 1)) continue;
    bool names_bits = false;   // a field that is split into named bits is written through those
    for (unsigned k = i + 1; k < P::fields.count && P::fields.item[k].depth > f.depth; ++k) names_bits = true;
    if (names_bits) continue;
    u8 mask[4] = {}, want[4] = {};
    store_be<u32>(mask, t.mask), store_be<u32>(want, t.want);
    const u64 m = read_bits(mask, unsigned(bit), f.width, f.order), w = read_bits(want, unsigned(bit), f.width, f.order);
    if (m) write_bits(p, f.bit, f.width, f.order, (read_bits(p, f.bit, f.width, f.order) & ~m) | w);
  }
}

template <class P> constexpr void fill_lengths(u8* p, u64 set_by_sender, const Layout* where, u32 header, u32 all) {
  fill_measure<P, the_rules<P>.header_bytes>(p, set_by_sender, where, header);
  fill_measure<P, the_rules<P>.total_bytes>(p, set_by_sender, where, all);
  fill_measure<P, the_rules<P>.payload_bytes>(p, set_by_sender, where, all - header);
}
template <class P, class Child> constexpr void fill_next(u8* p, u64 set_by_sender, const Layout* where, u32 all, u32 header) {
  constexpr const Rules& r = the_rules<P>;
  if constexpr (r.next.exists() && !r.next.fixed) {
    constexpr auto number = number_in(record<Child>, r.next);
    if constexpr (number.has_value()) {
      fill<P, r.next.from>(p, set_by_sender, where, *number);
    } else if constexpr (r.length_below != 0) {
      constexpr auto other = number_in(record<Child>, r.or_next);
      if constexpr (other.has_value()) fill<P, r.next.from>(p, set_by_sender, where, all - header);
    }
  }
}
template <class P> constexpr void fill_sum(u8* p, u64 set_by_sender, const Layout* where, u32 header, u32 all, const Under& under) {
  constexpr const Sum& sum = the_rules<P>.sum;
  if constexpr (sum.algorithm != Algorithm::none) {
    const Bytes covered{p, sum.over == Over::header ? header : all};
    if constexpr (sum.algorithm == Algorithm::crc32c) {
      fill<P, sum.into>(p, set_by_sender, where, std::byteswap(crc32c(covered)));
    } else {
      u64 s = 0;
      if (sum.over == Over::pseudo_and_all && under.header) {
        const bool redirected = under.destination && under.addresses.size == 32;
        const u32 size = redirected ? 16 : under.addresses.size;
        s = sum16({under.header + under.addresses.at, size}, under.number + u64{all & 0xffff} + (all >> 16));
        if (redirected) s = sum16({under.destination, size}, (s & 0xffffffff) + (s >> 32));
        s = (s & 0xffffffff) + (s >> 32);
      }
      u16 v = folded(sum16(covered, s));
      if (sum.zero_means_absent && v == 0) v = 0xffff;
      fill<P, sum.into>(p, set_by_sender, where, v);
    }
  }
}

}  // namespace detail
}  // namespace trawl::inline v0::wire
