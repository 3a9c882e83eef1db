// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a capture to a file is doing, once a second, in one line of the terminal.
#pragma once
#include <chrono>

#include "cli/output/statistics.hpp"

namespace cli {

class RateLine {
 public:
  /// Shows nothing unless `wanted` and standard error is a terminal.
  explicit RateLine(bool wanted);
  RateLine(const RateLine&) = delete;
  RateLine& operator=(const RateLine&) = delete;
  ~RateLine();
  /// A second has passed since the last show().
  bool due() const { return active_ && Clock::now() >= next_; }
  void show(const Counters& counters, trawl::u64 bytes);

 private:
  using Clock = std::chrono::steady_clock;
  bool active_;
  Clock::time_point last_, next_;
  trawl::u64 received_ = 0;
};

}  // namespace cli
