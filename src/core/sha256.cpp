// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/sha256.hpp"

#include "core/sha256_blocks.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {
namespace detail {

void sha256_blocks_portable(u32* state, const u8* blocks, size_t count) {
  for (; count; --count, blocks += 64) {
    u32 w[64];
    for (unsigned i = 0; i < 16; ++i) w[i] = load_be<u32>(blocks + 4 * i);
    for (unsigned i = 16; i < 64; ++i) {
      const u32 x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + (std::rotr(x, 7) ^ std::rotr(x, 18) ^ x >> 3) + w[i - 7] + (std::rotr(y, 17) ^ std::rotr(y, 19) ^ y >> 10);
    }
    u32 a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (unsigned i = 0; i < 64; ++i) {
      const u32 t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + sha256_constants[i] + w[i];
      const u32 t2 = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e, state[5] += f, state[6] += g, state[7] += h;
  }
}

namespace {

void take_blocks(u32* state, const u8* blocks, size_t count) {
  const auto fast = sha256_blocks_of_this_cpu();
  (fast ? fast : sha256_blocks_portable)(state, blocks, count);
}

}  // namespace
}  // namespace detail

// FIPS 180-4 5.3.3: fractional parts of the square roots of the first 8 primes.
Sha256::Sha256() : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19} {}

void Sha256::update(Bytes bytes) {
  const size_t pending = size_ % 64;
  size_ += bytes.size;
  if (pending) {
    const Bytes filling = bytes.first(64 - pending);
    copy_bytes(pending_ + pending, filling.data, filling.size);
    bytes = bytes.from(filling.size);
    if (pending + filling.size < 64) return;
    detail::take_blocks(state_, pending_, 1);
  }
  if (const size_t whole = bytes.size / 64) detail::take_blocks(state_, bytes.data, whole);
  const Bytes rest = bytes.from(bytes.size / 64 * 64);
  copy_bytes(pending_, rest.data, rest.size);
}

Sha256Digest Sha256::finish() {
  const u64 bits = size_ * 8;
  const size_t pending = size_ % 64, zeros = (pending < 56 ? 55 : 119) - pending;
  u8 tail[1 + 63 + 8] = {0x80};
  store_be(tail + 1 + zeros, bits);
  update({tail, 1 + zeros + 8});
  Sha256Digest digest;
  for (unsigned i = 0; i < 8; ++i) store_be(digest.octet + 4 * i, state_[i]);
  return digest;
}

Sha256Digest sha256(Bytes bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

}  // namespace trawl::inline v0
