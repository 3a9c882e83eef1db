// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Compresses what goes into a descriptor, in one frame or in several that each can be read alone.
#pragma once
#include <vector>

#include "file/bytes/descriptor.hpp"
#include "file/compression/codec.hpp"
#include "file/compression/seek_table.hpp"

namespace trawl::inline v0 {

class EncodingSink {
 public:
  EncodingSink(Encoder encoder, int fd, const FileStatus& status);
  /// A seek table will stand behind the frames.
  void keep_table() { table_.emplace(); }

  /// Takes all pieces. 0, or the errno of a write that failed.
  int write(std::span<const Bytes> pieces);
  /// What has been written can be decompressed now.
  int flush();
  /// Completes the frame, if one is open.
  int end_frame();
  /// The seek table, if one is kept.
  int end_file();
  /// Uncompressed bytes in the open frame.
  size_t in_frame() const { return in_frame_; }
  /// Compressed bytes in the descriptor.
  u64 written() const { return written_; }

 private:
  int drive(Bytes in, EncodeMode mode);

  Encoder encoder_;
  int fd_;
  FileStatus status_;
  std::vector<u8> room_;
  size_t in_frame_ = 0;
  u64 frame_begin_ = 0;
  std::optional<SeekTable> table_;
  u64 written_ = 0;
};

}  // namespace trawl::inline v0
