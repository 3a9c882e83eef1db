// SPDX-License-Identifier: Apache-2.0 OR MIT
/// An AF_XDP socket: packet memory that is shared with the kernel and four rings of descriptors into it.
#pragma once
#include <linux/if_xdp.h>

#include <atomic>

#include "capture/linux/shared_memory.hpp"
#include "trawl/core/error.hpp"

namespace trawl::inline v0::linux_capture {

/// One producer, one consumer; positions count up for ever and wrap at 2^32.
template <class Entry> class XdpRing {
 public:
  XdpRing() = default;
  XdpRing(SharedMemory memory, const xdp_ring_offset& at, u32 size) : memory_(std::move(memory)), at_(at), mask_(size - 1) {}

  u32 size() const { return mask_ + 1; }
  u32 produced() const { return word(at_.producer).load(std::memory_order_acquire); }
  u32 consumed() const { return word(at_.consumer).load(std::memory_order_acquire); }
  void produce_to(u32 position) { word(at_.producer).store(position, std::memory_order_release); }
  void consume_to(u32 position) { word(at_.consumer).store(position, std::memory_order_release); }
  bool needs_wakeup() const { return word(at_.flags).load(std::memory_order_relaxed) & XDP_RING_NEED_WAKEUP; }
  Entry& operator[](u32 position) { return reinterpret_cast<Entry*>(memory_.data() + at_.desc)[position & mask_]; }

 private:
  std::atomic_ref<u32> word(u64 offset) const { return std::atomic_ref(*reinterpret_cast<u32*>(memory_.data() + offset)); }
  SharedMemory memory_;
  xdp_ring_offset at_{};
  u32 mask_ = 0;
};

struct XdpRequest {
  std::string_view interface;
  u32 index = 0, queue = 0;
  u32 chunk_bytes = 2048;       ///< 2048 or 4096
  u32 receive_slots = 0, send_slots = 0;  ///< powers of two; 0: not in this direction
};

struct XdpSocket {
  /// Zero-copy where the driver has it. A queue that another socket has just given back may be busy for a moment:
  /// waits up to a quarter of a second for it.
  static Result<XdpSocket> open(const SystemCalls& calls, const XdpRequest& request);

  u32 chunk_bytes = 0, chunks = 0;
  bool zero_copy = false;
  SharedMemory packets;
  XdpRing<u64> fill, completion;
  XdpRing<xdp_desc> received, to_send;
  Descriptor fd;  ///< last: closed before the memory goes
};

}  // namespace trawl::inline v0::linux_capture
