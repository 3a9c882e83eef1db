// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include "file/pcapng/option_layout.hpp"
#include "trawl/file/pcapng/blocks.hpp"

namespace trawl::inline v0 {
namespace {

constexpr BlockSpec table[] = {
    {BlockType::section_header, "section_header", "4228", BlockBody::options},
    {BlockType::interface_description, "interface_description", "224", BlockBody::options},
    {BlockType::packet, "packet", "224444", BlockBody::data, 12},
    {BlockType::simple_packet, "simple_packet", "4", BlockBody::opaque},
    {BlockType::name_resolution, "name_resolution", "", BlockBody::names},
    {BlockType::interface_statistics, "interface_statistics", "444", BlockBody::options},
    {BlockType::enhanced_packet, "enhanced_packet", "44444", BlockBody::data, 12},
    {BlockType::systemd_journal_export, "systemd_journal_export", "", BlockBody::opaque},
    {BlockType::decryption_secrets, "decryption_secrets", "44", BlockBody::data, 4},
    {BlockType::custom, "custom", "4", BlockBody::opaque},
    {BlockType::custom_do_not_copy, "custom_do_not_copy", "4", BlockBody::opaque},
    {BlockType::process_information, "process_information", "4", BlockBody::options},
};

constexpr size_t padded(size_t size) { return (size + 3) & ~size_t{3}; }

}  // namespace

std::span<const BlockSpec> block_specs() { return table; }

const BlockSpec* find_block(BlockType type) {
  const auto* found = std::ranges::find(table, type, &BlockSpec::type);
  return found == std::end(table) ? nullptr : found;
}

std::string_view name(BlockType type) {
  const BlockSpec* spec = find_block(type);
  return spec ? spec->name : std::string_view();
}

BlockParts split(const Block& block) {
  const BlockSpec* spec = find_block(block.type);
  const Bytes body = block.body();
  if (!spec) return {{}, body, {}, false};
  const size_t fixed = spec->fixed_bytes();
  if (body.size < fixed) return {.damaged = true};
  BlockParts parts{.fixed = body.first(fixed)};
  const Bytes rest = body.from(fixed);
  switch (spec->body) {
    case BlockBody::options: parts.options = rest; break;
    case BlockBody::opaque: parts.content = rest; break;
    case BlockBody::data: {
      const size_t length = load<u32>(body.data + spec->length_at, block.order);
      parts.content = rest.first(length);
      parts.options = rest.from(padded(length));
      parts.damaged = length > rest.size;
      break;
    }
    case BlockBody::names: {
      NameWalk walk(rest, block.order);
      size_t size = 0;
      while (const auto record = walk.next()) size += record->raw.size;
      parts.damaged = walk.damaged();
      parts.content = parts.damaged ? rest.first(size) : rest.first(size + 4);
      parts.options = parts.damaged ? Bytes(rest.data + rest.size, 0) : rest.from(size + 4);
      break;
    }
  }
  return parts;
}

void reverse_block(std::span<u8> raw, Order from) {
  const Bytes bytes(raw);
  if (bytes.size < 12) return;
  const Block block{.type = BlockType(load<u32>(bytes.data, from)), .order = from, .raw = bytes};
  const auto parts = split(block);
  const auto writable = [&](Bytes part) { return raw.data() + (part.data - bytes.data); };
  const BlockSpec* spec = find_block(block.type);
  if (spec && spec->body == BlockBody::names) {
    for (Bytes left = parts.content; left.size >= 4;) {
      const size_t length = load<u16>(left.data + 2, from);
      u8* p = writable(left);
      left = left.from(4 + padded(length));
      reverse_numbers(p, 4, 2);
    }
  }
  if (parts.options.size) reverse_options(writable(parts.options), parts.options.size, from, block.type);
  if (spec && parts.fixed.size) {
    u8* p = writable(parts.fixed);
    for (const char digit : spec->fixed) {
      const size_t width = size_t(digit - '0');
      reverse_numbers(p, width, width);
      p += width;
    }
  }
  reverse_numbers(raw.data(), 8, 4);
  reverse_numbers(raw.data() + raw.size() - 4, 4, 4);
}

}  // namespace trawl::inline v0
