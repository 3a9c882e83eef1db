// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "harness.hpp"

#include "trawl/core/timestamp.hpp"

TRAWL_ARM_TEST(a_time_before_1970_has_a_positive_subsecond) {
  constexpr trawl::Timestamp time{-1};
  TRAWL_ARM_CHECK(time.seconds() == -1);
  TRAWL_ARM_CHECK(time.subsecond() == 999'999'999);
}

TRAWL_ARM_TEST(ticks_of_a_file_become_nanoseconds) {
  volatile trawl::u64 ticks = 1'500'000;
  const auto scaled = trawl::to_timestamp(ticks, trawl::Resolution::microseconds());
  TRAWL_ARM_CHECK(scaled.exact && scaled.time.nanoseconds == 1'500'000'000);
}
