// SPDX-License-Identifier: Apache-2.0 OR MIT
// The first byte chooses how offsets and times are written, any bytes behind it are the dump: every packet is no longer than
// its limit, and the end is reached.
#include <cstdlib>
#include <string>

#include "trawl/core/describe.hpp"
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
  auto reader = HexDumpReader::open(ByteSource::memory(dump), options);
  if (!reader && describe(reader.error()).empty()) std::abort();
  if (!reader) return 0;
  for (;;) {
    const auto batch = reader->next();
    if (!batch && describe(batch.error()).empty()) std::abort();
    if (!batch || !*batch) break;
    for (const Frame& frame : **batch)
      if (frame.bytes.size > options.max_packet_bytes || frame.interface >= reader->interfaces().size()) std::abort();
  }
  if (!reader->next() || *reader->next()) std::abort();
  return 0;
}
