// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "trawl/core/checksum.hpp"

using namespace trawl;

namespace {

/// RFC 1071 4.1 in words of a simpler age: add, and bring the carry round at once.
u16 slow_checksum(const std::vector<u8>& bytes) {
  unsigned sum = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 ? bytes[i] : unsigned{bytes[i]} << 8;
    while (sum > 0xffff) sum = sum - 0x10000 + 1;
  }
  return u16(0xffff - sum);
}
/// Polynomial division, bit by bit, of the bytes as CRC-32c takes them.
u32 slow_crc32c(const std::vector<u8>& bytes) {
  u32 state = 0xffffffff;
  for (u8 byte : bytes)
    for (int bit = 0; bit < 8; ++bit) {
      const bool differs = (state ^ u32{byte} >> bit) & 1;
      state >>= 1;
      if (differs) state ^= 0x82f63b78;  // 0x1edc6f41 reflected
    }
  return ~state;
}
std::vector<u8> random_bytes(std::mt19937& random, size_t size) {
  std::vector<u8> bytes(size);
  for (auto& byte : bytes) byte = random() % 4 ? u8(random()) : 0xff;
  return bytes;
}

}  // namespace

TEST(Checksum, is_that_of_the_example_in_rfc_1071) {
  constexpr u8 example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(internet_checksum({example, 8}), u16(~0xddf2));
  static_assert(internet_checksum({example, 8}) == u16(~0xddf2));
}

TEST(Checksum, agrees_with_a_slow_sum_for_every_length_and_alignment) {
  std::mt19937 random(1);
  for (size_t size = 0; size < 300; ++size)
    for (size_t shift = 0; shift < 9; ++shift) {
      const auto bytes = random_bytes(random, size + shift);
      const std::vector<u8> part(bytes.begin() + long(shift), bytes.end());
      ASSERT_EQ(internet_checksum(Bytes(bytes).from(shift)), slow_checksum(part)) << size;
    }
  const auto large = random_bytes(random, 1 << 20);
  EXPECT_EQ(internet_checksum(large), slow_checksum(large));
  const std::vector<u8> ones_only(65535, 0xff);
  EXPECT_EQ(internet_checksum(ones_only), slow_checksum(ones_only));
}

TEST(Checksum, of_bytes_that_hold_it_is_zero) {
  std::mt19937 random(2);
  for (int i = 0; i < 1000; ++i) {
    auto bytes = random_bytes(random, 20 + 2 * (random() % 100));
    bytes[10] = bytes[11] = 0;
    const u16 sum = internet_checksum(bytes);
    store_be(bytes.data() + 10, sum);
    EXPECT_EQ(internet_checksum(bytes), 0);
  }
}

TEST(Checksum, parts_of_even_size_add_up) {
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) {
    const auto bytes = random_bytes(random, 2 + random() % 200);
    const size_t cut = random() % (bytes.size() / 2 + 1) * 2;
    const Bytes whole(bytes);
    EXPECT_EQ(folded(sum16(whole.from(cut), sum16(whole.first(cut)))), internet_checksum(whole));
  }
}

TEST(Checksum, update_gives_what_a_new_sum_gives) {
  std::mt19937 random(4);
  for (int i = 0; i < 20000; ++i) {
    auto bytes = random_bytes(random, 20 + random() % 40);
    bytes[0] |= 1;  // the all-zero packet is the one case where RFC 1624 differs
    const u16 before = internet_checksum(bytes);
    const size_t size = 1 + random() % 6, at = 1 + random() % (bytes.size() - size - 1);
    const std::vector<u8> old(bytes.begin() + long(at), bytes.begin() + long(at + size));
    const auto now = random_bytes(random, size);
    std::copy(now.begin(), now.end(), bytes.begin() + long(at));
    ASSERT_EQ(updated_checksum(before, old, now, at), internet_checksum(bytes)) << at << "+" << size;
  }
  // RFC 1624 4: the example that equation 2 gets wrong.
  EXPECT_EQ(updated_checksum(0xdd2f, 0x5555u, 0x3285u), 0x0000);
}

TEST(Crc32c, has_the_check_value_and_those_of_rfc_3720) {
  EXPECT_EQ(crc32c(Bytes::of("123456789")), 0xe3069283u);
  EXPECT_EQ(crc32c(std::vector<u8>(32, 0)), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::vector<u8>(32, 0xff)), 0x62a8ab43u);
}

TEST(Crc32c, agrees_with_division_bit_by_bit) {
  std::mt19937 random(5);
  for (size_t size = 0; size < 300; ++size) {
    const auto bytes = random_bytes(random, size);
    ASSERT_EQ(crc32c(bytes), slow_crc32c(bytes)) << size;
  }
}
