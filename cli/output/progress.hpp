// SPDX-License-Identifier: Apache-2.0 OR MIT
/// How far long work has come: a bar, the rate and the time that is left, on standard error when that is a terminal.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "trawl/core/bytes.hpp"

namespace cli {

/// Shown when the work has taken 2 s; goes away with this object, and for a message. There is one at a time.
class Progress {
 public:
  /// @param total bytes of all work; 0: not known, then there is no bar
  explicit Progress(trawl::u64 total);
  /// The sizes of these files; 0 where one of them has none.
  static trawl::u64 size_of(const std::vector<std::string>& paths);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// So much is done. Costs a look at the clock.
  void tick(trawl::u64 done);

 private:
  using Clock = std::chrono::steady_clock;
  void show(trawl::u64 done, Clock::duration taken) const;
  trawl::u64 total_;
  Clock::time_point begin_, next_;
  bool terminal_;
};

}  // namespace cli
