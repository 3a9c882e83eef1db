// SPDX-License-Identifier: Apache-2.0 OR MIT
/// From what the kernel wrote in front of a packet to a Frame.
#pragma once
#include <linux/if_packet.h>

#include "capture/linux/interfaces/hardware_types.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/core/frame.hpp"

namespace trawl::inline v0::linux_capture {

/// Free bytes that a packet needs in front: a VLAN tag. For SLL2 there is room as it is.
inline constexpr u32 tag_bytes = 4, sll2_bytes = 20, head_room = tag_bytes;

inline tpacket3_hdr* next_packet(tpacket3_hdr* packet) {
  return reinterpret_cast<tpacket3_hdr*>(reinterpret_cast<u8*>(packet) + packet->tp_next_offset);
}

/// Fills `frame`, without the VLAN tag that the kernel took off. Cooked: the SLL2 header is written in front of the packet.
void build_frame(Frame& frame, tpacket3_hdr& packet, LinkType link, Form form);

/// What the kernel says of a packet beside its bytes (TP_STATUS_*).
void read_status(FrameInfo& info, u32 status, u16 vlan_tci, u16 vlan_tpid);

/// Puts a tag that the kernel took off back into the bytes: the addresses move down into the head-room.
void restore_tag(Frame& frame, Form form);

inline constexpr u32 status_gso_tcp = 1u << 8;  // TP_STATUS_GSO_TCP, Linux 6.2

// What follows is inline because it runs once for each packet.

inline PacketType packet_type(u8 kind) {
  static_assert(PacketType(PACKET_HOST + 1) == PacketType::to_us && PacketType(PACKET_BROADCAST + 1) == PacketType::broadcast &&
                PacketType(PACKET_MULTICAST + 1) == PacketType::multicast && PacketType(PACKET_OTHERHOST + 1) == PacketType::to_other &&
                PacketType(PACKET_OUTGOING + 1) == PacketType::outgoing);
  return kind <= PACKET_OUTGOING ? PacketType(kind + 1) : PacketType::unknown;
}

void write_sll2(Frame& frame, const sockaddr_ll& link);

inline const sockaddr_ll& link_address(const tpacket3_hdr& packet) {
  constexpr size_t at = (sizeof(tpacket3_hdr) + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT * TPACKET_ALIGNMENT;
  return *reinterpret_cast<const sockaddr_ll*>(reinterpret_cast<const u8*>(&packet) + at);
}

/// What differs from packet to packet of an interface; everything else stays as an earlier build_frame() left it.
inline void set_packet(Frame& frame, tpacket3_hdr& packet) {
  u8* const head = reinterpret_cast<u8*>(&packet);
  const u8 kind = link_address(packet).sll_pkttype;
  const u32 status = packet.tp_status;
  const bool tagged = status & TP_STATUS_VLAN_VALID;
  frame.bytes = {head + packet.tp_mac, packet.tp_snaplen};
  frame.original_length = packet.tp_len;
  frame.time = {i64{packet.tp_sec} * Timestamp::per_second + packet.tp_nsec};
  auto& info = frame.info;
  info.packet_type = packet_type(kind);
  info.direction = kind == PACKET_OUTGOING ? Direction::outbound : Direction::inbound;
  info.checksum = status & TP_STATUS_CSUMNOTREADY ? ChecksumState::not_filled_in
                  : status & TP_STATUS_CSUM_VALID ? ChecksumState::good
                                                  : ChecksumState::unknown;
  info.has_time = true, info.has_queue = false, info.vlan_in_bytes = false, info.has_drops = false, info.metadata_big_endian = false;
  info.has_hash = packet.hv1.tp_rxhash != 0;
  info.has_vlan = tagged;
  info.segmentation_offload = status & status_gso_tcp;
  info.hash = packet.hv1.tp_rxhash;
  if (!tagged) [[likely]]
    return;
  info.vlan_tci = u16(packet.hv1.tp_vlan_tci);
  info.vlan_tpid = status & TP_STATUS_VLAN_TPID_VALID ? packet.hv1.tp_vlan_tpid : u16{0x8100};
}

inline void build_frame(Frame& frame, tpacket3_hdr& packet, LinkType link, Form form) {
  frame = Frame{.link = link};
  set_packet(frame, packet);
  if (form == Form::cooked) write_sll2(frame, link_address(packet));
}

}  // namespace trawl::inline v0::linux_capture
