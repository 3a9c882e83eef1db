// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A file that only ever grows by whole records.
#pragma once
#include <memory>
#include <vector>

#include "file/descriptor.hpp"

namespace trawl::inline v0 {

class Output {
 public:
  enum class Ownership : u8 { owned, borrowed };
  Output(int fd, Ownership ownership, size_t buffer_bytes);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { static_cast<void>(close()); }

  /// Room for a record of `size` bytes; null when writing has failed.
  u8* reserve(size_t size) {
    if (capacity_ - used_ < size && !make_room(size)) [[unlikely]]
      return nullptr;
    return buffer_.get() + used_;
  }
  /// The record is complete. @pre `size` has been reserved
  void commit(size_t size, u32 packets) {
    used_ += size;
    packets_ += packets;
    records_.push_back({used_, packets});
  }
  /// False when writing has failed, now or before.
  bool flush();
  /// 0, or what failed first: error() tells more.
  bool close();
  bool failed() const { return error_ != 0; }
  /// @param handed_over packets that the file should have by now
  Error error(u64 handed_over) const;
  u64 bytes() const { return flushed_ + used_; }
  /// In the file or in the buffer.
  u64 packets() const { return packets_; }

 private:
  struct Record {
    size_t end;  ///< in the buffer
    u32 packets;
  };
  bool make_room(size_t size);
  void cut_back(size_t written, int error);

  int fd_;
  Ownership ownership_;
  FileStatus status_;
  u64 start_;            ///< where this file begins in the descriptor
  std::unique_ptr<u8[]> buffer_;
  size_t capacity_, used_ = 0;
  std::vector<Record> records_;  ///< in the buffer
  u64 flushed_ = 0, packets_ = 0;
  int error_ = 0;
};

}  // namespace trawl::inline v0
