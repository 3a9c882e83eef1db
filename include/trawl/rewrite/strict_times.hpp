// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Times of packets that never go back.
#pragma once
#include "trawl/core/timestamp.hpp"

namespace trawl::inline v0 {

struct StrictTimeOptions {
  i64 nanoseconds = 0;
  bool each = false;   ///< every packet stands so long behind the one before it; else only one that is earlier than that is moved
};

class StrictTimes {
 public:
  explicit StrictTimes(const StrictTimeOptions& options) : options_(options) {}
  /// The time that a packet gets. To be asked once for each, in order.
  Timestamp operator()(Timestamp time) {
    if (begun_ && (options_.each || time < last_)) {
      time = last_;
      if (__builtin_add_overflow(time.nanoseconds, options_.nanoseconds, &time.nanoseconds)) time = last_;
    }
    last_ = time, begun_ = true;
    return time;
  }

 private:
  StrictTimeOptions options_;
  Timestamp last_;
  bool begun_ = false;
};

}  // namespace trawl::inline v0
