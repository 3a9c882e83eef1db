// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The part of a source that is in memory.
#pragma once
#include <cstdlib>
#include <cstring>
#include <memory>

#include "trawl/file/byte_source.hpp"

namespace trawl::inline v0 {

/// Bytes that have been read and not yet consumed, in one piece.
class Window {
 public:
  Window(ByteSource source, size_t read_bytes) : source_(std::move(source)), read_bytes_(read_bytes < 4096 ? 4096 : read_bytes) {}

  Bytes bytes() const { return {memory_.get() + begin_, end_ - begin_}; }
  /// The same, to be mended.
  u8* edit() { return memory_.get() + begin_; }
  /// Of the first of bytes(), in the file.
  u64 offset() const { return offset_; }
  /// @pre count <= bytes().size
  void consume(size_t count) {
#ifndef NDEBUG
    if (count) std::memset(memory_.get() + begin_, 0xdd, count);  // so that a frame kept too long shows
#endif
    begin_ += count, offset_ += count;
  }
  /// Reads until bytes() has at least `count`, and what comes along with them; earlier views die. False: the source
  /// ends before. Memory grows with what has come, not with `count`.
  Result<bool> fill(size_t count);
  /// bytes() begin at this byte then. The first reads behind it are short ones.
  Result<void> seek(u64 offset);
  const ByteSource& source() const { return source_; }
  /// To go on with it otherwise; bytes() stay until this window ends.
  ByteSource take_source() { return std::move(source_); }

 private:
  struct Free {
    void operator()(u8* p) const { std::free(p); }
  };
  Result<void> make_room();
  ByteSource source_;
  std::unique_ptr<u8, Free> memory_;
  size_t capacity_ = 0, begin_ = 0, end_ = 0, read_bytes_;
  size_t next_read_ = 0;  ///< behind a seek reads are short at first; 0: read_bytes_
  u64 offset_ = 0;
  bool ended_ = false;
};

}  // namespace trawl::inline v0
