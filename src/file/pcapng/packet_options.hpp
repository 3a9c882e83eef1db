// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The options of pcapng packet blocks and FrameInfo: one means the other.
#pragma once
#include "trawl/core/frame.hpp"
#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

struct PacketOptions {
  u64 comments = 0;
  bool damaged = false;
};
/// Fills in `info`, its metadata included. The obsolete packet block has the first two options only.
PacketOptions read_packet_options(Bytes options, Order order, FrameInfo& info);

/// The flags word of an enhanced packet block; 0 when nothing is known.
u32 packet_flags(const FrameInfo& info);

}  // namespace trawl::inline v0
