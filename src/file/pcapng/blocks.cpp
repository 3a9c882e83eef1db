// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {
namespace {

constexpr size_t padded(size_t size) { return (size + 3) & ~size_t{3}; }

/// The body as far as its fixed part; nothing when it is shorter than that.
const u8* fixed_part(const Block& block, BlockType type, size_t size) {
  return block.type == type && block.body().size >= size ? block.body().data : nullptr;
}

std::optional<PacketBlock> parse_enhanced(const Block& block) {
  const u8* p = fixed_part(block, BlockType::enhanced_packet, 20);
  if (!p) return {};
  PacketBlock packet;
  packet.interface = load<u32>(p, block.order);
  packet.ticks = u64{load<u32>(p + 4, block.order)} << 32 | load<u32>(p + 8, block.order);
  packet.captured_length = load<u32>(p + 12, block.order);
  packet.original_length = load<u32>(p + 16, block.order);
  packet.data = block.body().slice(20, packet.captured_length);
  packet.options = block.body().from(20 + padded(packet.captured_length));
  return packet;
}

std::optional<PacketBlock> parse_obsolete(const Block& block) {
  const u8* p = fixed_part(block, BlockType::packet, 20);
  if (!p) return {};
  PacketBlock packet;
  packet.interface = load<u16>(p, block.order);
  packet.drops = load<u16>(p + 2, block.order);
  packet.ticks = u64{load<u32>(p + 4, block.order)} << 32 | load<u32>(p + 8, block.order);
  packet.captured_length = load<u32>(p + 12, block.order);
  packet.original_length = load<u32>(p + 16, block.order);
  packet.data = block.body().slice(20, packet.captured_length);
  packet.options = block.body().from(20 + padded(packet.captured_length));
  return packet;
}

std::optional<PacketBlock> parse_simple(const Block& block, u32 snaplen) {
  const u8* p = fixed_part(block, BlockType::simple_packet, 4);
  if (!p) return {};
  PacketBlock packet;
  packet.has_time = false;
  packet.original_length = load<u32>(p, block.order);
  packet.captured_length = snaplen && snaplen < packet.original_length ? snaplen : packet.original_length;
  packet.data = block.body().slice(4, packet.captured_length);
  return packet;
}

/// Where the options of a block begin in its body, when its own records stand before them.
Bytes after_name_records(const Block& block) {
  Bytes left = block.body();
  while (left.size >= 4) {
    const u16 type = load<u16>(left.data, block.order), length = load<u16>(left.data + 2, block.order);
    left = left.from(4 + padded(length));
    if (type == 0) return left;
  }
  return {};
}

}  // namespace

std::string_view name(BlockType type) {
  switch (type) {
    case BlockType::interface_description: return "interface_description";
    case BlockType::packet: return "packet";
    case BlockType::simple_packet: return "simple_packet";
    case BlockType::name_resolution: return "name_resolution";
    case BlockType::interface_statistics: return "interface_statistics";
    case BlockType::enhanced_packet: return "enhanced_packet";
    case BlockType::systemd_journal_export: return "systemd_journal_export";
    case BlockType::decryption_secrets: return "decryption_secrets";
    case BlockType::custom: return "custom";
    case BlockType::custom_do_not_copy: return "custom_do_not_copy";
    case BlockType::section_header: return "section_header";
  }
  return {};
}

std::optional<SectionHeader> parse_section_header(const Block& block) {
  const u8* p = fixed_part(block, BlockType::section_header, 16);
  if (!p) return {};
  return SectionHeader{load<u16>(p + 4, block.order), load<u16>(p + 6, block.order), i64(load<u64>(p + 8, block.order)),
                       block.body().from(16)};
}

std::optional<InterfaceDescription> parse_interface_description(const Block& block) {
  const u8* p = fixed_part(block, BlockType::interface_description, 8);
  if (!p) return {};
  return InterfaceDescription{load<u16>(p, block.order), load<u32>(p + 4, block.order), block.body().from(8)};
}

std::optional<PacketBlock> parse_packet(const Block& block, u32 snaplen) {
  switch (block.type) {
    case BlockType::enhanced_packet: return parse_enhanced(block);
    case BlockType::simple_packet: return parse_simple(block, snaplen);
    case BlockType::packet: return parse_obsolete(block);
    default: return {};
  }
}

std::optional<InterfaceStatistics> parse_interface_statistics(const Block& block) {
  const u8* p = fixed_part(block, BlockType::interface_statistics, 12);
  if (!p) return {};
  const u64 ticks = u64{load<u32>(p + 4, block.order)} << 32 | load<u32>(p + 8, block.order);
  return InterfaceStatistics{load<u32>(p, block.order), ticks, block.body().from(12)};
}

std::optional<DecryptionSecrets> parse_decryption_secrets(const Block& block) {
  const u8* p = fixed_part(block, BlockType::decryption_secrets, 8);
  if (!p) return {};
  const u32 length = load<u32>(p + 4, block.order);
  if (length > block.body().size - 8) return {};
  return DecryptionSecrets{load<u32>(p, block.order), block.body().slice(8, length), block.body().from(8 + padded(length))};
}

Bytes options_of(const Block& block) {
  switch (block.type) {
    case BlockType::section_header: return block.body().from(16);
    case BlockType::interface_description: return block.body().from(8);
    case BlockType::interface_statistics: return block.body().from(12);
    case BlockType::name_resolution: return after_name_records(block);
    case BlockType::enhanced_packet:
    case BlockType::packet: {
      const auto packet = parse_packet(block);
      return packet ? packet->options : Bytes();
    }
    case BlockType::decryption_secrets: {
      const auto secrets = parse_decryption_secrets(block);
      return secrets ? secrets->options : Bytes();
    }
    default: return {};
  }
}

}  // namespace trawl::inline v0
