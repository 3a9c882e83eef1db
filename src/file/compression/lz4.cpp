// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/switches.hpp"
#if TRAWL_WITH_LZ4
#  include <lz4frame.h>

#  include <algorithm>
#  include <memory>
#  include <vector>

#  include "file/compression/codec.hpp"

namespace trawl::inline v0 {
namespace {

DecodeStep decode(void* self, Bytes in, std::span<u8> out) {
  size_t made = out.size(), used = in.size;
  const size_t left = LZ4F_decompress(static_cast<LZ4F_dctx*>(self), out.data(), &made, in.data, &used, nullptr);
  DecodeStep step{used, made, left == 0, nullptr};
  if (LZ4F_isError(left)) step.frame_end = false, step.fault = LZ4F_getErrorName(left);
  return step;
}
constexpr DecoderCalls decoder_calls{decode, [](void* self) { LZ4F_resetDecompressionContext(static_cast<LZ4F_dctx*>(self)); },
                                     [](void* self) { LZ4F_freeDecompressionContext(static_cast<LZ4F_dctx*>(self)); }};

/// The library gives whole pieces; they wait here until there is room.
struct Writing {
  LZ4F_cctx* context = nullptr;
  LZ4F_preferences_t preferences{};
  std::vector<u8> ready;
  size_t given = 0;
  bool in_frame = false, closing = false;  ///< closing: what flush or end asked for is in `ready`
};
constexpr size_t piece = 64u << 10;

void append(Writing& w, size_t most, auto&& produce) {
  const size_t at = w.ready.size();
  w.ready.resize(at + most);
  const size_t made = produce(w.ready.data() + at, most);
  w.ready.resize(LZ4F_isError(made) ? at : at + made);
}

/// Takes some of `in` and what the mode asks for, when all of `in` has been taken.
size_t produce(Writing& w, Bytes in, EncodeMode mode) {
  if (!w.in_frame && !w.closing) {
    append(w, LZ4F_HEADER_SIZE_MAX, [&](u8* p, size_t n) { return LZ4F_compressBegin(w.context, p, n, &w.preferences); });
    w.in_frame = true;
  }
  const Bytes part = in.first(piece);
  if (part.size)
    append(w, LZ4F_compressBound(part.size, &w.preferences),
           [&](u8* p, size_t n) { return LZ4F_compressUpdate(w.context, p, n, part.data, part.size, nullptr); });
  if (mode == EncodeMode::more || part.size < in.size || w.closing) return part.size;
  const bool end = mode == EncodeMode::end;
  append(w, LZ4F_compressBound(0, &w.preferences),
         [&](u8* p, size_t n) { return end ? LZ4F_compressEnd(w.context, p, n, nullptr) : LZ4F_flush(w.context, p, n, nullptr); });
  w.in_frame = !end, w.closing = true;
  return part.size;
}

EncodeStep encode(void* self, Bytes in, std::span<u8> out, EncodeMode mode) {
  auto& w = *static_cast<Writing*>(self);
  EncodeStep step;
  if (w.given == w.ready.size()) {
    w.ready.clear(), w.given = 0;
    step.used = produce(w, in, mode);
  }
  step.made = std::min(out.size(), w.ready.size() - w.given);
  copy_bytes(out.data(), w.ready.data() + w.given, step.made);
  w.given += step.made;
  if (w.closing && w.given == w.ready.size()) step.done = true, w.closing = false;
  return step;
}
constexpr EncoderCalls encoder_calls{encode, [](void* self) {
                                       LZ4F_freeCompressionContext(static_cast<Writing*>(self)->context);
                                       delete static_cast<Writing*>(self);
                                     }};

}  // namespace

Decoder make_lz4_decoder() {
  LZ4F_dctx* context = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) return {};
  return {context, decoder_calls};
}

Encoder make_lz4_encoder(int level) {
  auto writing = std::make_unique<Writing>();
  if (LZ4F_isError(LZ4F_createCompressionContext(&writing->context, LZ4F_VERSION))) return {};
  writing->preferences.compressionLevel = level;
  writing->preferences.frameInfo.blockSizeID = LZ4F_max256KB;
  writing->preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  return {writing.release(), encoder_calls};
}

}  // namespace trawl::inline v0
#endif
