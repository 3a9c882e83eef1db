// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <string>

#include "trawl/core/hmac.hpp"

using namespace trawl;

namespace {

std::string hex(const Sha256Digest& digest) {
  std::string text;
  for (const u8 byte : digest.octet) {
    char pair[2];
    TextOut(pair).number(byte, 16, 2);
    text.append(pair, 2);
  }
  return text;
}

// RFC 4231 4.2, 4.3, 4.7: a key of a few bytes, a short key, a key longer than a block.
TEST(HmacSha256, gives_the_vectors_of_rfc_4231) {
  const std::string key_1(20, '\x0b'), key_6(131, '\xaa');
  EXPECT_EQ(hex(HmacSha256(Bytes::of(key_1))(Bytes::of("Hi There"))), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(HmacSha256(Bytes::of("Jefe"))(Bytes::of("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(HmacSha256(Bytes::of(key_6))(Bytes::of("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, takes_any_number_of_messages) {
  const HmacSha256 hash(Bytes::of("Jefe"));
  const auto first = hash(Bytes::of("a"));
  EXPECT_NE(first, hash(Bytes::of("b")));
  EXPECT_EQ(first, hash(Bytes::of("a")));
}

}  // namespace
