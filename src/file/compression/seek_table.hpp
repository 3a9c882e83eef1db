// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The seek table of zstd's seekable format 0.1.0 (contrib/seekable_format of zstd): a skippable frame at the end that lists
/// the sizes of all frames before it. Other readers pass over it.
#pragma once
#include <optional>
#include <vector>

#include "trawl/file/byte_source.hpp"

namespace trawl::inline v0 {

class SeekTable {
 public:
  /// Where a frame begins.
  struct Place {
    u64 compressed = 0, decompressed = 0;
  };
  /// A frame of these sizes follows the ones before.
  void add(u32 compressed, u32 decompressed) {
    end_.compressed += compressed, end_.decompressed += decompressed;
    begins_.push_back(end_);
  }
  /// The frame that holds this byte of the decompressed data, or the end of the last one.
  Place find(u64 decompressed) const;
  /// The skippable frame.
  std::vector<u8> encode() const;
  /// Nothing where the file does not end with a table of all frames in front of it. Moves the source.
  static Result<std::optional<SeekTable>> read(ByteSource& source, u64 size);

 private:
  std::vector<Place> begins_;  ///< of all frames but the first, and the end
  Place end_;
};

}  // namespace trawl::inline v0
