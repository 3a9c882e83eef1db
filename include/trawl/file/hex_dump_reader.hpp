// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Reads packets from text: hex dumps as `trawl read -x`, `tshark -x`, `tcpdump -x`, `hexdump -C`, `xxd` and people write them.
///
///     2026-01-31 12:00:00.5 anything
///     0000  45 00 00 1c 00 00 00 00  40 11 f9 cd 7f 00 00 01   E.......@.......
///     0010  7f 00 00 01 00 09 00 09  00 08 00 00
///
/// A line of a dump has an offset, with or without "0x" before and ":" behind it, and bytes as pairs of digits, alone or in
/// groups. Offset 0 begins a packet. Text behind the bytes is passed over even where it looks like bytes: the next line's
/// offset, the column of a gap or the width of earlier lines say where they end. Other lines are text between packets; the last time
/// in them is that of the next packet. What stands under "Reassembled TCP (99 bytes):" and other headings of tshark but
/// "Frame (99 bytes):" is no packet.
#pragma once
#include <memory>
#include <string>

#include "trawl/core/frame_source.hpp"
#include "trawl/file/byte_source.hpp"

namespace trawl::inline v0 {

enum class DumpOffsets : u8 {
  hex,
  octal,
  decimal,
  none,   ///< each line is bytes alone; an empty line ends a packet
};
enum class DumpDirections : u8 {
  none,
  marked,   ///< the text before a packet begins with I (inbound) or O (outbound)
};

struct HexDumpOptions {
  DumpOffsets offsets = DumpOffsets::hex;
  DumpDirections directions = DumpDirections::none;
  /// As strptime has it, and %f for a fraction of a second; UTC where the format has no %z. Empty: recognised are ISO 8601,
  /// hours:minutes:seconds (of 1970-01-01) and seconds, behind a packet's number too.
  std::string time_format = {};
  /// Unset: Ethernet, or RAW where a dump of tcpdump's form begins with a whole IP packet (tcpdump -x leaves the link header out).
  std::optional<LinkType> link_type = {};
  u32 max_packet_bytes = 32u << 20;
  size_t buffer_bytes = 256u << 10;
};

namespace detail {
class HexDumpBody;
}

/// A FrameSource. A packet whose dump does not fit together is left out and noted in damage(), with the number of its line;
/// the reading goes on, and next() fails with the first such note when all has been delivered. A packet without a time in the
/// text before it has none. The text may be compressed.
class TRAWL_API HexDumpReader {
 public:
  static Result<HexDumpReader> open(std::string_view path, const HexDumpOptions& options = {});
  static Result<HexDumpReader> open(ByteSource source, const HexDumpOptions& options = {});
  HexDumpReader(HexDumpReader&&) noexcept;
  HexDumpReader& operator=(HexDumpReader&&) noexcept;
  ~HexDumpReader();

  /// At most 256 packets or about a megabyte. Frames live until the next call.
  Result<std::optional<Batch>> next();
  std::span<const InterfaceInfo> interfaces() const;
  const Warnings& warnings() const;
  const Warnings& damage() const;
  u64 packets() const;

  /// Whether a file that begins so is text with the first line of a dump in it.
  static bool recognize(Bytes start);

 private:
  explicit HexDumpReader(std::unique_ptr<detail::HexDumpBody> body);
  std::unique_ptr<detail::HexDumpBody> body_;
};
static_assert(FrameSource<HexDumpReader>);

}  // namespace trawl::inline v0
