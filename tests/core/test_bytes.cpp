// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "trawl/core/bytes.hpp"
#include "trawl/core/text_out.hpp"

using namespace trawl;

namespace {
constexpr u8 digits[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
constexpr Bytes all{digits, 10};
}  // namespace

TEST(Bytes, a_cut_never_leaves_them) {
  for (size_t at : {0u, 1u, 9u, 10u, 11u, 1000u})
    for (size_t count : {0u, 1u, 9u, 10u, 11u, 1000u}) {
      const Bytes cut = all.slice(at, count);
      EXPECT_GE(cut.data, all.begin());
      EXPECT_LE(cut.end(), all.end());
      EXPECT_EQ(cut.size, at >= 10 ? 0 : std::min<size_t>(count, 10 - at));
      EXPECT_TRUE(cut.empty() || cut[0] == at);
    }
  EXPECT_EQ(all.slice(5, SIZE_MAX).size, 5u);
  EXPECT_EQ(all.from(SIZE_MAX).size, 0u);
  EXPECT_EQ(Bytes().from(3).size, 0u);
}

TEST(Bytes, are_equal_when_size_and_content_are) {
  constexpr u8 same[] = {3, 4, 5};
  static_assert(all.slice(3, 3) == Bytes{same, 3});
  EXPECT_FALSE(all.slice(3, 3) == all.slice(4, 3));
  EXPECT_FALSE(all.slice(3, 3) == all.slice(3, 4));
  EXPECT_TRUE(Bytes() == all.from(10));
}

TEST(Bytes, can_be_seen_as_text_and_back) {
  EXPECT_EQ(Bytes::of("abc").text(), "abc");
  EXPECT_EQ(Bytes::of("").size, 0u);
}

TEST(TextOut, cuts_what_does_not_fit_and_tells) {
  char room[5];
  TextOut out(room);
  out.put("abc").put("defg").put('h');
  EXPECT_EQ(out.view(), "abcde");
  EXPECT_TRUE(out.cut());
  out.clear();
  out.integer(-12).put('x');
  EXPECT_EQ(out.view(), "-12x");
  EXPECT_FALSE(out.cut());
}

TEST(TextOut, writes_the_smallest_and_largest_numbers) {
  char room[80];
  TextOut out(room);
  out.integer(INT64_MIN).put(' ').number(UINT64_MAX).put(' ').number(0xbeef, 16, 8).put(' ').number(5, 2, 4);
  EXPECT_EQ(out.view(), "-9223372036854775808 18446744073709551615 0000beef 0101");
}
