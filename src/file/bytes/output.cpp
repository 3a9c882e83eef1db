// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/bytes/output.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace trawl::inline v0 {
Output::Output(int fd, Ownership ownership, size_t buffer_bytes, Encoder encoder, u64 frame_bytes)
    : fd_(fd),
      ownership_(ownership),
      status_(system_status(fd)),
      start_(status_.regular ? system_position(fd) : 0),
      frame_bytes_(frame_bytes) {
  allocate(buffer_bytes);
  if (encoder) sink_ = std::make_unique<EncodingSink>(std::move(encoder), fd, status_);
}

void Output::allocate(size_t capacity) {
  buffer_ = std::make_unique_for_overwrite<u8[]>(capacity);
  records_ = std::make_unique_for_overwrite<Record[]>(capacity / smallest_record + 1);
  capacity_ = capacity;
}

bool Output::make_room(size_t size) {
  if (!push()) return false;
  if (size > capacity_) allocate(size);
  return true;
}

void Output::clear() {
  pieces_.clear();
  used_ = record_count_ = piece_begin_ = borrowed_ = 0;
}

/// Takes away the record that was written in part.
void Output::cut_back(size_t written, int error) {
  error_ = error;
  size_t whole = 0;
  for (const auto& record : std::span(records_.get(), record_count_)) {
    if (record.end <= written) whole = record.end;
    else packets_ -= record.packets;
  }
  flushed_ += whole;
  clear();
  truncate(flushed_);
}

void Output::truncate(u64 size) {
  if (!status_.regular) return;
  if (system_truncate(fd_, start_ + size) == 0) system_seek(fd_, start_ + size);
}

bool Output::push_compressed(Push push) {
  int error = sink_->write(pieces_);
  clear();
  const bool end = push == Push::last || (frame_bytes_ && (push == Push::flushed || sink_->in_frame() >= frame_bytes_));
  if (!error) error = end ? sink_->end_frame() : push == Push::flushed ? sink_->flush() : 0;
  if (!error && push == Push::last) error = sink_->end_file();
  if (!error) {
    if (end || push == Push::flushed) readable_bytes_ = sink_->written(), readable_packets_ = packets_;
    return true;
  }
  error_ = error;
  packets_ = readable_packets_;
  truncate(readable_bytes_);
  return false;
}

bool Output::push() {
  if (failed()) return false;
  if (!used_) return true;
  pieces_.push_back({buffer_.get() + piece_begin_, used_ - piece_begin_});
  if (sink_) return push_compressed(Push::more);
  const auto done = system_write(fd_, pieces_, status_);
  if (done.error) {
    cut_back(done.bytes, done.error);
    return false;
  }
  flushed_ += used_ + borrowed_;
  clear();
  return true;
}

bool Output::flush() { return push() && (!sink_ || push_compressed(Push::flushed)); }

bool Output::close() {
  if (fd_ < 0) return !failed();
  if (push() && sink_) push_compressed(Push::last);
  const int fd = std::exchange(fd_, -1);
  if (ownership_ == Ownership::borrowed) return !failed();
  if (const int error = system_close(fd); error && !failed()) error_ = error;
  return !failed();
}

Error Output::error(u64 handed_over) const {
  const bool full = error_ == ENOSPC || error_ == EDQUOT;
  return {.operation = Operation::write_file,
          .reason = full              ? Reason::disk_full
                    : error_ == EPIPE ? Reason::broken_pipe
                                      : Reason::system,
          .system_error = error_,
          .packets_lost = handed_over - packets_};
}

}  // namespace trawl::inline v0
