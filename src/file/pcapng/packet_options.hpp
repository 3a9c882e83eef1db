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

/// The options that a packet gets, measured before they are written, so that they go straight to their place.
struct PacketOptionPlan {
  u32 flags = 0;
  size_t size = 0;  ///< opt_endofopt included
};
PacketOptionPlan plan_options(const FrameInfo& info, std::span<const std::string_view> comments);
/// @param p plan.size bytes of room
void put_options(u8* p, const PacketOptionPlan& plan, const FrameInfo& info, std::span<const std::string_view> comments, Order order);

}  // namespace trawl::inline v0
