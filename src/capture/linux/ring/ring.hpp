// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The memory that the kernel writes packets into: TPACKET_V3, a ring of blocks.
#pragma once
#include <linux/if_packet.h>

#include <span>

#include "capture/linux/ring/ring_geometry.hpp"
#include "capture/linux/shared_memory.hpp"
#include "trawl/core/error.hpp"

namespace trawl::inline v0::linux_capture {

/// Before the first ring of a socket: TPACKET_V2 or TPACKET_V3.
Result<void> set_ring_version(const SystemCalls& calls, int fd, std::string_view interface, int version);

class Ring {
 public:
  Ring() = default;
  /// Asks the kernel for the memory, of version 3. With less memory than wanted it is smaller.
  /// @param head_room bytes to leave free before each packet
  static Result<RingGeometry> ask(const SystemCalls& calls, int fd, std::string_view interface, RingGeometry geometry, u32 head_room,
                                  bool packet_hash);
  /// Maps what ask() gave, and so many bytes of the socket's send ring, which the kernel puts behind it.
  static Result<Ring> map(const SystemCalls& calls, int fd, std::string_view interface, const RingGeometry& geometry,
                          size_t bytes_behind = 0);

  const RingGeometry& geometry() const { return geometry_; }
  /// The first packet of the next block and how many there are; the block is ours until release(). Null: none is ready.
  /// @pre no block is held
  tpacket3_hdr* take(u32& packets);
  bool holding() const { return holding_; }
  /// Packets were dropped since the statistics were last read, when the held block was closed.
  bool losing() const { return losing_; }
  void release();
  /// How many blocks have been taken so far.
  u64 taken() const { return taken_; }
  /// How many are ready behind the ones taken.
  u32 ready() const;
  /// Of the held block: counted up by the kernel from 1 on.
  u64 sequence() const { return block(next_).seq_num; }
  std::span<u8> private_area() const;
  /// The send ring's memory.
  u8* behind() const { return memory_.data() + geometry_.bytes(); }
  /// @return 0, or errno
  int close();

 private:
  u8* at(u32 index) const { return memory_.data() + size_t{index} * geometry_.block_bytes; }
  tpacket_hdr_v1& block(u32 index) const { return reinterpret_cast<tpacket_block_desc*>(at(index))->hdr.bh1; }
  static u32 status(const tpacket_hdr_v1& head) { return __atomic_load_n(&head.block_status, __ATOMIC_ACQUIRE); }

  SharedMemory memory_;
  RingGeometry geometry_;
  u32 next_ = 0;
  bool holding_ = false, losing_ = false;
  u64 taken_ = 0;
};

}  // namespace trawl::inline v0::linux_capture
