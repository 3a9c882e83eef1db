// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/ring/send_slots.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>

#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {
constexpr u32 usual_block = 1u << 20, fewest_slots = 4;
}

u32 slot_bytes_for(const Interface& interface, const HardwareType& type, u32 header_bytes) {
  return std::bit_ceil(std::max(std::min(interface.mtu, 65535u) + type.header_bytes + 8 + header_bytes, 256u));
}

Result<SlotGeometry> ask_for_send_slots(const SystemCalls& calls, int fd, std::string_view interface, int version, u32 slot_bytes,
                                        size_t bytes) {
  const auto failed = [&](std::string_view call) { return fail(system_error(Operation::open_interface, interface, call, errno)); };
  SlotGeometry geometry{.block_bytes = std::max(usual_block, slot_bytes), .slot_bytes = slot_bytes};
  const size_t least = std::max<size_t>(1, size_t{fewest_slots} * slot_bytes / geometry.block_bytes);
  geometry.blocks = u32(std::clamp<size_t>(bytes / geometry.block_bytes, least, 1u << 16));
  for (;; geometry.blocks /= 2) {
    tpacket_req3 request{};  // its beginning is that of the other versions
    request.tp_block_size = geometry.block_bytes, request.tp_block_nr = geometry.blocks;
    request.tp_frame_size = geometry.slot_bytes, request.tp_frame_nr = geometry.slots();
    const socklen_t size = version == TPACKET_V3 ? sizeof(tpacket_req3) : sizeof(tpacket_req);
    if (calls.setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &request, size) == 0) return geometry;
    if (errno != ENOMEM || geometry.blocks == 1) return failed("PACKET_TX_RING");
  }
}

}  // namespace trawl::inline v0::linux_capture
