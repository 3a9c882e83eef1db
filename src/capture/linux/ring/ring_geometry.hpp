// SPDX-License-Identifier: Apache-2.0 OR MIT
/// How large the blocks of a ring are, and how long the kernel may keep one that is not full.
#pragma once
#include <chrono>
#include <optional>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::linux_capture {

struct RingGeometry {
  u32 block_bytes = 0, blocks = 0;
  u32 retire_milliseconds = 0;
  u32 private_bytes = 0;  ///< in front of the packets of each block, for the user
  size_t bytes() const { return size_t{block_bytes} * blocks; }
};

/// Large blocks, because each costs a wake-up: 256 KiB, which the reader still finds in the second-level cache and the kernel
/// in memory in a third of the time that 512 KiB take it (docs/decisions/037); 512 KiB where the largest packets need that
/// for two; less in a small buffer, so that there are eight, but enough for one such packet as long as there are two blocks.
/// A reader that is held up for seven seconds finds its packets in the default ring, however few: 128 blocks of 60 ms.
/// @param largest_packet bytes of one that must fit whole into a block, as far as the buffer lets it; 0: a 64 KiB segment
/// @return none when the kernel could not count so many bytes
std::optional<RingGeometry> choose_geometry(size_t buffer_bytes, size_t page_bytes, std::optional<std::chrono::nanoseconds> timeout,
                                            bool immediate, u32 largest_packet);

}  // namespace trawl::inline v0::linux_capture
