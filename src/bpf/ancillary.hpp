// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include "trawl/bpf/run.hpp"

namespace trawl::inline v0::bpf::detail {

/// Serves an absolute load at `k` >= ancillary::base; `a` and `x` are the registers before it.
u32 load_ancillary(u32 k, u32 a, u32 x, const Frame& frame, const Surroundings& surroundings);

/// Where the header above the link header begins. 0 for link types that have none or that are not known here.
u32 network_offset(LinkType link);

}  // namespace trawl::inline v0::bpf::detail
