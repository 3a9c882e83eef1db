// SPDX-License-Identifier: Apache-2.0 OR MIT
/// SHA-256, FIPS 180-4 6.2.
#pragma once
#include "trawl/core/address.hpp"

namespace trawl::inline v0 {

struct Sha256Digest : Octets<32> {
  constexpr auto operator<=>(const Sha256Digest&) const = default;
};

/// Takes bytes in any pieces. About 0.4 GB/s, 2 GB/s where the CPU has instructions for it.
class TRAWL_API Sha256 {
 public:
  Sha256();
  void update(Bytes bytes);
  /// The digest of all bytes so far. Nothing may be added afterwards.
  Sha256Digest finish();

 private:
  u32 state_[8];
  u8 pending_[64];
  u64 size_ = 0;
};
TRAWL_API Sha256Digest sha256(Bytes bytes);

}  // namespace trawl::inline v0
