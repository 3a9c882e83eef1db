// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets with errors in them, as a bad wire makes them: for tests of what reads them.
#pragma once
#include <vector>

#include "trawl/core/frame.hpp"

namespace trawl::inline v0 {

struct RandomErrorOptions {
  double probability = 0;   ///< of each byte to become another one, 0 to 1
  u32 offset = 0;           ///< so many bytes at the front of each packet stay
  u64 seed = 1;             ///< the same seed gives the same errors
};

class TRAWL_API RandomErrors {
 public:
  explicit RandomErrors(const RandomErrorOptions& options);
  /// The frame with errors in it: one bit of a byte, or all of it. The bytes live until the next call. Costs a copy where there
  /// is an error, and one random number for each.
  Frame operator()(const Frame& frame);
  /// Bytes changed so far.
  u64 errors() const { return errors_; }

 private:
  u64 random();
  void pass();
  RandomErrorOptions options_;
  u64 state_, left_ = 0, errors_ = 0;  ///< left_: bytes up to the next error
  std::vector<u8> bytes_;
};

}  // namespace trawl::inline v0
