// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <string>

#include "core/sha256_blocks.hpp"
#include "trawl/core/sha256.hpp"

using namespace trawl;

namespace {

std::string hex(const Sha256Digest& digest) {
  std::string text;
  for (u8 octet : digest.octet) text += "0123456789abcdef"[octet >> 4], text += "0123456789abcdef"[octet & 15];
  return text;
}

struct Case {
  std::string text, digest;
};
// FIPS 180-2 appendix B and the NIST byte-oriented examples.
const Case cases[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {std::string(1000000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

}  // namespace

TEST(Sha256, gives_the_digests_of_the_standard) {
  for (const auto& test : cases) EXPECT_EQ(hex(sha256(Bytes::of(test.text))), test.digest) << test.text.substr(0, 60);
}

TEST(Sha256, does_not_care_how_the_bytes_are_cut_up) {
  for (size_t piece = 1; piece < 200; ++piece) {
    Sha256 hash;
    const Bytes all = Bytes::of(cases[4].text);
    for (size_t at = 0; at < all.size; at += piece) hash.update(all.slice(at, piece));
    EXPECT_EQ(hex(hash.finish()), cases[4].digest) << piece;
  }
}

TEST(Sha256, pads_every_length_right) {
  // The digest of all digests of 0..199 bytes of 'x', computed with Python's hashlib.
  Sha256 all;
  for (size_t size = 0; size < 200; ++size) all.update(sha256(Bytes::of(std::string(size, 'x'))).bytes());
  EXPECT_EQ(hex(all.finish()), "f5e61141898898cdabae3590cb32e1901b40bdc59952302926213a44c105c129");
}

TEST(Sha256, instructions_of_the_processor_agree_with_the_portable_code) {
  const auto fast = detail::sha256_blocks_of_this_cpu();
  if (!fast) GTEST_SKIP() << "this processor has no instructions for SHA-256";
  u8 blocks[5 * 64];
  for (size_t i = 0; i < sizeof blocks; ++i) blocks[i] = u8(i * 73 + 5);
  u32 a[8], b[8];
  for (u32 i = 0; i < 8; ++i) a[i] = b[i] = i * 0x9e3779b9;
  fast(a, blocks, 5);
  detail::sha256_blocks_portable(b, blocks, 5);
  for (u32 i = 0; i < 8; ++i) EXPECT_EQ(a[i], b[i]);
}
