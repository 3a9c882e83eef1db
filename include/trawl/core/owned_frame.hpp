// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A frame that keeps its bytes. Hosted: it allocates.
#pragma once
#include <vector>

#include "trawl/core/frame.hpp"

namespace trawl::inline v0 {

/// A copy of a frame, its bytes and its metadata: outlives the source.
class OwnedFrame {
 public:
  OwnedFrame() = default;
  explicit OwnedFrame(const Frame& frame) : frame_(frame) {
    storage_.reserve(frame.bytes.size + frame.info.metadata.size);
    storage_.insert(storage_.end(), frame.bytes.begin(), frame.bytes.end());
    storage_.insert(storage_.end(), frame.info.metadata.begin(), frame.info.metadata.end());
  }
  /// Valid while this object lives and is not changed.
  Frame frame() const {
    Frame result = frame_;
    result.bytes = {storage_.data(), frame_.bytes.size};
    result.info.metadata = {storage_.data() + frame_.bytes.size, frame_.info.metadata.size};
    return result;
  }
  std::span<u8> bytes() { return {storage_.data(), frame_.bytes.size}; }

 private:
  Frame frame_;  // its pointers are those of the original and never followed
  std::vector<u8> storage_;
};

}  // namespace trawl::inline v0
