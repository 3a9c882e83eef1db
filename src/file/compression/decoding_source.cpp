// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/compression/decoding_source.hpp"

#include <algorithm>
#include <vector>

#include "file/compression/seek_table.hpp"
#include "file/problem.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {
namespace {

constexpr size_t input_bytes = 128u << 10;
constexpr u32 zstd_magic = 0xfd2fb528, lz4_magic = 0x184d2204, first_skippable = 0x184d2a50, last_skippable = 0x184d2a5f;

bool is_skippable(u32 magic) { return magic >= first_skippable && magic <= last_skippable; }

/// The next frame begins as this compression's frames do.
bool begins_frame(Compression compression, Bytes in) {
  if (compression == Compression::gzip) return in.size >= 2 && in[0] == 0x1f && in[1] == 0x8b;
  if (in.size < 4) return false;
  const u32 magic = load_le<u32>(in.data);
  return is_skippable(magic) || magic == (compression == Compression::zstd ? zstd_magic : lz4_magic);
}

class DecodingSource {
 public:
  DecodingSource(ByteSource source, Bytes start, std::shared_ptr<Container> container, Decoder decoder)
      : source_(std::move(source)),
        input_(std::max(input_bytes, start.size)),
        end_(start.size),
        container_(std::move(container)),
        decoder_(std::move(decoder)) {
    copy_bytes(input_.data(), start.data, start.size);
  }
  Result<size_t> read(std::span<u8> room);
  Result<void> seek(u64 offset);
  bool can_seek() const { return source_.can_seek(); }

 private:
  Bytes left() const { return {input_.data() + begin_, end_ - begin_}; }
  u64 offset() const { return offset_ + begin_; }
  Result<size_t> decode(std::span<u8> room);
  Result<void> go_to(const SeekTable::Place& frame);
  Result<bool> refill();
  Result<bool> next_frame();
  std::unexpected<Error> stop(Reason reason, std::string_view what);

  ByteSource source_;
  std::vector<u8> input_;
  size_t begin_ = 0, end_ = 0;
  u64 offset_ = 0;               ///< of input_ in the compressed file
  u64 position_ = 0;             ///< of the next byte that is decoded
  u64 to_pass_ = 0;              ///< bytes to decode for nobody
  std::optional<SeekTable> table_;
  bool table_sought_ = false;
  std::shared_ptr<Container> container_;
  Decoder decoder_;
  const char* fault_ = nullptr;  ///< to be said when everything decoded before it has been read
  bool over_limit_ = false, input_ended_ = false, frame_ended_ = false, done_ = false;
};

/// False: nothing more comes.
Result<bool> DecodingSource::refill() {
  if (input_ended_) return false;
  std::copy(input_.begin() + std::ptrdiff_t(begin_), input_.begin() + std::ptrdiff_t(end_), input_.begin());
  offset_ += begin_;
  end_ -= begin_, begin_ = 0;
  const auto got = source_.read(std::span(input_).subspan(end_));
  if (!got) return fail(got.error());
  input_ended_ = *got == 0;
  end_ += *got;
  container_->bytes_read = offset_ + end_;
  return !input_ended_;
}

std::unexpected<Error> DecodingSource::stop(Reason reason, std::string_view what) {
  done_ = true;
  return fail(problem(reason, Error::unknown, Error::unknown, what, ", near byte ", offset(), " of the compressed file"));
}

/// A frame has ended. True: another one begins.
Result<bool> DecodingSource::next_frame() {
  while (left().size < 4) {
    const auto more = refill();
    if (!more) return fail(more.error());
    if (!*more) break;
  }
  if (begins_frame(container_->compression, left())) {
    decoder_->restart(decoder_.self());
    frame_ended_ = false;
    return true;
  }
  bool zeros = true;
  const u64 garbage_at = offset();
  for (;;) {
    zeros = zeros && std::ranges::all_of(left(), [](u8 byte) { return byte == 0; });
    begin_ = end_;
    if (!zeros) break;
    const auto more = refill();
    if (!more) return fail(more.error());
    if (!*more) break;
  }
  if (!zeros)
    container_->warnings.add(problem(Reason::damaged, Error::unknown, Error::unknown, "bytes behind the compressed data, from byte ",
                                     garbage_at, " of the compressed file"));
  done_ = true;
  return false;
}

Result<size_t> DecodingSource::decode(std::span<u8> room) {
  size_t made = 0;
  while (!done_ && made < room.size()) {
    if (fault_) return stop(over_limit_ ? Reason::limit_exceeded : Reason::damaged, fault_);
    if (frame_ended_) {
      const auto another = next_frame();
      if (!another) return fail(another.error());
      if (!*another) break;
    }
    const auto step = decoder_->step(decoder_.self(), left(), room.subspan(made));
    begin_ += step.used, made += step.made;
    frame_ended_ = step.frame_end;
    if (step.fault) fault_ = step.fault, over_limit_ = step.over_limit;
    if (made && (fault_ || begin_ == end_)) break;  // what there is, before waiting for more or saying what is wrong
    if (fault_) continue;
    if (step.frame_end || step.made || (begin_ != end_ && step.used)) continue;
    const auto more = refill();
    if (!more) return fail(more.error());
    if (!*more) return stop(Reason::truncated, "the compressed data end too early");
  }
  return made;
}

Result<size_t> DecodingSource::read(std::span<u8> room) {
  for (;;) {
    const auto made = decode(to_pass_ ? room.first(size_t(std::min<u64>(to_pass_, room.size()))) : room);
    if (!made) return made;
    position_ += *made;
    if (!to_pass_ || *made == 0) return made;
    to_pass_ -= *made;
  }
}

Result<void> DecodingSource::go_to(const SeekTable::Place& frame) {
  if (auto sought = source_.seek(frame.compressed); !sought) return sought;
  begin_ = end_ = 0;
  offset_ = frame.compressed, position_ = frame.decompressed;
  input_ended_ = frame_ended_ = done_ = false;
  fault_ = nullptr;
  decoder_->restart(decoder_.self());
  return {};
}

Result<void> DecodingSource::seek(u64 offset) {
  if (!table_sought_ && container_->compression == Compression::zstd && source_.size()) {
    table_sought_ = true;
    const u64 behind = offset_ + end_;
    auto table = SeekTable::read(source_, *source_.size());
    if (!table) return fail(table.error());
    table_ = std::move(*table);
    if (auto back = source_.seek(behind); !back) return back;
  }
  const auto frame = table_ ? table_->find(offset) : SeekTable::Place{};
  to_pass_ = 0;
  if (offset < position_ || frame.decompressed > position_)
    if (auto gone = go_to(frame); !gone) return gone;
  to_pass_ = offset - position_;
  return {};
}

Result<size_t> read(void* self, std::span<u8> room) { return static_cast<DecodingSource*>(self)->read(room); }
void close(void* self) { delete static_cast<DecodingSource*>(self); }
constexpr ByteSource::Calls calls{read, close};
constexpr ByteSource::Calls seekable_calls{read, close,
                                           [](void* self, u64 offset) { return static_cast<DecodingSource*>(self)->seek(offset); }};

}  // namespace

Compression recognize_compression(Bytes start) {
  // A skippable frame says nothing of its own kind: what follows it does, and zstd's are the usual ones.
  while (start.size >= 8 && is_skippable(load_le<u32>(start.data))) {
    const Bytes next = start.from(8 + size_t{load_le<u32>(start.data + 4)});
    if (next.size < 4) return Compression::zstd;
    start = next;
  }
  for (auto one : {Compression::gzip, Compression::zstd, Compression::lz4})
    if (begins_frame(one, start)) return one;
  return Compression::none;
}

Result<ByteSource> decoding_source(ByteSource source, Bytes start, std::shared_ptr<Container> container) {
  Decoder decoder = make_decoder(container->compression, container->max_window_bytes);
  if (!decoder) return fail(Operation::open_file, Reason::no_memory);
  auto made = std::make_unique<DecodingSource>(std::move(source), start, std::move(container), std::move(decoder));
  const bool can_seek = made->can_seek();
  return ByteSource(made.release(), can_seek ? seekable_calls : calls);
}

}  // namespace trawl::inline v0
