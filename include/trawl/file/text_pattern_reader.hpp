// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Reads packets from any text by a regular expression that tells where they stand in it.
///
///     > 0:00:00.265620 a130368b000000080060       ^(?<dir>[<>])\s(?<time>\d+:\d\d:\d\d.\d+)\s(?<data>[0-9a-f]+)$
#pragma once
#include <memory>
#include <string>

#include "trawl/core/frame_source.hpp"
#include "trawl/file/byte_source.hpp"

namespace trawl::inline v0 {

/// How bytes are written in the text. Blanks, line ends and, in hexadecimal, colons between digits mean nothing.
enum class TextRadix : u8 {
  binary,        ///< eight digits a byte
  octal,         ///< a digit is three bits, eight digits are three bytes; bits left over at the end are zero
  hexadecimal,
  base64,        ///< RFC 4648, section 4; = at the end may be left out
};

struct TextPatternOptions {
  /// RE2's syntax; names as (?<name>...) or (?P<name>...). ^ and $ match at line ends. Each match is a packet: its bytes are the group
  /// "data". "time", "dir" (its first character: i, I or < is inbound, o, O or > is outbound) and "seqno" (decimal, pcapng's
  /// packet id) may be there. There are no other names.
  std::string pattern = {};
  TextRadix radix = TextRadix::hexadecimal;
  /// As HexDumpOptions::time_format.
  std::string time_format = {};
  LinkType link_type = LinkType::ethernet;
  u32 max_packet_bytes = 32u << 20;
  size_t max_match_bytes = 16u << 20;   ///< of text; a longer match ends the reading
  size_t buffer_bytes = 256u << 10;
};

namespace detail {
class TextPatternBody;
}

/// A FrameSource. What the pattern does not match is passed over. A packet whose "data" are no bytes is left out and noted in damage()
/// with line and column; the reading goes on, and next() fails with the first such note when all has been delivered. A time or number
/// that cannot be read is a warning. A match may look 64 KiB ahead of its end. The text may be compressed. A match costs time linear
/// to the text that it looks at: up to 0.1 ms where each looks 64 KiB ahead, as `b.*c|b` does in a long line of b.
/// Needs RE2 (TRAWL_WITH_DISPLAY): else open() and check() fail with Reason::not_supported.
class TRAWL_API TextPatternReader {
 public:
  /// The column of the error is that of the pattern.
  static Result<void> check(std::string_view pattern);
  static Result<TextPatternReader> open(std::string_view path, const TextPatternOptions& options);
  static Result<TextPatternReader> open(ByteSource source, const TextPatternOptions& options);
  TextPatternReader(TextPatternReader&&) noexcept;
  TextPatternReader& operator=(TextPatternReader&&) noexcept;
  ~TextPatternReader();

  /// At most 256 packets or about a megabyte. Frames live until the next call.
  Result<std::optional<Batch>> next();
  std::span<const InterfaceInfo> interfaces() const;
  const Warnings& warnings() const;
  const Warnings& damage() const;
  u64 packets() const;

 private:
  explicit TextPatternReader(std::unique_ptr<detail::TextPatternBody> body);
  std::unique_ptr<detail::TextPatternBody> body_;
};
static_assert(FrameSource<TextPatternReader>);

}  // namespace trawl::inline v0
