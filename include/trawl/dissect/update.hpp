// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Making a changed packet right again: sums and lengths, from what its protocols state.
#pragma once
#include "trawl/core/error.hpp"
#include "trawl/dissect/dissection.hpp"

namespace trawl::inline v0 {

/// Writes the checksum of every layer that has one, innermost first. Left alone: sums that are absent (UDP's zero), sums
/// over bytes that are not there (fragments, packets cut when captured), quoted packets, and layers whose protocol is not `only`.
/// @param bytes the memory that `d` was dissected from
/// @return how many were written
TRAWL_API u32 update_checksums(const Dissection& d, std::span<u8> bytes, const wire::Record* only = nullptr);
/// Adds `difference` bytes to every length field of the layers up to and with `last`.
/// @return Reason::does_not_fit when one cannot hold the new value; nothing is written then
TRAWL_API Result<void> add_to_lengths(const Dissection& d, std::span<u8> bytes, const LayerAt& last, i64 difference);

}  // namespace trawl::inline v0
