// SPDX-License-Identifier: Apache-2.0 OR MIT
/// PACKET_TX_RING: frames of one size in memory shared with the kernel, which sends them in their order.
#pragma once
#include <linux/if_packet.h>

#include <cstring>

#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/system_calls.hpp"
#include "trawl/capture/interfaces.hpp"

namespace trawl::inline v0::linux_capture {

struct SlotGeometry {
  u32 block_bytes = 0, blocks = 0, slot_bytes = 0;
  u32 slots() const { return block_bytes / slot_bytes * blocks; }
  size_t bytes() const { return size_t{block_bytes} * blocks; }
};

template <class Header> class SendSlots {
 public:
  static constexpr u32 header_bytes = (sizeof(Header) + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT * TPACKET_ALIGNMENT;

  SendSlots() = default;
  SendSlots(u8* memory, const SlotGeometry& geometry) : memory_(memory), geometry_(geometry) {}

  u32 size() const { return memory_ ? geometry_.slots() : 0; }
  u32 most_bytes() const { return geometry_.slot_bytes - header_bytes; }

  // Indices are taken modulo size().
  u8* data(u32 index) const { return reinterpret_cast<u8*>(&slot(index)) + header_bytes; }
  u32 length(u32 index) const { return slot(index).tp_len; }
  bool is_free(u32 index) const { return !(status(index) & (TP_STATUS_SEND_REQUEST | TP_STATUS_SENDING | TP_STATUS_WRONG_FORMAT)); }
  bool is_waiting(u32 index) const { return status(index) & (TP_STATUS_SEND_REQUEST | TP_STATUS_WRONG_FORMAT); }
  bool is_refused(u32 index) const { return status(index) & TP_STATUS_WRONG_FORMAT; }
  /// What stands there is to be sent.
  void request(u32 index, size_t size) const {
    auto& head = slot(index);
    head.tp_len = u32(size);
    if constexpr (requires { head.tp_next_offset; }) head.tp_next_offset = 0;  // the kernel insists
    store(index, TP_STATUS_SEND_REQUEST);
  }
  void request(u32 index, Bytes packet) const {
    std::memcpy(data(index), packet.data, packet.size);
    request(index, packet.size);
  }
  /// Only our own call makes the kernel look, so what waits may be taken back.
  void take_back(u32 index) const { store(index, TP_STATUS_AVAILABLE); }
  /// Packets that the kernel or the interface has, or that wait.
  u32 busy() const {
    u32 count = 0;
    for (u32 i = 0; i < size(); ++i) count += !is_free(i);
    return count;
  }

 private:
  Header& slot(u32 index) const {
    const u32 at = index % geometry_.slots(), in_block = geometry_.block_bytes / geometry_.slot_bytes;
    return *reinterpret_cast<Header*>(memory_ + size_t{at / in_block} * geometry_.block_bytes +
                                      size_t{at % in_block} * geometry_.slot_bytes);
  }
  u32 status(u32 index) const { return __atomic_load_n(&slot(index).tp_status, __ATOMIC_ACQUIRE); }
  void store(u32 index, u32 status) const { __atomic_store_n(&slot(index).tp_status, status, __ATOMIC_RELEASE); }

  u8* memory_ = nullptr;
  SlotGeometry geometry_;
};

/// Of a slot for the largest packet of the interface, with two VLAN tags.
u32 slot_bytes_for(const Interface& interface, const HardwareType& type, u32 header_bytes);

/// Asks the kernel for the memory; with less than wanted it is smaller. @param version the socket's
Result<SlotGeometry> ask_for_send_slots(const SystemCalls& calls, int fd, std::string_view interface, int version, u32 slot_bytes,
                                        size_t bytes);

}  // namespace trawl::inline v0::linux_capture
