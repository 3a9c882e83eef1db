// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a file is, by its first bytes.
#pragma once
#include "trawl/core/endian.hpp"
#include "trawl/file/file_reader.hpp"

namespace trawl::inline v0 {

inline constexpr u32 section_header_type = 0x0a0d0d0a, byte_order_magic = 0x1a2b3c4d;
inline constexpr u32 pcap_magic_us = 0xa1b2c3d4, pcap_magic_ns = 0xa1b23c4d, pcap_magic_kuznetzov = 0xa1b2cd34;

/// Bytes at the start that are enough to tell.
inline constexpr size_t recognizable_bytes = 64;

/// Error: what it looks like instead. `start`: as many of the recognizable bytes as the file has.
Result<FileFormat> recognize(Bytes start);

/// A pcap or pcapng file begins here, version and all.
bool is_file_header(Bytes bytes);

/// Every line feed, of at least three, has a carriage return before it, as after a transfer in text mode.
bool looks_like_text_mode(Bytes bytes);

}  // namespace trawl::inline v0
