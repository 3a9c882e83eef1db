// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <ctime>

#include "trawl/export/summary.hpp"

namespace trawl::inline v0 {
namespace {

void append_digits(std::string& to, u64 value, unsigned digits) {
  char text[24];
  TextOut out(text);
  out.number(value, 10, digits);
  to += out.view();
}
/// " 00:00:01.000000", as tcpdump has it; the sign stands where the space is.
void append_difference(std::string& to, Timestamp time, Timestamp from) {
  const bool before = time < from;
  const u64 magnitude = before ? u64(from.nanoseconds) - u64(time.nanoseconds) : u64(time.nanoseconds) - u64(from.nanoseconds);
  const u64 seconds = magnitude / 1'000'000'000;
  to += before ? '-' : ' ';
  append_digits(to, seconds / 3600, 2);
  to += ':';
  append_digits(to, seconds / 60 % 60, 2);
  to += ':';
  append_digits(to, seconds % 60, 2);
  to += '.';
  append_digits(to, magnitude % 1'000'000'000 / 1000, 6);
}

}  // namespace

void append_time(std::string& to, const Frame& frame, const FrameContext& context, TimeStyle style) {
  if (style == TimeStyle::none || !frame.info.has_time) return;
  switch (style) {
    case TimeStyle::epoch:
      to += std::to_string(frame.time.seconds());
      to += '.';
      append_digits(to, frame.time.subsecond() / 1000, 6);
      break;
    case TimeStyle::since_previous: append_difference(to, frame.time, context.previous_displayed); break;
    case TimeStyle::since_first: append_difference(to, frame.time, context.first_displayed); break;
    default: {
      const std::time_t seconds = frame.time.seconds();
      std::tm local{};
      localtime_r(&seconds, &local);
      char text[40];
      const size_t n = std::strftime(text, sizeof text, style == TimeStyle::date ? "%Y-%m-%d %H:%M:%S." : "%H:%M:%S.", &local);
      to.append(text, n);
      append_digits(to, frame.time.subsecond() / 1000, 6);
    }
  }
  to += ' ';
}

}  // namespace trawl::inline v0
