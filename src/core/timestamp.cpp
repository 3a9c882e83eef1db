// SPDX-License-Identifier: Apache-2.0 OR MIT
// Seconds and their fractions are scaled apart, so that 64 bits are enough wherever a compiler has no wider integers.
#include "trawl/core/timestamp.hpp"

#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {
namespace {

constexpr u64 giga = u64{Timestamp::per_second};

/// 10^exponent, or nothing when that needs more than 64 bits.
constexpr u64 power_of_ten(unsigned exponent) {
  if (exponent > 19) return 0;
  u64 value = 1;
  for (; exponent; --exponent) value *= 10;
  return value;
}

/// Unsigned seconds and nanoseconds, before the offset is added.
struct Parts {
  u64 seconds = 0, nanoseconds = 0;
  bool exact = true;
};

constexpr Parts split_decimal(u64 ticks, unsigned n) {
  const u64 unit = power_of_ten(n);
  const u64 seconds = unit ? ticks / unit : 0, rest = unit ? ticks % unit : ticks;
  if (n <= 9) return {seconds, rest * power_of_ten(9 - n), true};
  const u64 divisor = power_of_ten(n - 9);
  return divisor ? Parts{seconds, rest / divisor, rest % divisor == 0} : Parts{seconds, 0, rest == 0};
}

/// rest * 10^9 / 2^n through a product of two words.
constexpr Parts split_binary(u64 ticks, unsigned n) {
  const u64 seconds = n < 64 ? ticks >> n : 0, rest = n < 64 ? ticks & ones(n) : ticks;
  const u64 upper = (rest >> 32) * giga, lower = (rest & 0xffffffff) * giga;
  u64 high = upper >> 32, low = upper << 32;
  if (__builtin_add_overflow(low, lower, &low)) ++high;
  if (n == 0) return {seconds, 0, true};
  if (n < 64) return {seconds, high << (64 - n) | low >> n, (low & ones(n)) == 0};
  if (n == 64) return {seconds, high, low == 0};
  return {seconds, high >> (n - 64), low == 0 && (high & ones(n - 64)) == 0};
}

constexpr ScaledTime saturated(bool low) { return {{low ? INT64_MIN : INT64_MAX}, false, true}; }

constexpr ScaledTicks too_many{~u64{}, false, true};

/// nanoseconds * 2^n / 10^9, in steps that fit.
constexpr ScaledTicks scale_binary(u64 seconds, u64 nanoseconds, unsigned n) {
  if (seconds && (n >= 64 || seconds > ~u64{} >> n)) return too_many;
  u64 ticks = 0, rest = nanoseconds;
  for (unsigned left = n; left;) {
    const unsigned step = left < 32 ? left : 32;
    if (ticks >> (64 - step)) return too_many;
    ticks = ticks << step | (rest << step) / giga;
    rest = (rest << step) % giga;
    left -= step;
  }
  return {(seconds ? seconds << n : 0) | ticks, rest == 0, false};
}

constexpr ScaledTicks scale_decimal(u64 seconds, u64 nanoseconds, unsigned n) {
  u64 ticks = 0, part = 0;
  const u64 unit = power_of_ten(n);
  if (seconds && (!unit || __builtin_mul_overflow(seconds, unit, &ticks))) return too_many;
  if (n <= 9) {
    const u64 divisor = power_of_ten(9 - n);
    if (__builtin_add_overflow(ticks, nanoseconds / divisor, &ticks)) return too_many;
    return {ticks, nanoseconds % divisor == 0, false};
  }
  const u64 factor = power_of_ten(n - 9);
  if (nanoseconds && (!factor || __builtin_mul_overflow(nanoseconds, factor, &part))) return too_many;
  if (__builtin_add_overflow(ticks, part, &ticks)) return too_many;
  return {ticks, true, false};
}

}  // namespace

ScaledTime to_timestamp(u64 ticks, Resolution resolution, i64 offset_seconds) {
  const Parts parts = resolution.binary() ? split_binary(ticks, resolution.exponent()) : split_decimal(ticks, resolution.exponent());
  i64 seconds = 0, result = 0;
  if (__builtin_add_overflow(offset_seconds, parts.seconds, &seconds)) return saturated(false);
  // Counted back from the next second when negative: the first second of all is not a whole one.
  const bool negative = seconds < 0;
  const i64 part = i64(parts.nanoseconds) - (negative ? Timestamp::per_second : 0);
  if (__builtin_mul_overflow(seconds + negative, Timestamp::per_second, &result) || __builtin_add_overflow(result, part, &result))
    return saturated(negative);
  return {{result}, parts.exact, false};
}

ScaledTicks to_ticks(Timestamp time, Resolution resolution, i64 offset_seconds) {
  i64 seconds = 0;
  if (__builtin_sub_overflow(time.seconds(), offset_seconds, &seconds)) return offset_seconds > 0 ? ScaledTicks{0, false, true} : too_many;
  if (seconds < 0) return {0, false, true};
  return resolution.binary() ? scale_binary(u64(seconds), time.subsecond(), resolution.exponent())
                             : scale_decimal(u64(seconds), time.subsecond(), resolution.exponent());
}

}  // namespace trawl::inline v0
