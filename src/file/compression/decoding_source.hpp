// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A source of what another source's bytes are when decompressed: members and frames one behind the other as one stream.
#pragma once
#include <memory>

#include "file/compression/codec.hpp"
#include "trawl/core/warnings.hpp"
#include "trawl/file/file_reader.hpp"

namespace trawl::inline v0 {

/// What the outside of a capture file was found to be. Outlives the source that fills it.
struct Container {
  Compression compression = Compression::none;
  u64 max_window_bytes = ReaderOptions{}.max_window_bytes;
  Warnings warnings;
  u64 bytes_read = 0;  ///< of the file, compressed
};

/// What a file is compressed with, by its first bytes; none if it is not.
Compression recognize_compression(Bytes start);

/// @param start bytes that have been taken from `source` already
Result<ByteSource> decoding_source(ByteSource source, Bytes start, std::shared_ptr<Container> container);

}  // namespace trawl::inline v0
