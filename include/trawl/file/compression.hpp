// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Compressed files around captures: gzip (RFC 1952), zstd (RFC 8878) and LZ4 frames, each behind a switch of the build.
#pragma once
#include "trawl/file/byte_source.hpp"

namespace trawl::inline v0 {

enum class Compression : u8 { none, gzip, zstd, lz4 };
/// "gzip"
TRAWL_API std::string_view name(Compression compression);
/// The inverse of name().
TRAWL_API std::optional<Compression> parse_compression(std::string_view name);
/// What this build can read and write.
TRAWL_API bool is_supported(Compression compression);
/// By what stands behind the last dot: .gz, .zst, .lz4; none for other names.
TRAWL_API Compression compression_for(std::string_view path);
/// The name without that.
TRAWL_API std::string_view without_compression_suffix(std::string_view path);

}  // namespace trawl::inline v0
