// SPDX-License-Identifier: Apache-2.0 OR MIT
/// One layer of a dissection, compiled from what its protocol states, with all places as constants.
#pragma once
#include "trawl/core/fault.hpp"
#include "trawl/wire/layout.hpp"

namespace trawl::inline v0::wire {

/// One layer's answer: how long its header is, how long it is with its payload (`nothing`: it does not say), and the
/// numbers that say what follows. header == stop: `total` is the FaultKind and `number` the bytes that it needs.
struct Step {
  static constexpr u32 stop = ~u32{}, nothing = ~u32{};
  u32 header, total, number, or_number;
};

namespace detail {

template <Ref R> inline u64 load_at(const u8* p) {
  if constexpr (R.width == 8 && R.bit % 8 == 0) return p[R.bit / 8];
  else if constexpr (R.width == 16 && R.bit % 8 == 0) return load<u16>(p + R.bit / 8, R.order);
  else if constexpr (R.width == 32 && R.bit % 8 == 0) return load<u32>(p + R.bit / 8, R.order);
  else if constexpr (R.bit % 8 + R.width <= 8) return FieldOf<void, u8, R.bit, R.width, R.order>::load(p);
  else return read_bits(p, R.bit, R.width, R.order);
}
template <Ref R> inline u64 load_at(const u8* p, const Layout& where) {
  if constexpr (R.part >= 0) return read(R, p, &where);
  else return load_at<R>(p);
}
/// A length in bytes, saturated at 2^31 so that sums of two cannot wrap.
template <Measure M> inline u32 measure_at(const u8* p, const auto& where) {
  i64 n = i64(load_at<M.from>(p, where));
  if constexpr (M.or_from.exists()) n += i64(load_at<M.or_from>(p, where));
  n = n * M.scale + M.add;
  return n < 0 ? 0 : n > 0x7fffffff ? 0x7fffffffu : u32(n);
}
template <Next N> inline u32 number_at(const u8* p, const auto& where, u32 header, u32 n) {
  if constexpr (N.fixed) return N.constant;
  else if constexpr (N.of_payload) return (n - header) * 8 < N.from.bit + N.from.width ? Step::nothing : u32(load_at<N.from>(p + header));
  else if constexpr (N.from.part >= 0) return where.has(N.from.part) ? u32(load_at<N.from>(p, where)) : Step::nothing;
  else return u32(load_at<N.from>(p));
}
/// Stands where no part has to be looked up: a Layout costs the stack.
struct NoLayout {
  static constexpr u32 end = 0, needed = 0;
  static constexpr bool cut = false;
};
template <Ref R> inline u64 load_at(const u8* p, const NoLayout&) { return load_at<R>(p); }
consteval bool in_parts(const Rules& r) {
  return r.next.from.part >= 0 || r.or_next.from.part >= 0 || r.header_bytes.from.part >= 0 || r.total_bytes.from.part >= 0 ||
         r.payload_bytes.from.part >= 0;
}
constexpr Step fault(FaultKind kind, u32 needed) { return {Step::stop, u32(kind), needed, 0}; }

}  // namespace detail

/// Reads the header that starts `p`. @pre `p` covers `n` bytes; n <= 2^31
template <class P> [[gnu::always_inline]] inline Step read_step(const u8* p, u32 n) {
  static constexpr Rules rules = rules_of<P>();
  constexpr bool sized_by_parts = requires { P::parts; } && !rules.header_bytes.exists() && !rules.takes_all;
  constexpr unsigned size = P::fixed_size;
  if (n < size) [[unlikely]]
    return detail::fault(FaultKind::too_short, size);
  if constexpr (rules.expect.exists())
    if (!holds(rules.expect, p, size)) [[unlikely]]
      return detail::fault(FaultKind::unexpected_value, size);
  Step s{size, Step::nothing, Step::nothing, Step::nothing};
  [[maybe_unused]] std::conditional_t<sized_by_parts || detail::in_parts(rules), Layout, detail::NoLayout> where;
  if constexpr (rules.header_bytes.exists()) {
    s.header = detail::measure_at<rules.header_bytes>(p, where);
    if (s.header < size) [[unlikely]]
      return detail::fault(FaultKind::bad_length, size);
  } else if constexpr (rules.takes_all) {
    s.header = n;
  } else if constexpr (sized_by_parts) {
    lay_out(where, record<P>, {p, n});
    if (where.cut) return detail::fault(FaultKind::too_short, where.needed);
    s.header = where.end;
  }
  if (s.header > n) [[unlikely]]
    return detail::fault(FaultKind::too_short, s.header);
  if constexpr (rules.total_bytes.exists()) {
    s.total = detail::measure_at<rules.total_bytes>(p, where);
    if (rules.total_bytes.zero_is_unknown && s.total == u32(rules.total_bytes.add)) s.total = Step::nothing;
    else if (s.total < s.header) [[unlikely]] return detail::fault(FaultKind::bad_length, s.header);
  } else if constexpr (rules.payload_bytes.exists()) {
    const u32 payload = detail::measure_at<rules.payload_bytes>(p, where);
    s.total = rules.payload_bytes.zero_is_unknown && !payload ? Step::nothing : s.header + payload;
  }
  if constexpr (rules.next_when.exists())
    if (!holds(rules.next_when, p, size)) [[unlikely]]
      return s;
  if constexpr (rules.next.exists()) s.number = detail::number_at<rules.next>(p, where, s.header, n);
  if constexpr (rules.or_next.exists() && !rules.length_below) s.or_number = detail::number_at<rules.or_next>(p, where, s.header, n);
  if constexpr (rules.length_below != 0)
    if (s.number < rules.length_below) {
      s.total = s.header + s.number;
      s.number = Step::nothing;
      s.or_number = detail::number_at<rules.or_next>(p, where, s.header, n);
    }
  return s;
}
/// The same as a function, for tables.
template <class P> Step step_of(const u8* p, size_t n) { return read_step<P>(p, u32(n)); }

}  // namespace trawl::inline v0::wire
