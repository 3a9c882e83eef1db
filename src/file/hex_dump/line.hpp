// SPDX-License-Identifier: Apache-2.0 OR MIT
/// One line of a hex dump.
#pragma once
#include <optional>
#include <vector>

#include "trawl/file/hex_dump_reader.hpp"

namespace trawl::inline v0 {

/// Bytes, perhaps with some of the text behind them.
struct DumpLine {
  u64 offset = 0;
  bool tcpdump = false;          ///< the offset begins with "0x"
  std::vector<u8> bytes;
  /// How many of them can be told from the text behind them, by a gap in a column where the text may begin.
  /// @param width bytes of a full line
  size_t before_gap(size_t width) const;

  struct Gap {
    size_t bytes, column;        ///< bytes before it; from the first byte's column
  };
  std::vector<Gap> gaps;         ///< two blanks or more
  size_t group = 2;              ///< digits of the first group
};

/// Nothing: the line is text. `line` is filled.
bool parse_dump_line(std::string_view text, DumpOffsets offsets, DumpLine& line);

/// "Frame (54 bytes):": the name before the number; empty for other lines.
std::string_view parse_heading(std::string_view text);

/// The time in a line of text. @param format HexDumpOptions::time_format
std::optional<Timestamp> parse_dump_time(std::string_view text, const std::string& format);

}  // namespace trawl::inline v0
