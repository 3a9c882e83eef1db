// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The options of pcapng packet blocks and FrameInfo: one means the other.
#pragma once
#include "trawl/core/endian.hpp"
#include "trawl/core/frame.hpp"
#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

struct PacketOptions {
  u64 comments = 0;
  bool damaged = false;
};
/// Fills in `info`, its metadata included. The obsolete packet block has the first two options only.
PacketOptions read_packet_options(Bytes options, Order order, FrameInfo& info);

/// Bits of the flags word.
namespace packet_flag {
inline constexpr u32 inbound = 1, outbound = 2, direction_mask = 3, checksum_not_ready = 1u << 9, checksum_valid = 1u << 10,
                     segmentation = 1u << 11;
inline constexpr unsigned reception_shift = 2;
enum Reception : u32 { unspecified, unicast, multicast, broadcast, promiscuous };
}  // namespace packet_flag

/// The flags word of an enhanced packet block; 0 when nothing is known. Tables, because it runs once for each packet.
inline u32 packet_flags(const FrameInfo& info) {
  using namespace packet_flag;
  constexpr u32 of_type[] = {0,                                           // PacketType::unknown
                             unicast << reception_shift,                  // to_us
                             broadcast << reception_shift,                // broadcast
                             multicast << reception_shift,                // multicast
                             promiscuous << reception_shift,              // to_other
                             outbound};                                   // outgoing
  constexpr u32 of_direction[] = {0, inbound, outbound};
  constexpr u32 of_checksum[] = {0, checksum_valid, checksum_not_ready};  // unknown, good, not_filled_in
  u32 flags = of_type[u8(info.packet_type)] | of_direction[u8(info.direction)];
  if (flags && !(flags & direction_mask)) flags |= inbound;
  return flags | of_checksum[u8(info.checksum)] | (info.segmentation_offload ? segmentation : 0);
}

/// The options that a packet gets, measured before they are written, so that they go straight to their place.
struct PacketOptionPlan {
  u32 flags = 0;
  size_t size = 0;  ///< opt_endofopt included

  static constexpr size_t flags_alone = 12;
  /// What most captured packets have: the flags word and nothing else.
  bool only_flags() const { return flags && size == flags_alone; }
};
PacketOptionPlan plan_all_options(const FrameInfo& info, std::span<const std::string_view> comments);
inline PacketOptionPlan plan_options(const FrameInfo& info, std::span<const std::string_view> comments) {
  if (info.metadata.size || info.has_hash || info.has_drops || info.has_queue || !comments.empty()) [[unlikely]]
    return plan_all_options(info, comments);
  const u32 flags = packet_flags(info);
  return {flags, flags ? PacketOptionPlan::flags_alone : 0};
}
/// @param p plan.size bytes of room
void put_options(u8* p, const PacketOptionPlan& plan, const FrameInfo& info, std::span<const std::string_view> comments, Order order);

/// put_options() where there are only_flags().
template <Order order> void put_flags(u8* p, u32 flags) {
  store(p, packet_option::flags.code, order);
  store(p + 2, u16{sizeof flags}, order);
  store(p + 4, flags, order);
  store(p + 8, u32{0}, order);
}

}  // namespace trawl::inline v0
