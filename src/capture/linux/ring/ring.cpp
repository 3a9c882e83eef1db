// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/ring/ring.hpp"

#include <cerrno>
#include <cstring>

#include "capture/linux/system_error.hpp"
#include "capture/poison.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr u32 fewest_blocks = 2;

Error failed(std::string_view interface, std::string_view call) { return system_error(Operation::open_interface, interface, call, errno); }

/// Halves the ring until the kernel has memory for it.
Result<RingGeometry> allocate(const SystemCalls& calls, int fd, std::string_view interface, RingGeometry geometry, bool packet_hash) {
  for (;;) {
    tpacket_req3 request{};
    request.tp_block_size = geometry.block_bytes;
    request.tp_block_nr = geometry.blocks;
    request.tp_frame_size = 2048;  // only has to divide the block: V3 packs packets as they come
    request.tp_frame_nr = geometry.block_bytes / request.tp_frame_size * geometry.blocks;
    request.tp_retire_blk_tov = geometry.retire_milliseconds;
    request.tp_sizeof_priv = geometry.private_bytes;
    if (packet_hash) request.tp_feature_req_word = TP_FT_REQ_FILL_RXHASH;
    if (calls.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) == 0) return geometry;
    if (errno == EINTR) continue;
    if (errno != ENOMEM || geometry.blocks <= fewest_blocks) return fail(failed(interface, "PACKET_RX_RING"));
    geometry.blocks /= 2;
  }
}

}  // namespace

Result<void> set_ring_version(const SystemCalls& calls, int fd, std::string_view interface, int version) {
  if (calls.setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0) return fail(failed(interface, "PACKET_VERSION"));
  return {};
}

Result<RingGeometry> Ring::ask(const SystemCalls& calls, int fd, std::string_view interface, RingGeometry geometry, u32 head_room,
                               bool packet_hash) {
  if (calls.setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &head_room, sizeof head_room) < 0) return fail(failed(interface, "PACKET_RESERVE"));
  return allocate(calls, fd, interface, geometry, packet_hash);
}

Result<Ring> Ring::map(const SystemCalls& calls, int fd, std::string_view interface, const RingGeometry& geometry, size_t bytes_behind) {
  Ring ring;
  const size_t size = geometry.bytes() + bytes_behind;
  ring.geometry_ = geometry;
  ring.memory_ = SharedMemory(calls, calls.map(fd, size), size);
  if (!ring.memory_) return fail(failed(interface, "mmap"));
  return ring;
}

std::span<u8> Ring::private_area() const {
  const auto& block = *reinterpret_cast<tpacket_block_desc*>(at(next_));
  return {at(next_) + block.offset_to_priv, geometry_.private_bytes};
}

tpacket3_hdr* Ring::take(u32& packets) {
  auto& head = block(next_);
  const u32 now = status(head);
  if (!(now & TP_STATUS_USER)) return nullptr;
  holding_ = true;
  losing_ = now & TP_STATUS_LOSING;
  ++taken_;
  packets = head.num_pkts;
  return reinterpret_cast<tpacket3_hdr*>(at(next_) + head.offset_to_first_pkt);
}

void Ring::release() {
  auto& head = block(next_);
  if constexpr (detail::poison) {
    const u32 first = head.offset_to_first_pkt, end = head.blk_len;
    if (end > first && end <= geometry_.block_bytes) std::memset(at(next_) + first, detail::poison_byte, end - first);
  }
  __atomic_store_n(&head.block_status, u32{TP_STATUS_KERNEL}, __ATOMIC_RELEASE);
  holding_ = false;
  if (++next_ == geometry_.blocks) next_ = 0;
}

u32 Ring::ready() const {
  u32 count = 0, index = holding_ ? next_ + 1 : next_;
  for (; count + holding_ < geometry_.blocks; ++count, ++index)
    if (!(status(block(index % geometry_.blocks)) & TP_STATUS_USER)) break;
  return count;
}

int Ring::close() {
  holding_ = false;
  return memory_.close();
}

}  // namespace trawl::inline v0::linux_capture
