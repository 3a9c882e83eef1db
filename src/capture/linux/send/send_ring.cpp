// SPDX-License-Identifier: Apache-2.0 OR MIT
/// PACKET_TX_RING, TPACKET_V2: slots of one size in memory shared with the kernel, sent in their order by one call.
#include <linux/if_packet.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "capture/linux/send/send_path.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr u32 block_bytes = 1u << 20, fewest_slots = 4;
constexpr size_t header_bytes = (sizeof(tpacket2_hdr) + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT * TPACKET_ALIGNMENT;

u32 load(const u32& status) { return __atomic_load_n(&status, __ATOMIC_ACQUIRE); }
void store(u32& status, u32 value) { __atomic_store_n(&status, value, __ATOMIC_RELEASE); }

class SendRing final : public SendPath {
 public:
  SendRing(const SystemCalls& calls, Descriptor fd, u8* memory, tpacket_req geometry)
      : calls_(calls),
        fd_(std::move(fd)),
        memory_(memory),
        geometry_(geometry) {}
  ~SendRing() override { SendRing::close(); }

  Offered offer(std::span<const Bytes> frames) override {
    u32 count = 0;
    int too_large = 0;
    for (; count < frames.size() && count < geometry_.tp_frame_nr; ++count) {
      auto& head = slot(head_ + count);
      if (load(head.tp_status) != TP_STATUS_AVAILABLE) break;
      if (frames[count].size > geometry_.tp_frame_size - header_bytes) {
        too_large = EMSGSIZE;
        break;
      }
      std::memcpy(reinterpret_cast<u8*>(&head) + header_bytes, frames[count].data, frames[count].size);
      head.tp_len = u32(frames[count].size);
      store(head.tp_status, TP_STATUS_SEND_REQUEST);
    }
    if (count == 0) return {.code = too_large ? too_large : EAGAIN};
    const int code = calls_.send(fd_.get(), nullptr, 0, MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0) < 0 ? errno : 0;
    u32 taken = 0;
    while (taken < count && !(load(slot(head_ + taken).tp_status) & (TP_STATUS_SEND_REQUEST | TP_STATUS_WRONG_FORMAT))) ++taken;
    // What it did not take is taken back: only our own call makes the kernel look.
    const bool refused = taken < count;
    const int why = !refused                                                       ? 0
                    : load(slot(head_ + taken).tp_status) & TP_STATUS_WRONG_FORMAT ? (code ? code : EINVAL)
                    : code                                                         ? code
                                                                                   : EAGAIN;
    for (u32 i = taken; i < count; ++i) store(slot(head_ + i).tp_status, TP_STATUS_AVAILABLE);
    head_ = (head_ + taken) % geometry_.tp_frame_nr;
    return {.taken = taken, .code = why};
  }

  u32 in_flight() override {
    u32 busy = 0;
    for (u32 i = 0; i < geometry_.tp_frame_nr; ++i) busy += load(slot(i).tp_status) != TP_STATUS_AVAILABLE;
    return busy;
  }
  int fd() const override { return fd_.get(); }
  int close() override {
    if (memory_) calls_.unmap(std::exchange(memory_, nullptr), size_t{geometry_.tp_block_size} * geometry_.tp_block_nr);
    return fd_.close();
  }

 private:
  tpacket2_hdr& slot(u32 index) const {
    const u32 at = index % geometry_.tp_frame_nr, in_block = geometry_.tp_block_size / geometry_.tp_frame_size;
    return *reinterpret_cast<tpacket2_hdr*>(memory_ + size_t{at / in_block} * geometry_.tp_block_size +
                                            size_t{at % in_block} * geometry_.tp_frame_size);
  }

  const SystemCalls& calls_;
  Descriptor fd_;
  u8* memory_;
  tpacket_req geometry_;
  u32 head_ = 0;
};

}  // namespace

Result<std::unique_ptr<SendPath>> open_send_ring(const PathRequest& request) {
  auto fd = open_sending_socket(request);
  if (!fd) return fail(fd.error());
  const auto failed = [&](std::string_view call) {
    return fail(system_error(Operation::open_interface, request.interface.name(), call, errno));
  };
  const auto& calls = request.calls;
  const int version = TPACKET_V2;
  if (calls.setsockopt(fd->get(), SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0) return failed("PACKET_VERSION");
  // A slot holds the largest frame of the interface, with two VLAN tags.
  const u32 largest = std::min(request.interface.mtu, 65535u) + request.type.header_bytes + 8 + u32(header_bytes);
  tpacket_req geometry{};
  geometry.tp_frame_size = std::bit_ceil(std::max(largest, 256u));
  geometry.tp_block_size = std::max(block_bytes, geometry.tp_frame_size);
  geometry.tp_block_nr = std::max(4u, fewest_slots * geometry.tp_frame_size / geometry.tp_block_size);
  for (;;) {
    geometry.tp_frame_nr = geometry.tp_block_size / geometry.tp_frame_size * geometry.tp_block_nr;
    if (calls.setsockopt(fd->get(), SOL_PACKET, PACKET_TX_RING, &geometry, sizeof geometry) == 0) break;
    if (errno != ENOMEM || geometry.tp_block_nr == 1) return failed("PACKET_TX_RING");
    geometry.tp_block_nr /= 2;
  }
  void* const memory = calls.map(fd->get(), size_t{geometry.tp_block_size} * geometry.tp_block_nr);
  if (!memory) return failed("mmap");
  return std::make_unique<SendRing>(calls, *std::move(fd), static_cast<u8*>(memory), geometry);
}

}  // namespace trawl::inline v0::linux_capture
