// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/rewrite/random_errors.hpp"

#include <gtest/gtest.h>

#include "trawl/rewrite/strict_times.hpp"

using namespace trawl;

namespace {

Frame frame_of(const std::vector<u8>& bytes) {
  return {.bytes = {bytes.data(), bytes.size()}, .original_length = u32(bytes.size()), .time = {7}};
}

}  // namespace

TEST(RandomErrors, change_nothing_or_everything_at_the_ends) {
  const std::vector<u8> bytes(100, 5);
  RandomErrors none({.probability = 0}), all({.probability = 1, .offset = 3}), beyond({.probability = 1, .offset = 100});
  EXPECT_EQ(none(frame_of(bytes)).bytes.data, bytes.data());
  EXPECT_EQ(beyond(frame_of(bytes)).bytes.data, bytes.data());
  const Frame frame = all(frame_of(bytes));
  for (size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(frame.bytes[i] == 5, i < 3) << i;
  EXPECT_EQ(frame.time.nanoseconds, 7);
  EXPECT_EQ(all.errors(), 97u);
  EXPECT_EQ(none.errors(), 0u);
}

TEST(RandomErrors, go_on_from_packet_to_packet) {
  const std::vector<u8> one(1, 0), many(1000, 0);
  RandomErrors alone({.probability = 0.01, .seed = 9}), together({.probability = 0.01, .seed = 9});
  u64 changed = 0;
  for (int i = 0; i < 1'000'000; ++i) changed += alone(frame_of(one)).bytes[0] != 0;
  for (int i = 0; i < 1000; ++i) together(frame_of(many));
  EXPECT_EQ(alone.errors(), changed);
  EXPECT_EQ(together.errors(), changed);
  EXPECT_NEAR(double(changed), 10'000, 500);
}

TEST(StrictTimes, never_go_back) {
  StrictTimes at_least({.nanoseconds = 10}), each({.nanoseconds = 10, .each = true}), last({.nanoseconds = 5});
  const i64 times[] = {100, 90, 105, 300};
  const i64 wanted[] = {100, 110, 120, 300}, in_step[] = {100, 110, 120, 130};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(at_least({times[i]}).nanoseconds, wanted[i]);
    EXPECT_EQ(each({times[i]}).nanoseconds, in_step[i]);
  }
  EXPECT_EQ(last({INT64_MAX}).nanoseconds, INT64_MAX);
  EXPECT_EQ(last({0}).nanoseconds, INT64_MAX);
}
