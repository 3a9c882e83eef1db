// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/ring/frame_builder.hpp"

#include <algorithm>
#include <cstring>

namespace trawl::inline v0::linux_capture {
namespace {

constexpr u32 addresses_bytes = 12;

u8* writable(const Frame& frame) { return const_cast<u8*>(frame.bytes.data); }  // the ring is ours while the block is

void grow(Frame& frame, u8* begin, u32 by) {
  frame.bytes = {begin, frame.bytes.size + by};
  frame.original_length += by;
}

/// Behind SLL2 a tag is a header of its own: TPID in the protocol field, TCI and the old protocol before the packet.
void restore_cooked(Frame& frame) {
  u8* const begin = writable(frame) - tag_bytes;
  std::memmove(begin, begin + tag_bytes, sll2_bytes);
  store_be<u16>(begin + sll2_bytes, frame.info.vlan_tci);
  std::memcpy(begin + sll2_bytes + 2, begin, 2);
  store_be<u16>(begin, frame.info.vlan_tpid);
  grow(frame, begin, tag_bytes);
}

}  // namespace

void write_sll2(Frame& frame, const sockaddr_ll& link) {
  const sockaddr_ll address = link;
  u8* const header = writable(frame) - sll2_bytes;
  std::memcpy(header, &address.sll_protocol, 2);  // it is in network order already
  store_be<u16>(header + 2, 0);
  store_be<u32>(header + 4, u32(address.sll_ifindex));
  store_be<u16>(header + 8, address.sll_hatype);
  header[10] = address.sll_pkttype;
  header[11] = std::min<u8>(address.sll_halen, 8);
  std::memset(header + 12, 0, 8);
  std::memcpy(header + 12, address.sll_addr, header[11]);
  grow(frame, header, sll2_bytes);
}

void read_status(FrameInfo& info, u32 status, u16 vlan_tci, u16 vlan_tpid) {
  info.checksum = status & TP_STATUS_CSUMNOTREADY ? ChecksumState::not_filled_in
                  : status & TP_STATUS_CSUM_VALID ? ChecksumState::good
                                                  : ChecksumState::unknown;
  info.segmentation_offload = status & status_gso_tcp;
  if (!(status & TP_STATUS_VLAN_VALID)) return;
  info.has_vlan = true;
  info.vlan_tci = vlan_tci;
  info.vlan_tpid = status & TP_STATUS_VLAN_TPID_VALID ? vlan_tpid : u16{0x8100};
}

void restore_tag(Frame& frame, Form form) {
  frame.info.vlan_in_bytes = true;
  if (form == Form::cooked) return restore_cooked(frame);
  if (frame.bytes.size < addresses_bytes) {  // cut before the place of the tag
    frame.original_length += tag_bytes;
    return;
  }
  u8* const begin = writable(frame) - tag_bytes;
  std::memmove(begin, begin + tag_bytes, addresses_bytes);
  store_be<u16>(begin + addresses_bytes, frame.info.vlan_tpid);
  store_be<u16>(begin + addresses_bytes + 2, frame.info.vlan_tci);
  grow(frame, begin, tag_bytes);
}

}  // namespace trawl::inline v0::linux_capture
