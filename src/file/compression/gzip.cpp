// SPDX-License-Identifier: Apache-2.0 OR MIT
// zlib writes; ISA-L, where the build has it, reads, being faster at that.
#include "trawl/core/switches.hpp"
#if TRAWL_WITH_ZLIB
#  include <zlib.h>

#  include <algorithm>
#  include <memory>

#  include "file/compression/codec.hpp"
#  if TRAWL_WITH_ISAL
#    include <isa-l/igzip_lib.h>
#  endif

namespace trawl::inline v0 {
namespace {

constexpr size_t most_at_once = 1u << 30;  // both libraries count in 32 bits
constexpr int gzip_window = 15 + 16;       // as zlib wants it

uInt bounded(size_t size) { return uInt(std::min(size, most_at_once)); }

#  if TRAWL_WITH_ISAL
void start(inflate_state& state) {
  isal_inflate_init(&state);
  state.crc_flag = ISAL_GZIP;
}
const char* fault_of(int status) {
  switch (status) {
    case ISAL_INCORRECT_CHECKSUM: return "the checksum of the gzip data is wrong";
    case ISAL_INVALID_WRAPPER:
    case ISAL_UNSUPPORTED_METHOD: return "a gzip header that is wrong";
    default: return "gzip data that cannot be decoded";
  }
}
DecodeStep decode(void* self, Bytes in, std::span<u8> out) {
  auto& state = *static_cast<inflate_state*>(self);
  state.next_in = const_cast<u8*>(in.data), state.avail_in = bounded(in.size);
  state.next_out = out.data(), state.avail_out = bounded(out.size());
  const u32 had_in = state.avail_in, had_out = state.avail_out;
  const int status = isal_inflate(&state);
  DecodeStep step{had_in - state.avail_in, had_out - state.avail_out, false, nullptr};
  if (status < 0) step.fault = fault_of(status);
  else step.frame_end = state.block_state == ISAL_BLOCK_FINISH;
  return step;
}
constexpr DecoderCalls decoder_calls{decode, [](void* self) { start(*static_cast<inflate_state*>(self)); },
                                     [](void* self) { delete static_cast<inflate_state*>(self); }};
#  else
DecodeStep decode(void* self, Bytes in, std::span<u8> out) {
  auto& state = *static_cast<z_stream*>(self);
  state.next_in = const_cast<u8*>(in.data), state.avail_in = bounded(in.size);
  state.next_out = out.data(), state.avail_out = bounded(out.size());
  const uInt had_in = state.avail_in, had_out = state.avail_out;
  const int status = inflate(&state, Z_NO_FLUSH);
  DecodeStep step{had_in - state.avail_in, had_out - state.avail_out, status == Z_STREAM_END, nullptr};
  if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
    step.fault = state.msg && std::string_view(state.msg).contains("check") ? "the checksum of the gzip data is wrong"
                                                                            : "gzip data that cannot be decoded";
  return step;
}
constexpr DecoderCalls decoder_calls{decode, [](void* self) { inflateReset(static_cast<z_stream*>(self)); },
                                     [](void* self) {
                                       inflateEnd(static_cast<z_stream*>(self));
                                       delete static_cast<z_stream*>(self);
                                     }};
#  endif

EncodeStep encode(void* self, Bytes in, std::span<u8> out, EncodeMode mode) {
  auto& state = *static_cast<z_stream*>(self);
  state.next_in = const_cast<u8*>(in.data), state.avail_in = bounded(in.size);
  state.next_out = out.data(), state.avail_out = bounded(out.size());
  const uInt had_in = state.avail_in, had_out = state.avail_out;
  constexpr int flushes[] = {Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FINISH};
  const int status = deflate(&state, flushes[size_t(mode)]);
  const bool ended = status == Z_STREAM_END, flushed = mode == EncodeMode::flush && state.avail_out != 0;
  const EncodeStep step{had_in - state.avail_in, had_out - state.avail_out, ended || flushed};
  if (ended) deflateReset(&state);
  return step;
}
constexpr EncoderCalls encoder_calls{encode, [](void* self) {
                                       deflateEnd(static_cast<z_stream*>(self));
                                       delete static_cast<z_stream*>(self);
                                     }};

}  // namespace

Decoder make_gzip_decoder() {
#  if TRAWL_WITH_ISAL
  auto state = std::make_unique<inflate_state>();  // all zero: damaged data may ask for history that was never there
  start(*state);
#  else
  auto state = std::make_unique<z_stream>();
  if (inflateInit2(state.get(), gzip_window) != Z_OK) return {};
#  endif
  return {state.release(), decoder_calls};
}

Encoder make_gzip_encoder(int level) {
  constexpr int usual_level = 6, memory_level = 8;
  auto state = std::make_unique<z_stream>();
  if (deflateInit2(state.get(), level ? level : usual_level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  return {state.release(), encoder_calls};
}

}  // namespace trawl::inline v0
#endif
