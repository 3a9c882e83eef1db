// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/units.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace cli {
namespace {

/// A whole number that is all of the text.
template <class T> std::optional<T> number(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

struct Unit {
  std::string_view name;
  trawl::u64 factor;
};
constexpr Unit units[] = {{"Ki", 1ull << 10}, {"Mi", 1ull << 20}, {"Gi", 1ull << 30}, {"k", 1'000}, {"M", 1'000'000}, {"G", 1'000'000'000}};

/// Takes `count` digits and, where `mark` is not 0, that character behind them.
std::optional<unsigned> field(std::string_view& text, size_t count, std::string_view marks) {
  const auto value = number<unsigned>(text.substr(0, count));
  if (!value || text.size() < count || text[0] == '-' || text[0] == '+') return {};
  text.remove_prefix(count);
  if (marks.empty()) return value;
  if (text.empty() || marks.find(text[0]) == marks.npos) return {};
  text.remove_prefix(1);
  return value;
}

/// Nanoseconds of ".5" and the like, which is taken off.
std::optional<trawl::u32> fraction(std::string_view& text) {
  if (text.empty() || text[0] != '.') return 0;
  const auto end = std::min(text.find_first_not_of("0123456789", 1), text.size());
  std::string digits(text.substr(1, end - 1));
  if (digits.empty() || digits.size() > 9) return {};
  digits.resize(9, '0');
  text.remove_prefix(end);
  return number<trawl::u32>(digits);
}

/// "", "Z", "+01:00", "-0130": seconds east of UTC.
std::optional<int> offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  const int sign = text[0] == '-' ? -1 : 1;
  if (text[0] != '+' && text[0] != '-') return {};
  text.remove_prefix(1);
  const auto hours = field(text, 2, "");
  if (!text.empty() && text[0] == ':') text.remove_prefix(1);
  const auto minutes = text.empty() ? std::optional(0u) : field(text, 2, "");
  if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) return {};
  return sign * int(*hours * 3600 + *minutes * 60);
}

}  // namespace

std::optional<trawl::u64> parse_size(std::string_view text, trawl::u64 plain) {
  trawl::u64 factor = plain;
  for (const Unit& unit : units)
    if (text.ends_with(unit.name)) {
      factor = unit.factor;
      text.remove_suffix(unit.name.size());
      break;
    }
  const auto value = number<trawl::u64>(text);
  trawl::u64 size = 0;
  if (!value || __builtin_mul_overflow(*value, factor, &size)) return {};
  return size;
}

std::optional<trawl::i64> parse_seconds(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto dot = std::min(text.find('.'), text.size());
  const auto whole = dot == 0 ? std::optional<trawl::i64>(0) : number<trawl::i64>(text.substr(0, dot));
  std::string_view rest = text.substr(dot);
  const auto part = fraction(rest);
  if (text.empty() || !whole || *whole < 0 || !part || !rest.empty()) return {};
  trawl::i64 nanoseconds = 0;
  if (__builtin_mul_overflow(*whole, trawl::Timestamp::per_second, &nanoseconds) ||
      __builtin_add_overflow(nanoseconds, trawl::i64{*part}, &nanoseconds))
    return {};
  return negative ? -nanoseconds : nanoseconds;
}

std::optional<trawl::Timestamp> parse_time(std::string_view text) {
  if (const auto seconds = parse_seconds(text)) return trawl::Timestamp{*seconds};
  using namespace std::chrono;
  const auto y = field(text, 4, "-"), m = field(text, 2, "-"), d = field(text, 2, text.size() > 2 ? "Tt " : "");
  if (!y || !m || !d) return {};
  const year_month_day date{year(int(*y)), month(*m), day(*d)};
  if (!date.ok()) return {};
  trawl::i64 seconds = duration_cast<std::chrono::seconds>(sys_days(date).time_since_epoch()).count();
  std::optional<trawl::u32> part = 0;
  if (!text.empty()) {
    const auto hour = field(text, 2, ":"), minute = field(text, 2, text.size() > 2 && text[2] == ':' ? ":" : "");
    std::optional<unsigned> second = 0;
    if (!text.empty() && text[0] >= '0' && text[0] <= '9') second = field(text, 2, "");
    part = fraction(text);
    const auto east = offset(text);
    if (!hour || !minute || !second || !part || !east || *hour > 23 || *minute > 59 || *second > 60) return {};
    seconds += trawl::i64{*hour} * 3600 + trawl::i64{*minute} * 60 + trawl::i64{*second} - *east;
  }
  return trawl::Timestamp::from_parts(seconds, *part);
}

std::optional<Range> parse_range(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == text.npos) {
    const auto one = number<trawl::u64>(text);
    return one && *one ? std::optional(Range{*one, *one}) : std::nullopt;
  }
  Range range;
  const auto first = text.substr(0, dash), last = text.substr(dash + 1);
  if (first.empty() && last.empty()) return {};
  const auto a = first.empty() ? std::optional(range.first) : number<trawl::u64>(first);
  const auto b = last.empty() ? std::optional(range.last) : number<trawl::u64>(last);
  if (!a || !b || !*a || *a > *b) return {};
  return Range{*a, *b};
}

}  // namespace cli
