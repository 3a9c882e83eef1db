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

/// Large blocks, because each costs a wake-up and a few cache misses: 512 KiB (1 MiB in one piece takes the kernel four times
/// as long to find), less in a small buffer so that there are eight, but 128 KiB as long as there are two, so that a 64 KiB
/// segment fits whole. A reader that is held up for two seconds finds its packets in the default ring, however few they are:
/// 64 blocks of 60 ms.
/// @return none when the kernel could not count so many bytes
std::optional<RingGeometry> choose_geometry(size_t buffer_bytes, size_t page_bytes, std::optional<std::chrono::nanoseconds> timeout,
                                            bool immediate);

}  // namespace trawl::inline v0::linux_capture
