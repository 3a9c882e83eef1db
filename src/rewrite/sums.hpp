// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Checksums that follow a change of what they cover.
#pragma once
#include "trawl/dissect/dissection.hpp"

namespace trawl::inline v0::detail {

/// Changes the sum of every layer by as much as the bytes that it covers changed from `real` to `bytes`, as far as they were
/// captured. @param d the dissection of `bytes`, whose structure has not changed @param bytes as many as `real`
/// @return how many are others now
u32 move_sums(const Dissection& d, Bytes real, std::span<u8> bytes);

/// The same for the CRC-32 that an Ethernet frame ends with. @pre bytes.size() == real.size >= 4
void move_frame_check(Bytes real, std::span<u8> bytes);

}  // namespace trawl::inline v0::detail
