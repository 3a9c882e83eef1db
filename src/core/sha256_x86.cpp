// SPDX-License-Identifier: Apache-2.0 OR MIT
// SHA-256 with the instructions that x86-64 processors have had for it since about 2017; empty on others.
#include "core/sha256_blocks.hpp"

#if defined(__x86_64__)
#  include <immintrin.h>

namespace trawl::inline v0::detail {
namespace {

const __m128i* vector(const void* p) { return static_cast<const __m128i*>(p); }

/// The instructions want the state as two vectors, {f,e,b,a} and {h,g,d,c} from the lowest word up.
[[gnu::target("sha,sse4.1")]] void sha256_blocks_shani(u32* state, const u8* blocks, size_t count) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  const __m128i dcba = _mm_loadu_si128(vector(state)), hgfe = _mm_loadu_si128(vector(state + 4));
  const __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
  for (; count; --count, blocks += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w[4];
#  pragma GCC unroll 16
    for (unsigned i = 0; i < 16; ++i) {  // four rounds each
      __m128i& now = w[i % 4];
      if (i < 4) {
        now = _mm_shuffle_epi8(_mm_loadu_si128(vector(blocks + 16 * i)), big_endian);
      } else {
        const __m128i older = _mm_sha256msg1_epu32(now, w[(i + 1) % 4]), middle = _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4);
        now = _mm_sha256msg2_epu32(_mm_add_epi32(older, middle), w[(i + 3) % 4]);
      }
      const __m128i sum = _mm_add_epi32(now, _mm_load_si128(vector(sha256_constants + 4 * i)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  auto* out = reinterpret_cast<__m128i*>(state);
  _mm_storeu_si128(out, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(out + 1, _mm_alignr_epi8(dchg, feba, 8));
}

bool has_instructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  // CPUID leaf 7: EBX bit 29 is SHA. Leaf 1: ECX bit 19 is SSE4.1.
  __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(0), "c"(0));
  if (a < 7) return false;
  __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(7), "c"(0));
  const bool sha = b & 1u << 29;
  __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(1), "c"(0));
  return sha && (c & 1u << 19);
}

}  // namespace

Sha256Blocks sha256_blocks_of_this_cpu() {
  static const Sha256Blocks blocks = has_instructions() ? sha256_blocks_shani : nullptr;
  return blocks;
}

}  // namespace trawl::inline v0::detail

#else

namespace trawl::inline v0::detail {
Sha256Blocks sha256_blocks_of_this_cpu() { return nullptr; }
}  // namespace trawl::inline v0::detail

#endif
