// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a compression library does for us: a table of functions for each, made by gzip.cpp, zstd.cpp and lz4.cpp.
#pragma once
#include <span>
#include <utility>

#include "trawl/file/compression.hpp"

namespace trawl::inline v0 {

struct DecodeStep {
  size_t used = 0, made = 0;
  bool frame_end = false;        ///< a member or frame is complete; restart() begins the next one
  const char* fault = nullptr;   ///< why nothing more can be decoded
  bool over_limit = false;       ///< because the frame wants a larger window
};
struct EncodeStep {
  size_t used = 0, made = 0;
  bool done = false;             ///< what the mode asks for has been given out
};
/// flush: everything so far can be decompressed; end: the frame is complete, the next step begins another.
enum class EncodeMode : u8 { more, flush, end };

/// Owns the state of a library. Calls are null where that library is not in this build or has no memory.
template <class Calls> class Codec {
 public:
  Codec() = default;
  Codec(void* self, const Calls& calls) : self_(self), calls_(&calls) {}
  Codec(Codec&& other) noexcept : self_(other.self_), calls_(std::exchange(other.calls_, nullptr)) {}
  Codec& operator=(Codec&& other) noexcept {
    std::swap(self_, other.self_);
    std::swap(calls_, other.calls_);
    return *this;
  }
  ~Codec() {
    if (calls_) calls_->destroy(self_);
  }
  explicit operator bool() const { return calls_; }
  void* self() const { return self_; }
  const Calls* operator->() const { return calls_; }

 private:
  void* self_ = nullptr;
  const Calls* calls_ = nullptr;
};

struct DecoderCalls {
  DecodeStep (*step)(void* self, Bytes in, std::span<u8> out);
  void (*restart)(void* self);
  void (*destroy)(void* self);
};
struct EncoderCalls {
  EncodeStep (*step)(void* self, Bytes in, std::span<u8> out, EncodeMode mode);
  void (*destroy)(void* self);
};
using Decoder = Codec<DecoderCalls>;
using Encoder = Codec<EncoderCalls>;

/// @param max_window_bytes of memory to look back into; a frame that wants more is a fault (zstd; the others have small ones)
Decoder make_decoder(Compression compression, u64 max_window_bytes);
/// @param level as the library counts; 0: fast and good enough (gzip 6, zstd 1, lz4 0)
Encoder make_encoder(Compression compression, int level);

Decoder make_gzip_decoder();
Encoder make_gzip_encoder(int level);
Decoder make_zstd_decoder(u64 max_window_bytes);
Encoder make_zstd_encoder(int level);
Decoder make_lz4_decoder();
Encoder make_lz4_encoder(int level);

}  // namespace trawl::inline v0
