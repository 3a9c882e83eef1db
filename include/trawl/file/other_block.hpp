// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What stands between the packets of a pcapng file: names, secrets, statistics, journal entries, custom and unknown blocks.
#pragma once
#include "trawl/file/pcapng/block.hpp"

namespace trawl::inline v0 {

/// Which of a file's blocks a reader hands out beside its packets.
enum class KeepBlocks : u8 {
  none,    ///< they are counted in FileFacts::other_blocks
  others,  ///< all that are counted there
  all,     ///< section headers and interface descriptions, too
};

/// A block and its place among the packets of a batch. It lives as long as they do.
struct OtherBlock {
  static constexpr u32 no_interface = ~u32{};

  Block block;
  u32 before = 0;                ///< index of the frame that follows it; the batch's size: it stands behind all of them
  u32 interface = no_interface;  ///< that statistics speak of, as Frame::interface has it
};

}  // namespace trawl::inline v0
