// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The checksum of a layer as it ought to be.
#pragma once
#include "trawl/dissect/dissection.hpp"

namespace trawl::inline v0::detail {

/// The value that the bytes at `into` ought to have, they themselves counted as zero.
u64 computed_sum(const Dissection& d, const LayerAt& layer, const wire::Ref& into);

}  // namespace trawl::inline v0::detail
