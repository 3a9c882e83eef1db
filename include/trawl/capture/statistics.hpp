// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What became of the packets.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

/// received = captured + dropped_kernel + discarded, captured = delivered + filtered. Always, not only at the end.
struct CaptureStatistics {
  u64 received = 0;           ///< passed the kernel's filter, those dropped afterwards included
  u64 captured = 0;           ///< read by us
  u64 dropped_kernel = 0;     ///< no room in the buffer
  u64 discarded = 0;          ///< in the buffer: waiting to be read, or after close() given up
  u64 delivered = 0;          ///< given out in batches
  u64 filtered = 0;           ///< rejected by a filter that ran here and not in the kernel
  u64 dropped_interface = 0;  ///< by interface, driver or network stack since open(): never received
  constexpr bool operator==(const CaptureStatistics&) const = default;

  /// Adds those of another member of a fanout group. Each member sees all that the interface dropped.
  constexpr void add_member(const CaptureStatistics& other) {
    received += other.received, captured += other.captured, dropped_kernel += other.dropped_kernel;
    discarded += other.discarded, delivered += other.delivered, filtered += other.filtered;
    if (dropped_interface < other.dropped_interface) dropped_interface = other.dropped_interface;
  }
};

struct SenderStatistics {
  u64 packets = 0, bytes = 0;  ///< taken by the kernel
  u64 failed = 0;              ///< refused: too large, no room, interface down
  u64 retries = 0;             ///< times that a packet had to be offered again
  u64 dropped_interface = 0;   ///< the interface's own count of what it could not send since open(), of all its senders
  /// Taken by the kernel and then dropped by the interface: its count, less what send() was told of at once.
  u64 lost = 0;
};

}  // namespace trawl::inline v0
