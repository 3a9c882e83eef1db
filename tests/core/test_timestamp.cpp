// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <random>

#include "trawl/core/timestamp.hpp"

using namespace trawl;

namespace {

constexpr i64 per_second = Timestamp::per_second;
constexpr Resolution decimal(u8 n) { return {n}; }
constexpr Resolution binary(u8 n) { return {u8(0x80 | n)}; }

// Long division by digits: slow, and of another kind than what it judges.
__extension__ using Wide = __int128;
bool representable(Resolution resolution) { return resolution.binary() ? resolution.exponent() < 62 : resolution.exponent() < 19; }
Wide units_in_a_second(Resolution resolution) {
  Wide units = 1;
  for (unsigned i = 0; i < resolution.exponent(); ++i) units *= resolution.binary() ? 2 : 10;
  return units;
}
/// floor(ticks * 10^9 / units), one decimal digit at a time.
Wide nanoseconds_of(u64 ticks, Resolution resolution) {
  const Wide units = units_in_a_second(resolution);
  Wide whole = ticks / units, rest = ticks % units;
  for (int digit = 0; digit < 9; ++digit) {
    rest *= 10;
    whole = whole * 10 + rest / units;
    rest %= units;
  }
  return whole;
}

}  // namespace

TEST(Timestamp, rounds_seconds_towards_the_past) {
  EXPECT_EQ(Timestamp{-1}.seconds(), -1);
  EXPECT_EQ(Timestamp{-1}.subsecond(), 999'999'999u);
  EXPECT_EQ(Timestamp{-per_second}.seconds(), -1);
  EXPECT_EQ(Timestamp{-per_second}.subsecond(), 0u);
  EXPECT_EQ(Timestamp{INT64_MIN}.seconds() * 1, -9223372037);
  EXPECT_EQ(Timestamp{INT64_MAX}.subsecond(), 854775807u);
}

TEST(Timestamp, is_right_for_the_resolution_that_overflows_64_bits) {
  // if_tsresol 12: the value that a widespread reader shows as .017291491
  const auto scaled = to_timestamp(1'000'000'607'587'302'000, decimal(12));
  EXPECT_EQ(scaled.time.nanoseconds, 1'000'000'607'587'302);
  EXPECT_TRUE(scaled.exact);
}

TEST(Timestamp, scales_known_values) {
  struct Case {
    u64 ticks;
    Resolution resolution;
    i64 offset, nanoseconds;
    bool exact, saturated;
  };
  constexpr Case cases[] = {
      {1'500'000, decimal(6), 0, 1'500'000'000, true, false},
      {7, decimal(0), 0, 7 * per_second, true, false},
      {1, decimal(9), -1, -999'999'999, true, false},
      {3, binary(1), 0, 1'500'000'000, true, false},
      {1, binary(10), 0, 976'562, false, false},
      {1u << 30, binary(32), 0, 250'000'000, true, false},
      {u64{1} << 63, binary(64), 0, 500'000'000, true, false},
      {u64{1} << 63, binary(127), 0, 0, false, false},
      {0, binary(127), 0, 0, true, false},
      {~u64{}, decimal(20), 0, 184'467'440, false, false},
      {~u64{}, decimal(29), 0, 0, false, false},
      {~u64{}, decimal(127), 5, 5 * per_second, false, false},
      {~u64{}, decimal(6), 0, INT64_MAX, false, true},
      {~u64{}, decimal(0), 0, INT64_MAX, false, true},
      {0, decimal(6), INT64_MIN, INT64_MIN, false, true},
      {0, decimal(6), INT64_MAX, INT64_MAX, false, true},
      {145'224'192, decimal(9), -9223372037, INT64_MIN, true, false},
      {145'224'191, decimal(9), -9223372037, INT64_MIN, false, true},
      {9223372036'854775807, decimal(9), 0, INT64_MAX, true, false},
      {9223372036'854775808u, decimal(9), 0, INT64_MAX, false, true},
  };
  for (const auto& test : cases) {
    const auto scaled = to_timestamp(test.ticks, test.resolution, test.offset);
    EXPECT_EQ(scaled.time.nanoseconds, test.nanoseconds)
        << test.ticks << " code " << int(test.resolution.code) << " offset " << test.offset;
    EXPECT_EQ(scaled.exact, test.exact) << test.ticks << " code " << int(test.resolution.code);
    EXPECT_EQ(scaled.saturated, test.saturated) << test.ticks << " code " << int(test.resolution.code);
  }
}

TEST(Timestamp, agrees_with_long_division_for_every_resolution) {
  std::mt19937_64 random(1);
  for (unsigned code = 0; code < 256; ++code) {
    const Resolution resolution{u8(code)};
    if (!representable(resolution)) continue;
    for (int i = 0; i < 500; ++i) {
      const u64 ticks = random() >> random() % 64;
      const i64 offset = i64(random()) >> random() % 64;
      const Wide expected = nanoseconds_of(ticks, resolution) + Wide{offset} * per_second;
      const auto scaled = to_timestamp(ticks, resolution, offset);
      if (expected > INT64_MAX || expected < INT64_MIN) {
        EXPECT_TRUE(scaled.saturated);
        EXPECT_EQ(scaled.time.nanoseconds, expected < 0 ? INT64_MIN : INT64_MAX) << ticks << " code " << code << " offset " << offset;
      } else {
        EXPECT_EQ(scaled.time.nanoseconds, i64(expected)) << ticks << " code " << code << " offset " << offset;
        EXPECT_FALSE(scaled.saturated);
        EXPECT_EQ(scaled.exact, nanoseconds_of(ticks, resolution) * units_in_a_second(resolution) == Wide{ticks} * per_second)
            << ticks << " code " << code;
      }
    }
  }
}

TEST(Timestamp, becomes_the_ticks_that_wider_integers_give) {
  std::mt19937_64 random(2);
  for (unsigned code = 0; code < 256; ++code) {
    const Resolution resolution{u8(code)};
    if (!representable(resolution)) continue;
    for (int i = 0; i < 500; ++i) {
      const Timestamp time{i64(random() >> (1 + random() % 63))};
      const i64 offset = i64(random() % 1000) - 500;
      const auto ticks = to_ticks(time, resolution, offset);
      const Wide relative = Wide{time.nanoseconds} - Wide{offset} * per_second;
      if (relative < 0) {
        EXPECT_TRUE(ticks.saturated);
        EXPECT_EQ(ticks.ticks, 0u);
        continue;
      }
      const Wide seconds = relative / per_second, units = units_in_a_second(resolution);
      if (seconds && units > (Wide{1} << 100) / seconds) {
        EXPECT_TRUE(ticks.saturated) << code;
        continue;
      }
      const Wide expected = seconds * units + relative % per_second * units / per_second;
      if (expected > Wide{~u64{}}) {
        EXPECT_TRUE(ticks.saturated) << time.nanoseconds << " code " << code;
      } else {
        EXPECT_TRUE(expected == Wide{ticks.ticks}) << time.nanoseconds << " code " << code << " offset " << offset;
      }
    }
  }
}

TEST(Timestamp, says_when_ticks_are_not_exact) {
  EXPECT_TRUE(to_ticks({1'000}, decimal(6)).exact);
  EXPECT_EQ(to_ticks({1'000}, decimal(6)).ticks, 1u);
  EXPECT_FALSE(to_ticks({1'001}, decimal(6)).exact);
  EXPECT_EQ(to_ticks({1'999}, decimal(6)).ticks, 1u);
  EXPECT_EQ(to_ticks({per_second / 2}, binary(64)).ticks, u64{1} << 63);
  EXPECT_TRUE(to_ticks({per_second}, binary(64)).saturated);
  EXPECT_TRUE(to_ticks({-1}, decimal(6)).saturated);
  EXPECT_TRUE(to_ticks({0}, decimal(6), INT64_MIN).saturated);
  EXPECT_EQ(to_ticks({0}, decimal(6), INT64_MIN).ticks, ~u64{});
  EXPECT_EQ(to_ticks({0}, decimal(6), INT64_MAX).ticks, 0u);
}
