// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Interface statistics blocks for another interface or another clock.
#pragma once
#include <functional>
#include <vector>

#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

/// The same statistics, in the block's byte order, of interface `id` and with all times as `moved` gives them.
/// @pre parse_interface_statistics(block)
std::vector<u8> with_statistics_changed(const Block& block, u32 id, const std::function<u64(u64 ticks)>& moved);

}  // namespace trawl::inline v0
