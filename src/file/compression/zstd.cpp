// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/switches.hpp"
#if TRAWL_WITH_ZSTD
#  include <zstd.h>
#  include <zstd_errors.h>

#  include <algorithm>
#  include <bit>

#  include "file/compression/codec.hpp"

namespace trawl::inline v0 {
namespace {

DecodeStep decode(void* self, Bytes in, std::span<u8> out) {
  ZSTD_inBuffer from{in.data, in.size, 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  const size_t left = ZSTD_decompressStream(static_cast<ZSTD_DCtx*>(self), &to, &from);
  DecodeStep step{from.pos, to.pos, left == 0, nullptr};
  if (ZSTD_isError(left)) step.frame_end = false, step.fault = ZSTD_getErrorName(left);
  step.over_limit = ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge;
  return step;
}
constexpr DecoderCalls decoder_calls{decode, [](void* self) { ZSTD_DCtx_reset(static_cast<ZSTD_DCtx*>(self), ZSTD_reset_session_only); },
                                     [](void* self) { ZSTD_freeDCtx(static_cast<ZSTD_DCtx*>(self)); }};

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
  ZSTD_DCtx* context = ZSTD_createDCtx();
  if (!context) return {};
  ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, std::clamp(int(std::bit_width(max_window_bytes)) - 1, least, most));
  return {context, decoder_calls};
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
