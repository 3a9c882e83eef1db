// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A packet as it was on the wire, borrowed from whoever holds its bytes.
#pragma once
#include <span>

#include "trawl/core/link_type.hpp"
#include "trawl/core/timestamp.hpp"

namespace trawl::inline v0 {

enum class PacketType : u8 { unknown, to_us, broadcast, multicast, to_other, outgoing };
enum class Direction : u8 { unknown, inbound, outbound };
enum class ChecksumState : u8 {
  unknown,
  good,            ///< the sender's or receiver's hardware has verified it
  not_filled_in,   ///< checksum offload: it will be computed by the hardware; do not call it bad
};

/// What is known of a packet beside its bytes. Members behind a flag mean something only when the flag is set.
struct FrameInfo {
  PacketType packet_type = PacketType::unknown;
  Direction direction = Direction::unknown;
  ChecksumState checksum = ChecksumState::unknown;
  bool has_time : 1 = true;
  bool has_hash : 1 = false;
  bool has_queue : 1 = false;
  bool has_vlan : 1 = false;          ///< the kernel took a tag off; vlan_tci and vlan_tpid hold it
  bool vlan_in_bytes : 1 = false;     ///< and it stands in the bytes again
  bool has_drops : 1 = false;
  bool segmentation_offload : 1 = false;  ///< a segment larger than the link carries, before it is cut
  bool metadata_big_endian : 1 = false;
  u16 vlan_tci = 0, vlan_tpid = 0;
  u32 hash = 0, queue = 0;
  u32 drops_before = 0;               ///< packets lost just before this one, saturating
  u32 section = 0;                    ///< of the file, from 0
  Bytes metadata;                     ///< pcapng options of the packet as they stood, borrowed
};

struct Frame {
  Bytes bytes;
  u32 original_length = 0;            ///< on the wire; more than bytes.size when it was cut
  u32 interface = 0;                  ///< index into the source's interfaces()
  Timestamp time;
  LinkType link = LinkType::ethernet;
  FrameInfo info;

  constexpr bool truncated() const { return bytes.size < original_length; }
};
static_assert(sizeof(Frame) <= 96);

/// At most 256 frames in an array that the source owns. Frames live until the source's next call.
class Batch {
 public:
  static constexpr u32 max_frames = 256;
  constexpr Batch() = default;
  constexpr Batch(const Frame* frames, u32 count, bool writable = false) : frames_(frames), count_(count), writable_(writable) {}

  constexpr const Frame* begin() const { return frames_; }
  constexpr const Frame* end() const { return frames_ + count_; }
  constexpr u32 size() const { return count_; }
  constexpr bool empty() const { return count_ == 0; }
  /// @pre i < size()
  constexpr const Frame& operator[](u32 i) const { return frames_[i]; }
  /// The bytes of frame i, to be changed in place; empty when the source's memory is read-only.
  std::span<u8> edit(u32 i) const {
    if (!writable_) return {};
    return {const_cast<u8*>(frames_[i].bytes.data), frames_[i].bytes.size};
  }
  /// The first `count` frames.
  constexpr Batch first(u32 count) const { return {frames_, count < count_ ? count : count_, writable_}; }

 private:
  const Frame* frames_ = nullptr;
  u32 count_ = 0;
  bool writable_ = false;
};

}  // namespace trawl::inline v0
