// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "trawl/capture/time_order.hpp"

using namespace trawl;

namespace {

struct Kept {
  std::vector<i64> times;
  std::vector<u8> first_bytes;
  Result<void> answer;
  Result<void> write(const Batch& batch, std::span<const InterfaceInfo>) {
    for (const auto& frame : batch) times.push_back(frame.time.nanoseconds), first_bytes.push_back(frame.bytes[0]);
    return answer;
  }
  Result<void> close() { return {}; }
};

/// One frame for each time; its byte is the time, and is overwritten when the object ends.
struct Times {
  explicit Times(std::initializer_list<i64> at) {
    for (const i64 time : at) bytes.push_back(u8(time));
    size_t i = 0;
    for (const i64 time : at) frames.push_back({.bytes = {&bytes[i++], 1}, .time = {time}});
  }
  ~Times() { std::fill(bytes.begin(), bytes.end(), u8(0xee)); }
  operator Batch() const { return {frames.data(), u32(frames.size())}; }
  std::vector<u8> bytes;
  std::vector<Frame> frames;
};

TEST(TimeOrder, waits_until_every_source_has_come_as_far) {
  Kept kept;
  TimeOrder order(kept, 2);
  ASSERT_TRUE(order.write(0, Times{1, 4, 5}, {}));
  EXPECT_TRUE(kept.times.empty());
  ASSERT_TRUE(order.write(1, Times{2, 3}, {}));
  EXPECT_EQ(kept.times, (std::vector<i64>{1, 2, 3}));
  ASSERT_TRUE(order.advance(1, {4}));
  EXPECT_EQ(kept.times, (std::vector<i64>{1, 2, 3, 4}));
  ASSERT_TRUE(order.write(1, Times{7}, {}));
  EXPECT_EQ(kept.times, (std::vector<i64>{1, 2, 3, 4, 5}));
  ASSERT_TRUE(order.finish(0));
  EXPECT_EQ(kept.times.back(), 7);
  EXPECT_EQ(kept.first_bytes, (std::vector<u8>{1, 2, 3, 4, 5, 7})) << "the bytes are copies";
  EXPECT_EQ(order.hurried(), 0u);
}

TEST(TimeOrder, does_not_keep_more_than_it_may) {
  Kept kept;
  TimeOrder order(kept, 2, 3);
  ASSERT_TRUE(order.write(0, Times{1, 2, 3}, {}));
  EXPECT_TRUE(kept.times.empty());
  ASSERT_TRUE(order.write(0, Times{4, 5}, {}));
  EXPECT_EQ(kept.times, (std::vector<i64>{1, 2}));
  EXPECT_EQ(order.hurried(), 2u);
}

TEST(TimeOrder, tells_everyone_what_went_wrong) {
  Kept kept;
  kept.answer = fail(Operation::write_file, Reason::disk_full);
  TimeOrder order(kept, 2);
  ASSERT_TRUE(order.write(0, Times{1}, {}));
  ASSERT_FALSE(order.write(1, Times{2}, {}));
  const auto again = order.write(0, Times{3}, {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, Reason::disk_full);
}

TEST(TimeOrder, takes_batches_of_many_threads) {
  Kept kept;
  TimeOrder order(kept, 4);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (u32 source = 0; source < 4; ++source)
    threads.emplace_back([&order, source] {
      for (i64 i = 0; i < 500; ++i) ASSERT_TRUE(order.write(source, Times{i * 8 + source, i * 8 + source + 4}, {}));
      ASSERT_TRUE(order.finish(source));
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(kept.times.size(), 4000u);
  EXPECT_TRUE(std::is_sorted(kept.times.begin(), kept.times.end()));
}

}  // namespace
