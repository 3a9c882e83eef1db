// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/switches.hpp"
#if TRAWL_WITH_ZSTD
#  include <zstd.h>
#  include <zstd_errors.h>

#  include <algorithm>
#  include <bit>
#  include <memory>

#  include "file/compression/codec.hpp"

namespace trawl::inline v0 {
namespace {

/// Where a call fails, the library forgets what the same call has decoded. So each gets no more than a block, and nothing
/// while some of the last block waits for room: a wrong checksum at the end of a frame comes behind all that the frame holds.
struct Reading {
  ZSTD_DCtx* context = nullptr;
  size_t wanted = first_wanted;  ///< bytes of input, for the next call
  bool full = false;             ///< the last call had no room for more

  static constexpr size_t first_wanted = 5;  // enough to know the size of a frame's header
};

DecodeStep call(Reading& r, Bytes in, std::span<u8> out) {
  ZSTD_inBuffer from{in.data, in.size, 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  const size_t left = ZSTD_decompressStream(r.context, &to, &from);
  DecodeStep step{from.pos, to.pos, left == 0, nullptr};
  if (ZSTD_isError(left)) step.frame_end = false, step.fault = ZSTD_getErrorName(left);
  else r.wanted = left;
  step.over_limit = ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge;
  r.full = to.pos == to.size;
  return step;
}
DecodeStep decode(void* self, Bytes in, std::span<u8> out) {
  auto& r = *static_cast<Reading*>(self);
  if (r.full)
    if (const auto step = call(r, {in.data, 0}, out); step.made || step.frame_end || step.fault) return step;
  return call(r, in.first(r.wanted), out);
}
void restart(void* self) {
  auto& r = *static_cast<Reading*>(self);
  ZSTD_DCtx_reset(r.context, ZSTD_reset_session_only);
  r.wanted = Reading::first_wanted, r.full = false;
}
constexpr DecoderCalls decoder_calls{decode, restart, [](void* self) {
                                       ZSTD_freeDCtx(static_cast<Reading*>(self)->context);
                                       delete static_cast<Reading*>(self);
                                     }};

EncodeStep encode(void* self, Bytes in, std::span<u8> out, EncodeMode mode) {
  ZSTD_inBuffer from{in.data, in.size, 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  constexpr ZSTD_EndDirective directives[] = {ZSTD_e_continue, ZSTD_e_flush, ZSTD_e_end};
  const size_t left = ZSTD_compressStream2(static_cast<ZSTD_CCtx*>(self), &to, &from, directives[size_t(mode)]);
  return {from.pos, to.pos, mode != EncodeMode::more && left == 0};
}
constexpr EncoderCalls encoder_calls{encode, [](void* self) { ZSTD_freeCCtx(static_cast<ZSTD_CCtx*>(self)); }};

}  // namespace

Decoder make_zstd_decoder(u64 max_window_bytes) {
  constexpr int least = 10, most = 31;   // what the library takes on every machine is less: it says no itself
  auto reading = std::make_unique<Reading>();
  reading->context = ZSTD_createDCtx();
  if (!reading->context) return {};
  ZSTD_DCtx_setParameter(reading->context, ZSTD_d_windowLogMax, std::clamp(int(std::bit_width(max_window_bytes)) - 1, least, most));
  return {reading.release(), decoder_calls};
}

Encoder make_zstd_encoder(int level) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  if (!context) return {};
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level ? level : 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  return {context, encoder_calls};
}

}  // namespace trawl::inline v0
#endif
