// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/compression/encoding_sink.hpp"

#include <cerrno>
#include <utility>

namespace trawl::inline v0 {

EncodingSink::EncodingSink(Encoder encoder, int fd, const FileStatus& status)
    : encoder_(std::move(encoder)),
      fd_(fd),
      status_(status),
      room_(256u << 10) {}

int EncodingSink::drive(Bytes in, EncodeMode mode) {
  for (;;) {
    const auto step = encoder_->step(encoder_.self(), in, room_, mode);
    in = in.from(step.used);
    if (step.made) {
      const Bytes piece = Bytes(room_).first(step.made);
      const auto put = system_write(fd_, {&piece, 1}, status_);
      written_ += put.bytes;
      if (put.error) return put.error;
    }
    if (mode == EncodeMode::more ? in.empty() && step.made < room_.size() : step.done) return 0;
    if (!step.used && !step.made) return ENOMEM;  // the library gives up
  }
}

int EncodingSink::write(std::span<const Bytes> pieces) {
  for (const Bytes piece : pieces) {
    in_frame_ += piece.size;
    if (piece.empty()) continue;
    if (const int error = drive(piece, EncodeMode::more)) return error;
  }
  return 0;
}

int EncodingSink::flush() { return in_frame_ ? drive({}, EncodeMode::flush) : 0; }

int EncodingSink::end_frame() {
  if (!in_frame_) return 0;
  const size_t decompressed = std::exchange(in_frame_, 0);
  const int error = drive({}, EncodeMode::end);
  if (!error && table_) table_->add(u32(written_ - frame_begin_), u32(decompressed));
  frame_begin_ = written_;
  return error;
}

int EncodingSink::end_file() {
  if (!table_) return 0;
  const auto table = table_->encode();
  const Bytes piece(table);
  const auto put = system_write(fd_, {&piece, 1}, status_);
  written_ += put.bytes;
  return put.error;
}

}  // namespace trawl::inline v0
