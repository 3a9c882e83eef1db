// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets that keep their bytes. Hosted: it allocates.
#pragma once
#include <algorithm>
#include <vector>

#include "trawl/core/frame_source.hpp"

namespace trawl::inline v0 {

/// Copies of batches, their bytes and metadata, in the order of append(): they outlive the source. It moves with its
/// frames; it cannot be copied. One allocation for each batch, and the frames.
class OwnedBatch {
 public:
  OwnedBatch() = default;
  explicit OwnedBatch(const Batch& batch) { append(batch); }
  OwnedBatch(OwnedBatch&&) = default;
  OwnedBatch& operator=(OwnedBatch&&) = default;

  /// Spans of frames() from before are no longer valid; their bytes are.
  void append(const Batch& batch) {
    size_t size = 0;
    for (const Frame& frame : batch) size += frame.bytes.size + frame.info.metadata.size;
    auto& storage = storage_.emplace_back();
    storage.reserve(size);
    const auto keep = [&storage](Bytes from) {
      const u8* const at = storage.data() + storage.size();
      storage.insert(storage.end(), from.begin(), from.end());
      return Bytes{at, from.size};
    };
    for (Frame frame : batch) {
      frame.bytes = keep(frame.bytes), frame.info.metadata = keep(frame.info.metadata);
      frames_.push_back(frame);
    }
    bytes_ += size;
  }

  std::span<const Frame> frames() const { return frames_; }
  size_t size() const { return frames_.size(); }
  /// Of all packets, and what is known of them.
  size_t bytes() const { return bytes_; }
  /// Those from number `first` on, as many as a batch holds.
  Batch from(size_t first) const { return {frames_.data() + first, u32(std::min<size_t>(Batch::max_frames, frames_.size() - first))}; }

 private:
  std::vector<std::vector<u8>> storage_;
  std::vector<Frame> frames_;
  size_t bytes_ = 0;
};

}  // namespace trawl::inline v0
