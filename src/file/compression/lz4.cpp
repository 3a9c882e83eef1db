// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/switches.hpp"
#if TRAWL_WITH_LZ4
#  include <lz4.h>
#  include <lz4frame.h>

#  include <algorithm>
#  include <cstring>
#  include <memory>

#  include "file/compression/codec.hpp"
#  include "file/compression/xxh32.hpp"
#  include "trawl/core/endian.hpp"

namespace trawl::inline v0 {
namespace {

constexpr u32 frame_magic = 0x184d2204;
constexpr size_t magic_bytes = 4, sum_bytes = 4;
// Of the frame descriptor's first byte.
constexpr u8 block_sums = 1u << 4, content_sum = 1u << 2;

/// The library may sum slowly (1.8 GB/s where it was compiled for any x86-64, a tenth of what it decodes): the content's
/// checksum is taken here where the library can be told not to.
struct Reading {
  LZ4F_dctx* context = nullptr;
  bool begun = false;        ///< the frame's descriptor has been looked at
  bool sums_here = false;
  Xxh32 sum;
  u8 last[sum_bytes] = {};   ///< bytes of the frame so far: at its end, the checksum

  void look(Bytes in) {
    begun = true;
    const bool whole = in.size > magic_bytes && load_le<u32>(in.data) == frame_magic;
    sums_here = can_leave_sums_out() && whole && (in[magic_bytes] & content_sum) && !(in[magic_bytes] & block_sums);
  }
  void note(Bytes used, Bytes made) {
    if (!sums_here) return;
    sum.add(made);
    const size_t kept = used.size < sum_bytes ? sum_bytes - used.size : 0;
    std::memmove(last, last + sum_bytes - kept, kept);
    copy_bytes(last + kept, used.data + used.size - (sum_bytes - kept), sum_bytes - kept);
  }
  bool right() const { return !sums_here || load_le<u32>(last) == sum.value(); }
  static bool can_leave_sums_out() {
    constexpr int since = 10904;
    return LZ4_VERSION_NUMBER >= since && LZ4_versionNumber() >= since;
  }
};

LZ4F_decompressOptions_t options_of(const Reading& r) {
  LZ4F_decompressOptions_t options{};
#  if LZ4_VERSION_NUMBER >= 10904
  options.skipChecksums = r.sums_here;
#  else
  static_cast<void>(r);
#  endif
  return options;
}

DecodeStep decode(void* self, Bytes in, std::span<u8> out) {
  auto& r = *static_cast<Reading*>(self);
  if (!r.begun && in.size) r.look(in);
  size_t made = out.size(), used = in.size;
  const auto options = options_of(r);
  const size_t left = LZ4F_decompress(r.context, out.data(), &made, in.data, &used, &options);
  DecodeStep step{used, made, left == 0, nullptr};
  if (LZ4F_isError(left)) {
    step.frame_end = false, step.fault = LZ4F_getErrorName(left);
    return step;
  }
  r.note(in.first(used), {out.data(), made});
  if (step.frame_end && !r.right()) step.frame_end = false, step.fault = "wrong content checksum";
  return step;
}
void restart(void* self) {
  auto& r = *static_cast<Reading*>(self);
  LZ4F_resetDecompressionContext(r.context);
  r = Reading{.context = r.context};
}
constexpr DecoderCalls decoder_calls{decode, restart, [](void* self) {
                                       LZ4F_freeDecompressionContext(static_cast<Reading*>(self)->context);
                                       delete static_cast<Reading*>(self);
                                     }};

constexpr size_t piece = 64u << 10;

/// The library gives whole pieces; they wait here until there is room.
struct Writing {
  LZ4F_cctx* context = nullptr;
  LZ4F_preferences_t preferences{};
  std::unique_ptr<u8[]> ready;
  size_t room = 0, size = 0, given = 0;
  bool in_frame = false, closing = false;  ///< closing: what flush or end asked for is in `ready`

  /// For a frame's header, a piece, and its end.
  void reserve() {
    room = LZ4F_HEADER_SIZE_MAX + LZ4F_compressBound(piece, &preferences) + LZ4F_compressBound(0, &preferences);
    ready = std::make_unique_for_overwrite<u8[]>(room);
  }
  void append(auto&& produce) {
    const size_t made = produce(ready.get() + size, room - size);
    if (!LZ4F_isError(made)) size += made;
  }
};

/// Takes some of `in` and what the mode asks for, when all of `in` has been taken.
size_t produce(Writing& w, Bytes in, EncodeMode mode) {
  if (!w.in_frame && !w.closing) {
    w.append([&](u8* p, size_t n) { return LZ4F_compressBegin(w.context, p, n, &w.preferences); });
    w.in_frame = true;
  }
  const Bytes part = in.first(piece);
  if (part.size) w.append([&](u8* p, size_t n) { return LZ4F_compressUpdate(w.context, p, n, part.data, part.size, nullptr); });
  if (mode == EncodeMode::more || part.size < in.size || w.closing) return part.size;
  const bool end = mode == EncodeMode::end;
  w.append([&](u8* p, size_t n) { return end ? LZ4F_compressEnd(w.context, p, n, nullptr) : LZ4F_flush(w.context, p, n, nullptr); });
  w.in_frame = !end, w.closing = true;
  return part.size;
}

EncodeStep encode(void* self, Bytes in, std::span<u8> out, EncodeMode mode) {
  auto& w = *static_cast<Writing*>(self);
  EncodeStep step;
  if (w.given == w.size) {
    w.size = w.given = 0;
    step.used = produce(w, in, mode);
  }
  step.made = std::min(out.size(), w.size - w.given);
  copy_bytes(out.data(), w.ready.get() + w.given, step.made);
  w.given += step.made;
  if (w.closing && w.given == w.size) step.done = true, w.closing = false;
  return step;
}
constexpr EncoderCalls encoder_calls{encode, [](void* self) {
                                       LZ4F_freeCompressionContext(static_cast<Writing*>(self)->context);
                                       delete static_cast<Writing*>(self);
                                     }};

}  // namespace

Decoder make_lz4_decoder() {
  auto reading = std::make_unique<Reading>();
  if (LZ4F_isError(LZ4F_createDecompressionContext(&reading->context, LZ4F_VERSION))) return {};
  return {reading.release(), decoder_calls};
}

Encoder make_lz4_encoder(int level) {
  auto writing = std::make_unique<Writing>();
  if (LZ4F_isError(LZ4F_createCompressionContext(&writing->context, LZ4F_VERSION))) return {};
  writing->preferences.compressionLevel = level;
  writing->preferences.frameInfo.blockSizeID = LZ4F_max256KB;
  writing->preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  writing->reserve();
  return {writing.release(), encoder_calls};
}

}  // namespace trawl::inline v0
#endif
