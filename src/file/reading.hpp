// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What both readers do with a source before and behind its records.
#pragma once
#include "file/parsing.hpp"
#include "file/window.hpp"

namespace trawl::inline v0 {

struct Opened {
  Window window;
  FileFormat format;
};
/// Reads and recognizes the first bytes; consumes none.
Result<Opened> open_window(ByteSource source, const ReaderOptions& options);

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
