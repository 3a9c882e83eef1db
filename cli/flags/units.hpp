// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Numbers with units, points in time and ranges, as people type them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "trawl/core/timestamp.hpp"

namespace cli {

/// "10k", "4Mi": k, M, G = 10^3, 10^6, 10^9; Ki, Mi, Gi = 2^10, 2^20, 2^30. `plain`: what a number without a unit is of.
std::optional<trawl::u64> parse_size(std::string_view text, trawl::u64 plain = 1);
/// Seconds with up to nine decimals, in nanoseconds: "1.5", "-0.000001".
std::optional<trawl::i64> parse_seconds(std::string_view text);
/// Seconds since 1970, or ISO 8601: 2026-01-31T12:00:00.5Z, 2026-01-31 12:00:00+01:00; UTC unless an offset is given.
std::optional<trawl::Timestamp> parse_time(std::string_view text);

struct Range {
  trawl::u64 first = 1, last = ~trawl::u64{};
};
/// "7", "3-9", "5-" (to the end), "-4" (from the first).
std::optional<Range> parse_range(std::string_view text);

}  // namespace cli
