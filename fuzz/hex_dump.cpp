// SPDX-License-Identifier: Apache-2.0 OR MIT
// The first byte chooses how offsets and times are written, any bytes behind it are the dump: every packet is no longer than
// its limit, and the end is reached.
#include <string>

#include "read_text.hpp"
#include "trawl/file/hex_dump_reader.hpp"

using namespace trawl;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr DumpOffsets all_offsets[] = {DumpOffsets::hex, DumpOffsets::octal, DumpOffsets::decimal, DumpOffsets::none};
  if (size == 0) return 0;
  const Bytes dump{data + 1, size - 1};
  static_cast<void>(HexDumpReader::recognize(dump));
  HexDumpOptions options{
      .offsets = all_offsets[data[0] % 4], .directions = DumpDirections::marked, .max_packet_bytes = 1u << 16, .buffer_bytes = 4096};
  if (data[0] & 4) options.time_format = "%H:%M:%S.%f";
  read_text(HexDumpReader::open(ByteSource::memory(dump), options), options.max_packet_bytes);
  return 0;
}
