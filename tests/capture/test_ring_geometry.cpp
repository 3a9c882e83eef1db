// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <bit>

#include "capture/linux/ring/ring_geometry.hpp"

using namespace trawl;
using namespace trawl::linux_capture;
using namespace std::chrono_literals;

namespace {

constexpr size_t page = 4096, KiB = 1024, MiB = 1024 * KiB;

TEST(RingGeometry, has_large_blocks_and_at_least_two) {
  struct Case {
    size_t buffer;
    size_t block;
    u32 blocks;
  };
  const Case cases[] = {
      {0, 4 * KiB, 2},
      {1, 4 * KiB, 2},
      {9000, 4 * KiB, 3},
      {64 * KiB, 32 * KiB, 2},
      {256 * KiB, 128 * KiB, 2},
      {1 * MiB, 128 * KiB, 8},
      {2 * MiB, 256 * KiB, 8},
      {8 * MiB, 256 * KiB, 32},
      {32 * MiB, 256 * KiB, 128},
      {33 * MiB - 1, 256 * KiB, 132},
      {4096 * MiB, 256 * KiB, 16384},
  };
  for (const auto& test : cases) {
    const auto geometry = choose_geometry(test.buffer, page, {}, false, 0);
    ASSERT_TRUE(geometry);
    EXPECT_EQ(geometry->block_bytes, test.block) << test.buffer;
    EXPECT_EQ(geometry->blocks, test.blocks) << test.buffer;
    EXPECT_GE(geometry->bytes(), test.buffer);
  }
  EXPECT_FALSE(choose_geometry(~size_t{}, page, {}, false, 0));
  EXPECT_EQ(choose_geometry(0, 64 * KiB, {}, false, 0)->block_bytes, 64 * KiB) << "large pages";
}

TEST(RingGeometry, has_room_for_the_largest_packet_while_there_are_two_blocks) {
  struct Case {
    size_t buffer;
    u32 packet;
    size_t block;
  };
  const Case cases[] = {
      {32 * MiB, 1500, 256 * KiB},  {32 * MiB, 64 * KiB, 256 * KiB}, {1 * MiB, 64 * KiB, 128 * KiB}, {32 * MiB, 262144, 512 * KiB},
      {1 * MiB, 200000, 256 * KiB}, {32 * MiB, 200000, 512 * KiB},   {1 * MiB, 262144, 512 * KiB},   {256 * KiB, 262144, 128 * KiB},
  };
  for (const auto& test : cases)
    EXPECT_EQ(choose_geometry(test.buffer, page, {}, false, test.packet)->block_bytes, test.block) << test.buffer << ' ' << test.packet;
}

TEST(RingGeometry, hands_packets_over_within_the_timeout) {
  EXPECT_EQ(choose_geometry(MiB, page, {}, false, 0)->retire_milliseconds, 60u);
  EXPECT_EQ(choose_geometry(MiB, page, 10s, false, 0)->retire_milliseconds, 60u);
  EXPECT_EQ(choose_geometry(MiB, page, 20ms, false, 0)->retire_milliseconds, 20u);
  EXPECT_EQ(choose_geometry(MiB, page, 0ms, false, 0)->retire_milliseconds, 1u);
  EXPECT_EQ(choose_geometry(MiB, page, 10s, true, 0)->retire_milliseconds, 1u);
}

}  // namespace
