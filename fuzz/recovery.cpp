// SPDX-License-Identifier: Apache-2.0 OR MIT
// Any bytes read with a search behind damage: every packet of the strict reader is there, in order, and the end is reached.
// Not compressed ones: the search looks at every byte, and 200 compressed bytes can be gigabytes.
#include <cstdlib>

#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/file/file_reader.hpp"

using namespace trawl;

namespace {

u64 read(Bytes bytes, Recovery recovery) {
  auto reader = FileReader::open(ByteSource::memory(bytes),
                                 {.max_packet_bytes = 1u << 16, .max_interfaces = 64, .recovery = recovery, .buffer_bytes = 4096});
  if (!reader) return 0;
  u64 packets = 0;
  for (;;) {
    const auto batch = reader->next();
    if (!batch && describe(batch.error()).empty()) std::abort();
    if (!batch || !*batch) break;
    for (u32 i = 0; i < (*batch)->size(); ++i) {
      const Frame& frame = (**batch)[i];
      const Bytes record = reader->record(i);
      if (frame.interface >= reader->interfaces().size()) std::abort();
      if (!frame.bytes.empty() && (frame.bytes.begin() < record.begin() || frame.bytes.end() > record.end())) std::abort();
    }
    packets += (*batch)->size();
  }
  if (reader->next()->has_value()) std::abort();
  return packets;
}

bool may_be_compressed(Bytes bytes) {
  constexpr u32 gzip = 0x8b1f, zstd = 0xfd2fb528, lz4 = 0x184d2204, skippable = 0x184d2a50;
  if (bytes.size < 4) return false;
  const u32 magic = load_le<u32>(bytes.data);
  return (magic & 0xffff) == gzip || magic == zstd || magic == lz4 || (magic & ~u32{15}) == skippable;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (may_be_compressed({data, size})) return 0;
  const u64 strict = read({data, size}, Recovery::stop), searched = read({data, size}, Recovery::search);
  if (searched < strict) std::abort();
  return 0;
}
