// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "trawl/core/cursor.hpp"

using namespace trawl;

namespace {
constexpr u8 bytes[16] = {1, 2, 3, 4, 5, 6, 7};  // longer than what is shown of it: GCC 12 warns of what never happens
}

TEST(Cursor, reads_forward_in_its_byte_order) {
  Cursor big({bytes, 7}), little({bytes, 7}, Order::little);
  EXPECT_EQ(big.take<u16>(), 0x0102);
  EXPECT_EQ(big.take<u32>(), 0x03040506u);
  EXPECT_EQ(little.take<u8>(), 1);
  EXPECT_EQ(little.take<u32>(), 0x05040302u);
  EXPECT_EQ(little.position(), 5u);
  EXPECT_EQ(little.left(), 2u);
}

TEST(Cursor, a_read_that_does_not_fit_leaves_it_where_it_is) {
  for (size_t size = 0; size <= 7; ++size)
    for (size_t at = 0; at <= size; ++at) {
      Cursor cursor({bytes, size});
      ASSERT_TRUE(cursor.skip(at));
      EXPECT_EQ(cursor.take<u64>(), std::nullopt);
      EXPECT_EQ(cursor.take(size - at + 1), std::nullopt);
      EXPECT_EQ(cursor.take(SIZE_MAX), std::nullopt);
      EXPECT_EQ(cursor.position(), at);
      const auto rest = cursor.take(size - at);
      ASSERT_TRUE(rest);
      EXPECT_TRUE(*rest == Bytes(bytes, size).from(at));
      EXPECT_TRUE(cursor.done());
    }
}
