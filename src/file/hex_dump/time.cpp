// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <chrono>
#include <ctime>

#include "file/hex_dump/line.hpp"

namespace trawl::inline v0 {
namespace {

constexpr i64 second = Timestamp::per_second;

/// A text that is read from the front.
struct Scan {
  std::string_view text;

  void blanks() {
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
  }
  bool take(char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
  }
  /// At least `least` and at most `most` digits.
  std::optional<i64> number(size_t least, size_t most) {
    i64 value = 0;
    size_t n = 0;
    for (; n < most && n < text.size() && text[n] >= '0' && text[n] <= '9'; ++n) value = value * 10 + (text[n] - '0');
    if (n < least) return {};
    text.remove_prefix(n);
    return value;
  }
  /// Nanoseconds of ".5" and the like; 0 where there is no fraction.
  i64 fraction() {
    if (text.size() < 2 || (text[0] != '.' && text[0] != ',') || text[1] < '0' || text[1] > '9') return 0;
    text.remove_prefix(1);
    i64 value = 0, unit = second;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) unit /= 10, value += unit * (text[0] - '0');
    return value;
  }
  bool at_word_end() const { return text.empty() || text[0] == ' ' || text[0] == '\t' || text[0] == ':'; }
};

std::optional<i64> clock_time(Scan& scan) {
  const auto hours = scan.number(1, 2);
  if (!hours || !scan.take(':')) return {};
  const auto minutes = scan.number(2, 2);
  if (!minutes || !scan.take(':')) return {};
  const auto seconds = scan.number(2, 2);
  if (!seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return {};
  return ((*hours * 60 + *minutes) * 60 + *seconds) * second + scan.fraction();
}

/// "Z", "+01:00", "-0130": nanoseconds east; nothing said is UTC.
i64 zone(Scan& scan) {
  const Scan before = scan;
  if (scan.take('Z')) return 0;
  const bool west = scan.take('-');
  if (!west && !scan.take('+')) return 0;
  const auto hours = scan.number(2, 2);
  scan.take(':');
  const auto minutes = scan.number(2, 2);
  if (!hours || !minutes) return scan = before, 0;
  return (west ? -1 : 1) * (*hours * 60 + *minutes) * 60 * second;
}

std::optional<i64> date_time(Scan& scan) {
  const auto year = scan.number(4, 4);
  if (!year || !scan.take('-')) return {};
  const auto month = scan.number(2, 2);
  if (!month || !scan.take('-')) return {};
  const auto day = scan.number(2, 2);
  if (!day || (!scan.take('T') && !scan.take(' '))) return {};
  const std::chrono::year_month_day date{std::chrono::year(int(*year)), std::chrono::month(unsigned(*month)),
                                         std::chrono::day(unsigned(*day))};
  const auto clock = clock_time(scan);
  if (!date.ok() || !clock || *year < 1678 || *year > 2261) return {};
  const i64 days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86400 * second + *clock - zone(scan);
}

/// Seconds with a point in them, as tcpdump -tt and tshark print them.
std::optional<i64> plain_seconds(Scan& scan) {
  const bool negative = scan.take('-');
  const auto whole = scan.number(1, 10);
  if (!whole || *whole > INT64_MAX / second - 1 || scan.text.size() < 2 || scan.text[0] != '.') return {};
  const i64 value = *whole * second + scan.fraction();
  return negative ? -value : value;
}

std::optional<i64> any_time(Scan scan) {
  for (auto* form : {date_time, clock_time, plain_seconds}) {
    Scan tried = scan;
    if (const auto found = form(tried); found && tried.at_word_end()) return found;
  }
  return {};
}

std::optional<i64> by_format(Scan scan, const std::string& format) {
  std::tm parts{};
  parts.tm_year = 70, parts.tm_mday = 1;
  i64 nanoseconds = 0;
  std::string text(scan.text), piece;
  const char* at = text.c_str();
  for (size_t i = 0; i <= format.size(); ++i) {
    const bool fraction = i + 1 < format.size() && format[i] == '%' && format[i + 1] == 'f';
    if (i < format.size() && !fraction) {
      piece += format[i];
      if (format[i] == '%' && i + 1 < format.size()) piece += format[++i];
      continue;
    }
    if (!piece.empty() && !(at = ::strptime(at, piece.c_str(), &parts))) return {};
    piece.clear();
    if (!fraction) continue;
    const std::string digits = "." + std::string(at);   // as the format has it, the point is before %f
    Scan rest{digits};
    nanoseconds = rest.fraction();
    if (rest.text.size() == digits.size()) return {};   // no digit
    at += digits.size() - rest.text.size() - 1;
    ++i;
  }
  const i64 east = parts.tm_gmtoff;
  const std::time_t whole = ::timegm(&parts);
  if (whole > INT64_MAX / second - 86400 || whole < INT64_MIN / second + 86400) return {};
  return (i64{whole} - (format.find("%z") == format.npos ? 0 : east)) * second + nanoseconds;
}

}  // namespace

std::optional<Timestamp> parse_dump_time(std::string_view text, const std::string& format) {
  Scan scan{text};
  scan.blanks();
  std::optional<i64> found;
  if (!format.empty()) {
    found = by_format(scan, format);
  } else if (found = any_time(scan); !found) {
    if (scan.number(1, 12)) {   // a packet's number
      scan.blanks();
      found = any_time(scan);
    }
  }
  return found ? std::optional(Timestamp{*found}) : std::nullopt;
}

}  // namespace trawl::inline v0
