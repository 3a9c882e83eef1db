// SPDX-License-Identifier: Apache-2.0 OR MIT
// Any bytes as pcapng blocks: the blocks put together are the file, their views stay inside them.
#include <cstdlib>

#include "trawl/core/describe.hpp"
#include "trawl/file/pcapng.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

using namespace trawl;

namespace {

constexpr ReaderOptions options{.max_packet_bytes = 1u << 16, .max_interfaces = 64, .buffer_bytes = 4096};

void require(bool condition) {
  if (!condition) std::abort();
}
void require_inside(Bytes part, Bytes whole) { require(part.empty() || (part.begin() >= whole.begin() && part.end() <= whole.end())); }

void look_into(const Block& block) {
  if (const auto header = parse_section_header(block)) require_inside(header->options, block.raw);
  if (const auto interface = parse_interface_description(block)) require_inside(interface->options, block.raw);
  if (const auto statistics = parse_interface_statistics(block)) require_inside(statistics->options, block.raw);
  if (const auto secrets = parse_decryption_secrets(block)) require_inside(secrets->secrets, block.raw);
  if (const auto packet = parse_packet(block, 96)) require_inside(packet->data, block.raw);
  if (const auto names = parse_name_resolution(block)) {
    NameWalk walk(names->records, block.order);
    while (auto record = walk.next()) {
      require_inside(record->raw, block.raw), require_inside(record->address, record->raw);
      while (!record->names.empty()) require_inside(Bytes::of(next_name(record->names)), record->raw);
    }
  }
  if (const auto entry = parse_journal_entry(block)) require_inside(Bytes::of(entry->text), block.raw);
  const Bytes options_bytes = options_of(block);
  require_inside(options_bytes, block.raw);
  OptionWalk walk(options_bytes, block.order);
  while (const auto option = walk.next()) {
    require_inside(option->raw, options_bytes), require_inside(option->value, option->raw);
    char text[128];
    TextOut out(text);
    put(out, *option, block.type, block.order);
  }
  require(!walk.next() && walk.good().size <= options_bytes.size);
  std::vector<u8> turned(block.raw.begin(), block.raw.end());
  reverse_block(turned, block.order);
  reverse_block(turned, block.order == Order::big ? Order::little : Order::big);
  require(Bytes(turned) == block.raw || walk.damaged() || split(block).damaged);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto reader = PcapngBlockReader::open(ByteSource::memory({data, size}), options);
  if (!reader || reader->facts().compression != Compression::none) return 0;
  u64 offset = 0;
  for (;;) {
    const auto found = reader->next();
    if (!found || !*found) break;
    const Block& block = **found;
    require(block.offset == offset && block.raw == Bytes(data, size).slice(offset, block.raw.size));
    offset += block.raw.size;
    look_into(block);
    if (!block.is_packet()) continue;
    const auto frame = reader->frame(block);
    if (!frame) require(!describe(frame.error()).empty());
    else require_inside(frame->bytes, block.raw);
  }
  require(!reader->next()->has_value());
  return 0;
}
