// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Debug builds overwrite what a caller must no longer use.
#pragma once
#include <span>

#include "trawl/core/frame.hpp"

namespace trawl::inline v0::detail {

#ifdef NDEBUG
inline constexpr bool poison = false;
#else
inline constexpr bool poison = true;
#endif
inline constexpr u8 poison_byte = 0xdb;

/// Frames of a batch that is over: their bytes are nowhere.
inline void poison_frames(std::span<Frame> frames) {
  if constexpr (poison)
    for (auto& frame : frames) frame.bytes = {nullptr, 0}, frame.original_length = 0xdbdbdbdb;
}

}  // namespace trawl::inline v0::detail
