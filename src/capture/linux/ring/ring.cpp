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
    if (packet_hash) request.tp_feature_req_word = TP_FT_REQ_FILL_RXHASH;
    if (calls.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) == 0) return geometry;
    if (errno == EINTR) continue;
    if (errno != ENOMEM || geometry.blocks <= fewest_blocks) return fail(failed(interface, "PACKET_RX_RING"));
    geometry.blocks /= 2;
  }
}

}  // namespace

Result<Ring> Ring::create(const SystemCalls& calls, int fd, std::string_view interface, RingGeometry geometry, u32 head_room,
                          bool packet_hash) {
  const int version = TPACKET_V3;
  if (calls.setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0) return fail(failed(interface, "PACKET_VERSION"));
  if (calls.setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &head_room, sizeof head_room) < 0) return fail(failed(interface, "PACKET_RESERVE"));
  const auto allocated = allocate(calls, fd, interface, geometry, packet_hash);
  if (!allocated) return fail(allocated.error());
  Ring ring;
  ring.calls_ = &calls;
  ring.geometry_ = *allocated;
  ring.memory_ = static_cast<u8*>(calls.map(fd, allocated->bytes()));
  if (!ring.memory_) return fail(failed(interface, "mmap"));
  return ring;
}

Ring::Ring(Ring&& other) noexcept { *this = std::move(other); }

Ring& Ring::operator=(Ring&& other) noexcept {
  if (this == &other) return *this;
  close();
  calls_ = other.calls_;
  memory_ = std::exchange(other.memory_, nullptr);
  geometry_ = other.geometry_;
  next_ = other.next_;
  holding_ = std::exchange(other.holding_, false);
  losing_ = other.losing_;
  taken_ = other.taken_;
  return *this;
}

tpacket_hdr_v1& Ring::block(u32 index) const {
  return reinterpret_cast<tpacket_block_desc*>(memory_ + size_t{index} * geometry_.block_bytes)->hdr.bh1;
}

tpacket3_hdr* Ring::take(u32& packets) {
  auto& head = block(next_);
  const u32 now = status(head);
  if (!(now & TP_STATUS_USER)) return nullptr;
  holding_ = true;
  losing_ = now & TP_STATUS_LOSING;
  ++taken_;
  packets = head.num_pkts;
  return reinterpret_cast<tpacket3_hdr*>(memory_ + size_t{next_} * geometry_.block_bytes + head.offset_to_first_pkt);
}

void Ring::release() {
  auto& head = block(next_);
  if constexpr (detail::poison) {
    const u32 first = head.offset_to_first_pkt, end = head.blk_len;
    if (end > first && end <= geometry_.block_bytes)
      std::memset(memory_ + size_t{next_} * geometry_.block_bytes + first, detail::poison_byte, end - first);
  }
  __atomic_store_n(&head.block_status, u32{TP_STATUS_KERNEL}, __ATOMIC_RELEASE);
  holding_ = false;
  if (++next_ == geometry_.blocks) next_ = 0;
}

u32 Ring::ready() const {
  u32 count = 0, at = holding_ ? next_ + 1 : next_;
  for (; count + holding_ < geometry_.blocks; ++count, ++at)
    if (!(status(block(at % geometry_.blocks)) & TP_STATUS_USER)) break;
  return count;
}

int Ring::close() {
  if (!memory_) return 0;
  holding_ = false;
  return calls_->unmap(std::exchange(memory_, nullptr), geometry_.bytes()) < 0 ? errno : 0;
}

}  // namespace trawl::inline v0::linux_capture
