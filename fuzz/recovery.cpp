// SPDX-License-Identifier: Apache-2.0 OR MIT
// Any bytes read with a search behind damage: every packet of the strict reader is there, in order, and the end is reached.
#include <cstdlib>

#include "trawl/core/describe.hpp"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const u64 strict = read({data, size}, Recovery::stop), searched = read({data, size}, Recovery::search);
  if (searched < strict) std::abort();
  return 0;
}
