// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/rate_line.hpp"

#include <cstdio>

#include "cli/output/terminal_line.hpp"

namespace cli {
namespace {
constexpr std::chrono::seconds interval{1};
}

RateLine::RateLine(bool wanted) : active_(wanted && TerminalLine::possible()), last_(Clock::now()), next_(last_ + interval) {}
RateLine::~RateLine() { TerminalLine::hide(); }

void RateLine::show(const Counters& counters, trawl::u64 bytes) {
  const auto now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - last_).count();
  const double rate = seconds > 0 ? double(counters.received - received_) / seconds : 0;
  char text[160];
  std::snprintf(text, sizeof text, "%llu packets, %.0f packets/s, %llu dropped, %s", static_cast<unsigned long long>(counters.written),
                rate, static_cast<unsigned long long>(counters.dropped_kernel + counters.dropped_interface), amount(double(bytes)).c_str());
  TerminalLine::show(text);
  last_ = now, next_ = now + interval, received_ = counters.received;
}

}  // namespace cli
