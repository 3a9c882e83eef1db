// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/checksum.hpp"

namespace trawl::inline v0::detail {
namespace {

/// One's complement addition of 64-bit words: the carry goes round.
inline void add(u64& sum, u64 word) {
  sum += word;
  sum += sum < word;
}
inline u64 word_at(const u8* p) {
  u64 word;
  __builtin_memcpy(&word, p, sizeof word);
  return word;
}

struct Crc32cTables {
  u32 at[8][256] = {};
  consteval Crc32cTables() {
    for (u32 i = 0; i < 256; ++i) at[0][i] = crc32c_step(0, u8(i));
    for (u32 i = 0; i < 256; ++i)
      for (int k = 1; k < 8; ++k) at[k][i] = at[k - 1][i] >> 8 ^ at[0][at[k - 1][i] & 255];
  }
};
constexpr Crc32cTables tables;

}  // namespace

// The sum of 16-bit words does not depend on their byte order (RFC 1071 2 (B)), so words of the machine are added and
// swapped once at the end. Four accumulators hide the latency of the carries.
u64 sum_words(const u8* data, size_t size) {
  u64 a = 0, b = 0, c = 0, d = 0;
  while (size >= 32) {
    add(a, word_at(data));
    add(b, word_at(data + 8));
    add(c, word_at(data + 16));
    add(d, word_at(data + 24));
    data += 32, size -= 32;
  }
  for (; size >= 8; data += 8, size -= 8) add(a, word_at(data));
  if (size) {
    u8 last[8] = {};
    __builtin_memcpy(last, data, size);
    add(b, word_at(last));
  }
  add(a, b);
  add(c, d);
  add(a, c);
  u64 sum = (a & 0xffffffff) + (a >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  if constexpr (std::endian::native == std::endian::little) return std::byteswap(u16(sum));
  else return sum;
}

// Eight tables: eight bytes a step.
u32 crc32c_update(u32 state, const u8* data, size_t size) {
  for (; size >= 8; data += 8, size -= 8) {
    const u32 low = load_le<u32>(data) ^ state, high = load_le<u32>(data + 4);
    state = tables.at[7][low & 255] ^ tables.at[6][low >> 8 & 255] ^ tables.at[5][low >> 16 & 255] ^ tables.at[4][low >> 24] ^
            tables.at[3][high & 255] ^ tables.at[2][high >> 8 & 255] ^ tables.at[1][high >> 16 & 255] ^ tables.at[0][high >> 24];
  }
  for (; size; ++data, --size) state = state >> 8 ^ tables.at[0][(state ^ *data) & 255];
  return state;
}

}  // namespace trawl::inline v0::detail
