// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The memory that the kernel writes packets into: TPACKET_V3, a ring of blocks.
#pragma once
#include <linux/if_packet.h>

#include "capture/linux/ring/ring_geometry.hpp"
#include "capture/linux/system_calls.hpp"
#include "trawl/core/error.hpp"

namespace trawl::inline v0::linux_capture {

class Ring {
 public:
  Ring() = default;
  /// Asks the kernel for the memory and maps it. With less memory than wanted it is smaller: see geometry().
  /// @param head_room bytes to leave free before each packet
  static Result<Ring> create(const SystemCalls& calls, int fd, std::string_view interface, RingGeometry geometry, u32 head_room,
                             bool packet_hash);
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&& other) noexcept;
  ~Ring() { close(); }

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
  /// @return 0, or errno
  int close();

 private:
  tpacket_hdr_v1& block(u32 index) const;
  static u32 status(const tpacket_hdr_v1& head) { return __atomic_load_n(&head.block_status, __ATOMIC_ACQUIRE); }

  const SystemCalls* calls_ = nullptr;
  u8* memory_ = nullptr;
  RingGeometry geometry_;
  u32 next_ = 0;
  bool holding_ = false, losing_ = false;
  u64 taken_ = 0;
};

}  // namespace trawl::inline v0::linux_capture
