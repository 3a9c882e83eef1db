// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Sets of numbers and of IPv6 addresses that programs ask by `op::jin`, an instruction that only our engine has.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::bpf {

/// In somebody else's memory. Members stand between bounds[0] (in) and bounds[1] (out again), bounds[2] and bounds[3], and
/// so on, ascending; where the highest number is a member, the last bound is left out. Looking up takes a step for each
/// doubling of the bounds that share a bucket.
struct Set {
  const u32* bounds = nullptr;  ///< numbers: one word each; addresses: four, the first is the most significant
  const u32* start = nullptr;   ///< numbers only: the first bound of each bucket, and of the one behind the last
  u32 count = 0;                ///< of bounds
  u32 last = 0;                 ///< numbers only: the highest member
  u32 shift = 0;                ///< numbers only: a number's bucket is number >> shift
  u32 words = 1;                ///< of a bound: 1 or 4

  constexpr bool contains(u32 number) const {
    if (number > last) return false;
    u32 low = start[number >> shift], high = start[(number >> shift) + 1];
    while (low < high) {
      const u32 middle = low + (high - low) / 2;
      if (bounds[middle] <= number) low = middle + 1;
      else high = middle;
    }
    return low & 1;
  }
  /// 16 bytes in network order.
  constexpr bool contains(const u8* address) const {
    u32 wanted[4] = {};
    for (unsigned i = 0; i < 16; ++i) wanted[i / 4] = wanted[i / 4] << 8 | address[i];
    u32 low = 0, high = count;
    while (low < high) {
      const u32 middle = low + (high - low) / 2;
      unsigned i = 0;
      while (i < 3 && bounds[4 * middle + i] == wanted[i]) ++i;
      if (bounds[4 * middle + i] <= wanted[i]) low = middle + 1;
      else high = middle;
    }
    return low & 1;
  }
};

}  // namespace trawl::inline v0::bpf
