// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/compression.hpp"

#include <algorithm>

#include "file/compression/codec.hpp"
#include "trawl/core/switches.hpp"

namespace trawl::inline v0 {
namespace {

struct Known {
  Compression compression;
  std::string_view name, suffix;
  bool supported;
};
constexpr Known known[] = {
    {Compression::none, "none", "", true},
    {Compression::gzip, "gzip", ".gz", TRAWL_WITH_ZLIB},
    {Compression::zstd, "zstd", ".zst", TRAWL_WITH_ZSTD},
    {Compression::lz4, "lz4", ".lz4", TRAWL_WITH_LZ4},
};

}  // namespace

std::string_view name(Compression compression) { return known[size_t(compression)].name; }

std::optional<Compression> parse_compression(std::string_view name) {
  const auto* found = std::ranges::find(known, name, &Known::name);
  return found == std::end(known) ? std::nullopt : std::optional(found->compression);
}

bool is_supported(Compression compression) { return known[size_t(compression)].supported; }

Compression compression_for(std::string_view path) {
  for (const auto& one : known)
    if (!one.suffix.empty() && path.ends_with(one.suffix)) return one.compression;
  return Compression::none;
}

std::string_view without_compression_suffix(std::string_view path) {
  path.remove_suffix(known[size_t(compression_for(path))].suffix.size());
  return path;
}

Decoder make_decoder(Compression compression, [[maybe_unused]] u64 max_window_bytes) {
  switch (compression) {
#if TRAWL_WITH_ZLIB
    case Compression::gzip: return make_gzip_decoder();
#endif
#if TRAWL_WITH_ZSTD
    case Compression::zstd: return make_zstd_decoder(max_window_bytes);
#endif
#if TRAWL_WITH_LZ4
    case Compression::lz4: return make_lz4_decoder();
#endif
    default: return {};
  }
}

Encoder make_encoder(Compression compression, [[maybe_unused]] int level) {
  switch (compression) {
#if TRAWL_WITH_ZLIB
    case Compression::gzip: return make_gzip_encoder(level);
#endif
#if TRAWL_WITH_ZSTD
    case Compression::zstd: return make_zstd_encoder(level);
#endif
#if TRAWL_WITH_LZ4
    case Compression::lz4: return make_lz4_encoder(level);
#endif
    default: return {};
  }
}

}  // namespace trawl::inline v0
