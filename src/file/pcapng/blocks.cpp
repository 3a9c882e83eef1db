// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/pcapng/blocks.hpp"

#include <algorithm>

namespace trawl::inline v0 {
namespace {

/// The parts of a block of this type that is long enough for its numbers.
std::optional<BlockParts> parts_of(const Block& block, BlockType type) {
  if (block.type != type) return {};
  const BlockSpec* spec = find_block(type);
  auto parts = split(block);
  return parts.fixed.size == spec->fixed_bytes() ? std::optional(parts) : std::nullopt;
}

u64 halves(const u8* p, Order order) { return u64{load<u32>(p, order)} << 32 | load<u32>(p + 4, order); }

std::optional<PacketBlock> parse_with_time(const Block& block) {
  const auto parts = parts_of(block, block.type);
  if (!parts) return {};
  const u8* p = parts->fixed.data;
  PacketBlock packet;
  if (block.type == BlockType::packet) packet.interface = load<u16>(p, block.order), packet.drops = load<u16>(p + 2, block.order);
  else packet.interface = load<u32>(p, block.order);
  packet.ticks = halves(p + 4, block.order);
  packet.captured_length = load<u32>(p + 12, block.order);
  packet.original_length = load<u32>(p + 16, block.order);
  packet.data = parts->content;
  packet.options = parts->options;
  return packet;
}

std::optional<PacketBlock> parse_simple(const Block& block, u32 snaplen) {
  const auto parts = parts_of(block, BlockType::simple_packet);
  if (!parts) return {};
  PacketBlock packet;
  packet.has_time = false;
  packet.original_length = load<u32>(parts->fixed.data, block.order);
  packet.captured_length = snaplen && snaplen < packet.original_length ? snaplen : packet.original_length;
  packet.data = parts->content.first(packet.captured_length);
  return packet;
}

constexpr size_t zigbee_key_bytes = 16;

}  // namespace

std::optional<SectionHeader> parse_section_header(const Block& block) {
  const auto parts = parts_of(block, BlockType::section_header);
  if (!parts) return {};
  const u8* p = parts->fixed.data;
  return SectionHeader{load<u16>(p + 4, block.order), load<u16>(p + 6, block.order), i64(load<u64>(p + 8, block.order)), parts->options};
}

std::optional<InterfaceDescription> parse_interface_description(const Block& block) {
  const auto parts = parts_of(block, BlockType::interface_description);
  if (!parts) return {};
  return InterfaceDescription{load<u16>(parts->fixed.data, block.order), load<u32>(parts->fixed.data + 4, block.order), parts->options};
}

std::optional<PacketBlock> parse_packet(const Block& block, u32 snaplen) {
  if (block.type == BlockType::simple_packet) return parse_simple(block, snaplen);
  return block.is_packet() ? parse_with_time(block) : std::nullopt;
}

std::optional<NameResolution> parse_name_resolution(const Block& block) {
  if (block.type != BlockType::name_resolution) return {};
  const auto parts = split(block);
  return NameResolution{parts.content, parts.options};
}

std::optional<InterfaceStatistics> parse_interface_statistics(const Block& block) {
  const auto parts = parts_of(block, BlockType::interface_statistics);
  if (!parts) return {};
  return InterfaceStatistics{load<u32>(parts->fixed.data, block.order), halves(parts->fixed.data + 4, block.order), parts->options};
}

std::string_view name(SecretsType type) {
  switch (type) {
    case SecretsType::tls_key_log: return "tls_key_log";
    case SecretsType::ssh_key_log: return "ssh_key_log";
    case SecretsType::wireguard_key_log: return "wireguard_key_log";
    case SecretsType::zigbee_network_key: return "zigbee_network_key";
    case SecretsType::zigbee_aps_key: return "zigbee_aps_key";
    case SecretsType::opc_ua_key_log: return "opc_ua_key_log";
    case SecretsType::esp_sa: return "esp_sa";
  }
  return {};
}

std::optional<DecryptionSecrets> parse_decryption_secrets(const Block& block) {
  const auto parts = parts_of(block, BlockType::decryption_secrets);
  if (!parts || parts->damaged) return {};
  return DecryptionSecrets{SecretsType(load<u32>(parts->fixed.data, block.order)), parts->content, parts->options};
}

std::optional<ZigbeeNetworkKey> parse_zigbee_network_key(const DecryptionSecrets& secrets) {
  if (secrets.type != SecretsType::zigbee_network_key || secrets.secrets.size < zigbee_key_bytes + 2) return {};
  ZigbeeNetworkKey key;
  copy_bytes(key.key, secrets.secrets.data, zigbee_key_bytes);
  key.network = load_le<u16>(secrets.secrets.data + zigbee_key_bytes);
  return key;
}

std::optional<ZigbeeApsKey> parse_zigbee_aps_key(const DecryptionSecrets& secrets) {
  if (secrets.type != SecretsType::zigbee_aps_key || secrets.secrets.size < zigbee_key_bytes + 6) return {};
  ZigbeeApsKey key;
  copy_bytes(key.key, secrets.secrets.data, zigbee_key_bytes);
  const u8* p = secrets.secrets.data + zigbee_key_bytes;
  key.network = load_le<u16>(p), key.node_1 = load_le<u16>(p + 2), key.node_2 = load_le<u16>(p + 4);
  return key;
}

std::optional<JournalEntry> parse_journal_entry(const Block& block) {
  if (block.type != BlockType::systemd_journal_export) return {};
  auto text = block.body().text();
  while (text.ends_with('\0')) text.remove_suffix(1);
  return JournalEntry{text};
}

std::optional<CustomBlock> parse_custom(const Block& block) {
  const bool copy = block.type == BlockType::custom;
  const auto parts = parts_of(block, copy ? BlockType::custom : BlockType::custom_do_not_copy);
  if (!parts) return {};
  return CustomBlock{load<u32>(parts->fixed.data, block.order), copy, parts->content};
}

std::optional<ProcessInformation> parse_process_information(const Block& block) {
  const auto parts = parts_of(block, BlockType::process_information);
  if (!parts) return {};
  return ProcessInformation{load<u32>(parts->fixed.data, block.order), parts->options};
}

Bytes options_of(const Block& block) { return split(block).options; }

std::optional<NameRecord> NameWalk::next() {
  damaged_ = records_.size < 4;
  if (damaged_) return {};
  const u8* p = records_.data;
  const auto type = NameRecordType(load<u16>(p, order_));
  const size_t length = load<u16>(p + 2, order_), whole = 4 + ((length + 3) & ~size_t{3});
  if (type == NameRecordType::end) return {};
  damaged_ = records_.size < whole;
  if (damaged_) return {};
  const Bytes value = records_.slice(4, length);
  const size_t address = address_bytes(type);
  NameRecord record{.type = type, .address = value.first(address), .raw = records_.first(whole), .names = value.from(address).text()};
  record.damaged = address && (length < address || record.names.empty() || record.names.back() != '\0');
  records_ = records_.from(whole);
  return record;
}

std::string_view next_name(std::string_view& names) {
  const auto name = names.substr(0, names.find('\0'));
  names = without(names, name.size() + 1);
  return name;
}

}  // namespace trawl::inline v0
