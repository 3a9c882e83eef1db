// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <random>

#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/file/sort.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

/// Packets with times in any order, many of them equal; the first bytes number them.
Buffer shuffled(u32 count) {
  Buffer bytes = pcap_header();
  std::mt19937 random(7);
  for (u32 i = 0; i < count; ++i) {
    Buffer data = packet_bytes(20 + random() % 1400);
    store_le(data.data(), i);
    const Buffer record = pcap_record(data, u32(1000 + random() % 100), 0);
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

struct Sorted {
  std::vector<std::pair<i64, u32>> packets;
  std::vector<Buffer> bytes;
  u64 out_of_order = 0;
  size_t runs = 0;
  std::optional<Error> error;
};
Sorted sort(const Buffer& file, u64 memory) {
  Sorted sorted;
  auto source = Sort::open(ByteSource::memory(file), {.memory_bytes = memory});
  EXPECT_TRUE(source);
  for (;;) {
    const auto batch = source->next();
    if (!batch) sorted.error = batch.error();
    if (!batch || !*batch) break;
    for (const auto& frame : **batch) {
      sorted.packets.emplace_back(frame.time.nanoseconds, load_le<u32>(frame.bytes.data));
      sorted.bytes.emplace_back(frame.bytes.begin(), frame.bytes.end());
    }
  }
  sorted.out_of_order = source->out_of_order(), sorted.runs = source->runs();
  return sorted;
}

}  // namespace

TEST(Sort, is_stable_in_memory_and_in_a_temporary_file) {
  const Buffer file = shuffled(8000);
  const auto in_memory = sort(file, 64u << 20), in_runs = sort(file, 1u << 20);
  EXPECT_EQ(in_memory.runs, 0u);
  EXPECT_GT(in_runs.runs, 3u);
  ASSERT_EQ(in_memory.packets.size(), 8000u);
  EXPECT_TRUE(std::ranges::is_sorted(in_memory.packets)) << "equal times keep their order";
  EXPECT_EQ(in_memory.packets, in_runs.packets);
  EXPECT_EQ(in_memory.bytes, in_runs.bytes);
  const auto read = read_all(file);
  for (size_t i = 0; i < in_memory.bytes.size(); ++i) ASSERT_EQ(in_memory.bytes[i], read.bytes[in_memory.packets[i].second]);
  EXPECT_GT(in_memory.out_of_order, 4000u);
  EXPECT_EQ(in_memory.out_of_order, in_runs.out_of_order);
}

TEST(Sort, delivers_what_stood_before_damage) {
  Buffer file = shuffled(100);
  file.resize(file.size() - 3);
  const auto sorted = sort(file, 1u << 20);
  EXPECT_EQ(sorted.packets.size(), 99u);
  EXPECT_TRUE(std::ranges::is_sorted(sorted.packets));
  ASSERT_TRUE(sorted.error);
  EXPECT_EQ(sorted.error->reason, Reason::truncated);
}

TEST(Sort, says_where_its_temporary_file_cannot_be) {
  const Buffer file = shuffled(4000);
  auto source = Sort::open(ByteSource::memory(file), {.memory_bytes = 1, .temporary_folder = "/nowhere/at/all"});
  ASSERT_TRUE(source);
  const auto batch = source->next();
  ASSERT_FALSE(batch);
  expect_text(batch.error(), "cannot write the file /nowhere/at/all: No such file or directory");
  EXPECT_FALSE(*source->next());
}

TEST(Sort, keeps_metadata_and_puts_other_blocks_where_they_are_needed) {
  if (!with_pcapng) GTEST_SKIP() << "pcapng is not in this build";
  const auto comment = join({option(1, text("late")), {0, 0, 0, 0}});
  const Buffer secrets = block(10, Put(Order::little)(u32{0x544c534b})(u32{4})(u32{7}).bytes);
  const Buffer statistics = block(5, Put(Order::little)(u32{0})(u32{0})(u32{9}).bytes),
               custom = block(0x0bad, Put(Order::little)(u32{1}).bytes);
  const Buffer file = join({section(), interface(), enhanced(packet_bytes(60, 1), 300, 0, Order::little, comment), custom, statistics,
                            enhanced(packet_bytes(60, 2), 100), secrets, enhanced(packet_bytes(60, 3), 200)});
  auto source = Sort::open(ByteSource::memory(file), {.reader = {.blocks = KeepBlocks::others}});
  ASSERT_TRUE(source);
  const auto batch = source->next();
  ASSERT_TRUE(batch && *batch);
  ASSERT_EQ((*batch)->size(), 3u);
  EXPECT_EQ((**batch)[0].bytes[0], 2);
  EXPECT_EQ((**batch)[2].bytes[0], 1);
  EXPECT_EQ((**batch)[2].info.metadata.size, 8u);
  EXPECT_EQ(Bytes((**batch)[2].info.metadata).slice(4, 4).text(), "late");
  std::vector<std::pair<u32, u32>> got;
  for (const auto& other : source->blocks()) got.emplace_back(u32(other.block.type), other.before);
  EXPECT_EQ(got, (std::vector<std::pair<u32, u32>>{{10, 0}, {0x0bad, 3}, {5, 3}}));
}
