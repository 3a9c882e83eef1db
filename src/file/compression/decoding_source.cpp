// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/compression/decoding_source.hpp"

#include <algorithm>
#include <vector>

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

 private:
  Bytes left() const { return {input_.data() + begin_, end_ - begin_}; }
  u64 offset() const { return offset_ + begin_; }
  Result<bool> refill();
  Result<bool> next_frame();
  std::unexpected<Error> stop(Reason reason, std::string_view what);

  ByteSource source_;
  std::vector<u8> input_;
  size_t begin_ = 0, end_ = 0;
  u64 offset_ = 0;               ///< of input_ in the compressed file
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

Result<size_t> DecodingSource::read(std::span<u8> room) {
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

constexpr ByteSource::Calls calls{[](void* self, std::span<u8> room) { return static_cast<DecodingSource*>(self)->read(room); },
                                  [](void* self) { delete static_cast<DecodingSource*>(self); }};

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
  return ByteSource(made.release(), calls);
}

}  // namespace trawl::inline v0
