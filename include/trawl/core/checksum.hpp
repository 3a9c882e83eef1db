// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The internet checksum (RFC 1071) and its incremental update (RFC 1624), CRC-32c (RFC 9260 appendix A).
#pragma once
#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {

namespace detail {
TRAWL_API u64 sum_words(const u8* data, size_t size);  // native order, folded to 32 bits
TRAWL_API u32 crc32c_update(u32 state, const u8* data, size_t size);
constexpr u32 crc32c_step(u32 state, u8 byte) {
  state ^= byte;
  for (int k = 0; k < 8; ++k) state = state >> 1 ^ (state & 1 ? 0x82f63b78u : 0);
  return state;
}
}  // namespace detail

/// Adds `bytes` as big-endian 16-bit words to a running sum; an odd last byte counts as the high half of a word.
/// Parts may be added one after the other when all but the last have an even size. ~25-60 GB/s.
constexpr u64 sum16(Bytes bytes, u64 sum = 0) {
  if consteval {
    for (size_t i = 0; i < bytes.size; ++i) sum += u64{bytes[i]} << (i % 2 ? 0 : 8);
    return sum;
  } else {
    if (bytes.size < 32) {
      size_t i = 0;
      for (; i + 4 <= bytes.size; i += 4) sum += load_be<u32>(bytes.data + i);
      if (i + 2 <= bytes.size) sum += load_be<u16>(bytes.data + i), i += 2;
      return i < bytes.size ? sum + (u64{bytes[i]} << 8) : sum;
    }
    return sum + detail::sum_words(bytes.data, bytes.size);
  }
}
/// The 16-bit checksum of a running sum: folded and complemented.
constexpr u16 folded(u64 sum) {
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return u16(~sum);
}
/// RFC 1071 1. Over bytes that hold their own right checksum it is 0.
constexpr u16 internet_checksum(Bytes bytes) { return folded(sum16(bytes)); }

/// The checksum after bytes that it covers changed from `old` to `now` (equal sizes), which begin at byte `offset` of
/// the covered bytes: RFC 1624 3, equation 3; right at odd offsets too.
constexpr u16 updated_checksum(u16 checksum, Bytes old, Bytes now, size_t offset = 0) {
  u64 removed = 0, added = 0;
  for (size_t i = 0; i < old.size; ++i) {
    const unsigned shift = (offset + i) % 2 ? 0 : 8;
    removed += u64{old[i]} << shift, added += u64{now[i]} << shift;
  }
  return folded(u64{u16(~checksum)} + folded(removed) + added);
}
/// The same for one aligned value of 16 or 32 bits.
constexpr u16 updated_checksum(u16 checksum, u32 old, u32 now) { return folded(u64{u16(~checksum)} + u32(~old) + now); }

/// CRC-32c (Castagnoli), reflected, as SCTP and iSCSI use it.
constexpr u32 crc32c(Bytes bytes) {
  u32 state = ~0u;
  if consteval {
    for (u8 byte : bytes) state = detail::crc32c_step(state, byte);
  } else {
    state = detail::crc32c_update(state, bytes.data, bytes.size);
  }
  return ~state;
}

}  // namespace trawl::inline v0
