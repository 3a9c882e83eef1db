// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::filter {

/// Of values, both ends included.
struct Range {
  u32 low = 0, high = 0;
};

}  // namespace trawl::inline v0::filter
