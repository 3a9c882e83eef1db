// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <trawl/core/bytes.hpp>
#include <trawl/core/switches.hpp>
#include <trawl/core/timestamp.hpp>

#include <cstdio>

int main() {
  const auto ticks = trawl::to_ticks(trawl::Timestamp::from_parts(2, 500), trawl::Resolution::microseconds());
  std::printf("trawl %s\n", TRAWL_VERSION);
  return ticks.ticks == 2'000'000 && !ticks.exact ? 0 : 1;
}
