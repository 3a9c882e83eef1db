// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The kernel's counters of a packet socket: 32 bits wide and set to zero by each reading, so they are added up here.
#pragma once
#include "capture/linux/system_calls.hpp"

namespace trawl::inline v0::linux_capture {

class KernelCounters {
 public:
  /// @return packets dropped since the last reading
  u64 read(const SystemCalls& calls, int fd);
  u64 received() const { return received_; }
  u64 dropped() const { return dropped_; }
  /// Put into the ring, read or not.
  u64 stored() const { return received_ - dropped_; }

 private:
  u64 received_ = 0, dropped_ = 0;
};

}  // namespace trawl::inline v0::linux_capture
