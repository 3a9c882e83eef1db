// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What both readers do with a source before and behind its records.
#pragma once
#include "file/bytes/window.hpp"
#include "file/compression/decoding_source.hpp"
#include "file/parsing.hpp"

namespace trawl::inline v0 {

/// Of the file itself, before anything is decompressed.
struct FileOrigin {
  std::optional<FileIdentity> identity;
  std::optional<u64> size;
};

struct Opened {
  Window window;
  FileFormat format;
  std::shared_ptr<Container> container;
  FileOrigin origin;
  std::optional<Error> unrecognized = {};  ///< with Recovery::search: why `format` means nothing
};
/// Reads and recognizes the first bytes; consumes none. What is compressed is seen decompressed.
Result<Opened> open_window(ByteSource source, const ReaderOptions& options);

/// What was odd about the outside of the file; once.
void take_warnings(Container& container, Findings& findings);

/// Zero bytes where a record should begin.
enum class Zeros : u8 {
  to_the_end,   ///< consumed, with a warning: a crash has left them
  then_others,  ///< consumed; what follows has lost its place
  too_few,      ///< perhaps an empty record
};
Result<Zeros> skip_zeros(Window& window, Findings& findings, Error& error);

/// The file ends `needed` bytes too early for the record that window.bytes() begins with.
Error cut_short(const Window& window, size_t needed, const Findings& findings);

}  // namespace trawl::inline v0
