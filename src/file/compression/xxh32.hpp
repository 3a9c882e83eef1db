// SPDX-License-Identifier: Apache-2.0 OR MIT
/// XXH32, the checksum of LZ4 frames (xxHash specification 0.1.1, seed 0), over bytes that come in pieces.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

class Xxh32 {
 public:
  void add(Bytes bytes);
  /// Of all that was added; more may follow.
  u32 value() const;

 private:
  static constexpr u32 prime1 = 0x9e3779b1, prime2 = 0x85ebca77, prime3 = 0xc2b2ae3d, prime4 = 0x27d4eb2f, prime5 = 0x165667b1;
  static constexpr size_t stripe = 16;

  u32 lane_[4] = {prime1 + prime2, prime2, 0, 0 - prime1};
  u8 waiting_[stripe] = {};  ///< less than a stripe
  u64 count_ = 0;
};

}  // namespace trawl::inline v0
