// SPDX-License-Identifier: Apache-2.0 OR MIT
// Any bytes as a capture file: whatever comes out lies within what went in, and can be written and read again.
#include <cstdlib>

#include "trawl/core/describe.hpp"
#include "trawl/file/file_reader.hpp"

using namespace trawl;

namespace {

/// Small buffers and limits, so that every boundary is met often.
constexpr ReaderOptions options{.max_packet_bytes = 1u << 16, .max_interfaces = 64, .buffer_bytes = 4096};

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto reader = FileReader::open(ByteSource::memory({data, size}), options);
  if (!reader) return describe(reader.error()).empty();
  const bool plain = reader->facts().compression == Compression::none;
  u64 packets = 0, bytes = 0, sum = 0;
  for (;;) {
    const auto batch = reader->next();
    if (!batch) {
      require(!describe(batch.error()).empty() && !reader->damage().empty());
      require(reader->next().has_value() && !*reader->next());
      break;
    }
    if (!*batch) {
      require(reader->damage().empty());
      break;
    }
    for (u32 i = 0; i < (*batch)->size(); ++i) {
      const Frame& frame = (**batch)[i];
      const Bytes record = reader->record(i);
      require(frame.interface < reader->interfaces().size());
      if (plain) {
        require(reader->record_offset(i) + record.size <= size);
        require(record == Bytes(data, size).slice(reader->record_offset(i), record.size));
      }
      require(frame.bytes.empty() || (frame.bytes.begin() >= record.begin() && frame.bytes.end() <= record.end()));
      for (u8 byte : frame.info.metadata) sum += byte;
      ++packets, bytes += record.size;
    }
  }
  require(packets == reader->facts().packets && (bytes <= size || !plain));
  for (const auto& interface : reader->interfaces()) sum += interface.name.size() + interface.addresses.size();
  for (const auto& warning : reader->warnings().first()) require(!describe(warning).empty());
  return sum == ~u64{};
}
