// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

#include "trawl/core/endian.hpp"

using namespace trawl;

namespace {

/// All bits of some bytes as a string of 0 and 1, in the order that `order` numbers them.
std::string bits_of(const u8* p, size_t size, Order order) {
  std::string bits;
  for (size_t i = 0; i < size * 8; ++i) bits += char('0' + (p[i / 8] >> (order == Order::big ? 7 - i % 8 : i % 8) & 1));
  return bits;
}
u64 value_of(std::string bits, Order order) {
  if (order == Order::little) bits.assign(bits.rbegin(), bits.rend());
  return std::stoull(bits, nullptr, 2);
}

}  // namespace

TEST(Endian, big_endian_is_the_order_of_the_network) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    u8 bytes[4];
    const u32 value = u32(random());
    store_be(bytes, value);
    u32 network = htonl(value);
    EXPECT_EQ(std::memcmp(bytes, &network, 4), 0);
    EXPECT_EQ(load_be<u32>(bytes), value);
    const u16 half = u16(value), half_network = htons(half);
    store_be(bytes, half);
    EXPECT_EQ(std::memcmp(bytes, &half_network, 2), 0);
  }
}

TEST(Endian, compile_time_and_run_time_agree) {
  static constexpr u8 bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  constexpr u64 big = load_be<u64>(bytes + 1), little = load_le<u64>(bytes + 1);
  static_assert(big == 0x0203040506070809 && little == 0x0908070605040302);
  EXPECT_EQ(load<u64>(bytes + 1, Order::big), big);
  EXPECT_EQ(load<u64>(bytes + 1, Order::little), little);
  static_assert([] {
    u8 out[4] = {};
    store_le(out, u32{0x01020304});
    return out[0] == 4 && out[3] == 1;
  }());
}

TEST(Endian, bit_runs_are_read_as_drawn) {
  std::mt19937 random(2);
  for (int i = 0; i < 20000; ++i) {
    u8 bytes[16];
    for (auto& byte : bytes) byte = u8(random());
    const Order order = i % 2 ? Order::big : Order::little;
    const unsigned width = 1 + unsigned(random() % 64), bit = unsigned(random() % (128 - width + 1));
    const auto expected = value_of(bits_of(bytes, sizeof bytes, order).substr(bit, width), order);
    ASSERT_EQ(read_bits(bytes, bit, width, order), expected) << bit << "+" << width;
  }
}

TEST(Endian, writing_bits_changes_only_them) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20000; ++i) {
    u8 bytes[16];
    for (auto& byte : bytes) byte = u8(random());
    const Order order = i % 2 ? Order::big : Order::little;
    const unsigned width = 1 + unsigned(random() % 64), bit = unsigned(random() % (128 - width + 1));
    const auto before = bits_of(bytes, sizeof bytes, order);
    const u64 value = random();
    write_bits(bytes, bit, width, order, value);
    const auto after = bits_of(bytes, sizeof bytes, order);
    ASSERT_EQ(value_of(after.substr(bit, width), order), value & ones(width)) << bit << "+" << width;
    ASSERT_EQ(after.substr(0, bit), before.substr(0, bit));
    ASSERT_EQ(after.substr(bit + width), before.substr(bit + width));
  }
}
