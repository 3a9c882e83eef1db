// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Points in time, and the resolutions that capture files store them in.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

/// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted; 1677 to 2262. Conversions saturate.
struct Timestamp {
  i64 nanoseconds = 0;

  static constexpr i64 per_second = 1'000'000'000;
  static constexpr Timestamp from_parts(i64 seconds, u32 nanoseconds_part) {
    i64 whole = 0;
    if (__builtin_mul_overflow(seconds, per_second, &whole) || __builtin_add_overflow(whole, i64{nanoseconds_part}, &whole))
      return {seconds < 0 ? INT64_MIN : INT64_MAX};
    return {whole};
  }
  /// Rounded towards minus infinity, so that 0 <= subsecond() < 10^9.
  constexpr i64 seconds() const { return nanoseconds / per_second - (nanoseconds % per_second < 0); }
  constexpr u32 subsecond() const { return u32(nanoseconds - seconds() * per_second); }
  constexpr auto operator<=>(const Timestamp&) const = default;
};

/// Units of a stored time, as pcapng's if_tsresol byte has it: 10^-n, or 2^-n with the top bit set.
struct Resolution {
  u8 code = 6;

  static constexpr Resolution microseconds() { return {6}; }
  static constexpr Resolution nanoseconds() { return {9}; }
  constexpr bool binary() const { return code & 0x80; }
  constexpr unsigned exponent() const { return code & 0x7fu; }
  constexpr bool operator==(const Resolution&) const = default;
};

/// A time in file units. `exact` is false when it was rounded down or saturated to fit.
struct ScaledTime {
  Timestamp time;
  bool exact = true, saturated = false;
};
/// `ticks` units after `offset_seconds`. Right for any resolution, down to 10^-127 and 2^-127.
TRAWL_API ScaledTime to_timestamp(u64 ticks, Resolution resolution, i64 offset_seconds = 0);
struct ScaledTicks {
  u64 ticks = 0;
  bool exact = true, saturated = false;
};
/// The inverse: saturates at 0 and 2^64-1.
TRAWL_API ScaledTicks to_ticks(Timestamp time, Resolution resolution, i64 offset_seconds = 0);

}  // namespace trawl::inline v0
