// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "file/compression/xxh32.hpp"

using namespace trawl;

namespace {

u32 sum_of(std::string_view text) {
  Xxh32 sum;
  sum.add(Bytes::of(text));
  return sum.value();
}

TEST(Xxh32, gives_known_sums) {
  EXPECT_EQ(sum_of(""), 0x02cc5d05u);
  EXPECT_EQ(sum_of("a"), 0x550d7456u);
  EXPECT_EQ(sum_of("abc"), 0x32d153ffu);
  EXPECT_EQ(sum_of("Nobody inspects the spammish repetition"), 0xe2293b2fu);
}

TEST(Xxh32, does_not_care_how_the_bytes_are_cut_up) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += char(i * 7);
  for (size_t length = 0; length <= text.size(); ++length) {
    const Bytes bytes = Bytes::of(text).first(length);
    for (size_t piece : {1u, 3u, 15u, 16u, 17u, 64u}) {
      Xxh32 sum;
      for (size_t at = 0; at < length; at += piece) sum.add(bytes.slice(at, std::min(piece, length - at)));
      ASSERT_EQ(sum.value(), sum_of(text.substr(0, length))) << length << " by " << piece;
    }
  }
}

}  // namespace
