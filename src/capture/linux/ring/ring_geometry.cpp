// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/ring/ring_geometry.hpp"

#include <algorithm>
#include <bit>

namespace trawl::inline v0::linux_capture {
namespace {

constexpr size_t usual_block = 256u << 10, largest_block = 512u << 10, usual_packet = 64u << 10, headers = 1024;
constexpr size_t most_bytes = size_t{1} << 40;
constexpr i64 usual_retire = 60, immediate_retire = 1;

}  // namespace

std::optional<RingGeometry> choose_geometry(size_t buffer_bytes, size_t page_bytes, std::optional<std::chrono::nanoseconds> timeout,
                                            bool immediate, u32 largest_packet) {
  if (buffer_bytes > most_bytes) return {};
  const size_t wanted = std::max(buffer_bytes, 2 * page_bytes);
  const size_t eighth = std::bit_floor(wanted / 8), half = std::bit_floor(wanted / 2);
  const size_t holds_a_packet = std::bit_ceil(std::max<size_t>(largest_packet, usual_packet) + headers);
  const size_t holds_two = std::max(holds_a_packet, std::clamp(2 * holds_a_packet, usual_block, largest_block));
  const size_t block = std::max(page_bytes, std::clamp(eighth, std::min(half, holds_a_packet), holds_two));
  const size_t blocks = std::max<size_t>(2, (wanted + block - 1) / block);

  i64 retire = immediate ? immediate_retire : usual_retire;
  if (timeout) retire = std::clamp<i64>(std::chrono::duration_cast<std::chrono::milliseconds>(*timeout).count(), 1, retire);
  return RingGeometry{.block_bytes = u32(block), .blocks = u32(blocks), .retire_milliseconds = u32(retire)};
}

}  // namespace trawl::inline v0::linux_capture
