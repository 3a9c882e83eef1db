// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/compression/xxh32.hpp"

#include <algorithm>
#include <bit>

#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {
namespace {

/// Four lanes in registers of their own: made a vector without a 32-bit multiplication, which is what a compiler does with
/// them for any x86-64, they take five times as long.
inline void apart(u32& lane) {
#if defined(__GNUC__)
  __asm__("" : "+r"(lane));
#else
  static_cast<void>(lane);
#endif
}

}  // namespace

void Xxh32::add(Bytes bytes) {
  const size_t held = size_t(count_ % stripe);
  count_ += bytes.size;
  u32 a = lane_[0], b = lane_[1], c = lane_[2], d = lane_[3];
  const auto take = [&](const u8* p) {
    a = std::rotl(a + load_le<u32>(p) * prime2, 13) * prime1;
    b = std::rotl(b + load_le<u32>(p + 4) * prime2, 13) * prime1;
    c = std::rotl(c + load_le<u32>(p + 8) * prime2, 13) * prime1;
    d = std::rotl(d + load_le<u32>(p + 12) * prime2, 13) * prime1;
    apart(a), apart(b), apart(c), apart(d);
  };
  if (held) {
    const Bytes head = bytes.first(stripe - held);
    copy_bytes(waiting_ + held, head.data, head.size);
    if (held + head.size < stripe) return;
    take(waiting_);
    bytes = bytes.from(head.size);
  }
  for (; bytes.size >= stripe; bytes = {bytes.data + stripe, bytes.size - stripe}) take(bytes.data);
  copy_bytes(waiting_, bytes.data, bytes.size);
  lane_[0] = a, lane_[1] = b, lane_[2] = c, lane_[3] = d;
}

u32 Xxh32::value() const {
  u32 sum = count_ >= stripe ? std::rotl(lane_[0], 1) + std::rotl(lane_[1], 7) + std::rotl(lane_[2], 12) + std::rotl(lane_[3], 18)
                             : lane_[2] + prime5;
  sum += u32(count_);
  const size_t held = size_t(count_ % stripe);
  size_t i = 0;
  for (; i + 4 <= held; i += 4) sum = std::rotl(sum + load_le<u32>(waiting_ + i) * prime3, 17) * prime4;
  for (; i < held; ++i) sum = std::rotl(sum + waiting_[i] * prime5, 11) * prime1;
  sum = (sum ^ sum >> 15) * prime2;
  sum = (sum ^ sum >> 13) * prime3;
  return sum ^ sum >> 16;
}

}  // namespace trawl::inline v0
