// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A file that only ever grows by whole records.
#pragma once
#include <memory>
#include <vector>

#include "file/bytes/descriptor.hpp"
#include "file/compression/encoding_sink.hpp"

namespace trawl::inline v0 {

class Output {
 public:
  enum class Ownership : u8 { owned, borrowed };
  /// @param encoder empty: not compressed
  /// @param frame_bytes uncompressed bytes of a compressed frame; 0: one frame for all
  Output(int fd, Ownership ownership, size_t buffer_bytes, Encoder encoder, u64 frame_bytes);
  Output(const Output&) = delete;
  /// A seek table of the compressed frames will end the file.
  void keep_table() {
    if (sink_) sink_->keep_table();
  }
  Output& operator=(const Output&) = delete;
  ~Output() { static_cast<void>(close()); }

  /// Room for a record of `size` bytes; null when writing has failed.
  u8* reserve(size_t size) {
    if (capacity_ - used_ < size && !make_room(size)) [[unlikely]]
      return nullptr;
    return buffer_.get() + used_;
  }
  /// The record is complete. @pre `size` has been reserved and is at least smallest_record
  void commit(size_t size, u32 packets) {
    used_ += size;
    packets_ += packets;
    records_[record_count_++] = {used_ + borrowed_, packets};
  }
  /// The record is complete: `head` bytes of what was reserved, then `payload`, which is not copied and must stay until
  /// settle() or flush(), then `tail` bytes that stand directly behind the head.
  void commit_around(size_t head, Bytes payload, size_t tail, u32 packets) {
    pieces_.push_back({buffer_.get() + piece_begin_, used_ + head - piece_begin_});
    pieces_.push_back(payload);
    piece_begin_ = used_ + head;
    borrowed_ += payload.size;
    commit(head + tail, packets);
  }
  /// Whether commit_around() is worth it: a regular file's pages take one large piece faster than many small ones.
  bool gathers() const { return sink_ || !status_.regular; }
  /// Nothing is borrowed any more.
  bool settle() { return pieces_.empty() || push(); }
  /// All records go to the file; what is compressed can be decompressed as far as here. False when writing has failed,
  /// now or before.
  bool flush();
  /// 0, or what failed first: error() tells more.
  bool close();
  bool failed() const { return error_ != 0; }
  /// @param handed_over packets that the file should have by now
  Error error(u64 handed_over) const;
  /// Of the file, buffered ones included; compressed: those that have got there.
  u64 bytes() const { return sink_ ? sink_->written() : flushed_ + borrowed_ + used_; }
  /// In the file or in the buffer.
  u64 packets() const { return packets_; }

  static constexpr size_t smallest_record = 12;

 private:
  struct Record {
    size_t end;  ///< from what was flushed last
    u32 packets;
  };
  bool make_room(size_t size);
  void allocate(size_t capacity);
  void clear();
  bool push();
  enum class Push : u8 { more, flushed, last };
  bool push_compressed(Push push);
  void cut_back(size_t written, int error);
  void truncate(u64 size);

  int fd_;
  Ownership ownership_;
  FileStatus status_;
  u64 start_;            ///< where this file begins in the descriptor
  std::unique_ptr<u8[]> buffer_;
  std::unique_ptr<Record[]> records_;  ///< in the buffer; as many as fit, so that nobody need look
  std::vector<Bytes> pieces_;          ///< of what stands before piece_begin_, in order, payloads between them
  size_t capacity_ = 0, used_ = 0, record_count_ = 0, piece_begin_ = 0, borrowed_ = 0;
  std::unique_ptr<EncodingSink> sink_;
  u64 flushed_ = 0, packets_ = 0;
  u64 frame_bytes_;
  u64 readable_bytes_ = 0, readable_packets_ = 0;  ///< compressed: what survives a failure
  int error_ = 0;
};

}  // namespace trawl::inline v0
