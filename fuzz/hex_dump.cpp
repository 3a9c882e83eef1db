// SPDX-License-Identifier: Apache-2.0 OR MIT
// Any bytes as a hex dump, however offsets are written: every packet is no longer than the text, and the end is reached.
#include <cstdlib>
#include <string>

#include "trawl/core/describe.hpp"
#include "trawl/file/hex_dump_reader.hpp"

using namespace trawl;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static_cast<void>(HexDumpReader::recognize({data, size}));
  for (const DumpOffsets offsets : {DumpOffsets::hex, DumpOffsets::octal, DumpOffsets::decimal, DumpOffsets::none}) {
    HexDumpOptions options{.offsets = offsets, .directions = DumpDirections::marked, .max_packet_bytes = 1u << 16, .buffer_bytes = 4096};
    if (size && data[0] == '%') options.time_format = "%H:%M:%S.%f";
    auto reader = HexDumpReader::open(ByteSource::memory({data, size}), options);
    if (!reader) continue;
    for (;;) {
      const auto batch = reader->next();
      if (!batch && describe(batch.error()).empty()) std::abort();
      if (!batch || !*batch) break;
      for (const Frame& frame : **batch)
        if (frame.bytes.size > options.max_packet_bytes || frame.interface >= reader->interfaces().size()) std::abort();
    }
    if (!reader->next() || *reader->next()) std::abort();
  }
  return 0;
}
