// SPDX-License-Identifier: Apache-2.0 OR MIT
// The first byte chooses how offsets and times are written, an empty line and any bytes behind it are the dump: every packet is
// no longer than its limit, and the end is reached. So the text is not compressed: a few bytes could be as much as one likes.
#include <string>
#include <vector>

#include "read_text.hpp"
#include "trawl/file/hex_dump_reader.hpp"

using namespace trawl;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr DumpOffsets all_offsets[] = {DumpOffsets::hex, DumpOffsets::octal, DumpOffsets::decimal, DumpOffsets::none};
  if (size == 0) return 0;
  static_cast<void>(HexDumpReader::recognize({data + 1, size - 1}));
  std::vector<u8> dump(data, data + size);
  dump[0] = '\n';
  HexDumpOptions options{
      .offsets = all_offsets[data[0] % 4], .directions = DumpDirections::marked, .max_packet_bytes = 1u << 16, .buffer_bytes = 4096};
  if (data[0] & 4) options.time_format = "%H:%M:%S.%f";
  read_text(HexDumpReader::open(ByteSource::memory(Bytes(dump)), options), options.max_packet_bytes);
  return 0;
}
