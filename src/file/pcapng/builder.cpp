// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/pcapng/builder.hpp"

#include "file/pcapng/option_layout.hpp"
#include "file/recognize.hpp"

namespace trawl::inline v0 {
namespace {

constexpr size_t padded(size_t size) { return (size + 3) & ~size_t{3}; }

void store_number(u8* p, u64 value, unsigned width, Order order) {
  switch (width) {
    case 1: *p = u8(value); return;
    case 4: store(p, u32(value), order); return;
    default: store(p, value, order); return;
  }
}

}  // namespace

OptionBuilder& OptionBuilder::add(u16 code, Bytes value) {
  value = value.first(0xffff);
  const size_t start = bytes_.size();
  bytes_.resize(start + 4 + padded(value.size));
  u8* p = bytes_.data() + start;
  store(p, code, order_);
  store(p + 2, u16(value.size), order_);
  copy_bytes(p + 4, value.data, value.size);
  return *this;
}

OptionBuilder& OptionBuilder::add(const OptionSpec& which, const OptionValue& value) {
  const OptionLayout layout = layout_of(which.kind);
  u8 numbers[9];
  size_t size = size_t{layout.width} * layout.count;
  const bool halves = which.kind == OptionKind::halves;
  if (layout.count) store_number(numbers, halves ? value.number >> 32 : value.number, layout.width, order_);
  if (layout.count == 2) store_number(numbers + layout.width, halves ? value.number : value.second, layout.width, order_);
  if (which.kind == OptionKind::verdict && value.bytes.empty() && (value.number == 1 || value.number == 2))
    store(numbers + 1, value.second, order_), size = 9;
  std::vector<u8> whole(numbers, numbers + size);
  whole.insert(whole.end(), value.bytes.begin(), value.bytes.end());
  if (which.kind == OptionKind::ipv4_net) whole.resize(8), store_be(whole.data() + 4, u32(value.number));
  if (which.kind == OptionKind::ipv6_net) whole.resize(17), whole[16] = u8(value.number);
  return add(which.code, Bytes(whole));
}

OptionBuilder& OptionBuilder::add_unless_empty(const OptionOf<std::string_view>& which, std::string_view text) {
  return text.empty() ? *this : add(which, text);
}

OptionBuilder& OptionBuilder::copy(Bytes options, Order order, BlockType type, u16 but_not) {
  OptionWalk walk(options, order);
  while (const auto found = walk.next()) {
    if (found->code == but_not && but_not != end_of_options) continue;
    const size_t start = bytes_.size();
    bytes_.insert(bytes_.end(), found->raw.begin(), found->raw.end());
    if (order != order_) reverse_options(bytes_.data() + start, found->raw.size, order, type);
  }
  return *this;
}

Bytes OptionBuilder::finish() {
  if (!bytes_.empty()) bytes_.resize(bytes_.size() + 4);
  return bytes_;
}

BlockBuilder::BlockBuilder(BlockType type, Order order) : order_(order) { number(u32(type)).number(u32{0}); }

BlockBuilder& BlockBuilder::data(Bytes bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  bytes_.resize(padded(bytes_.size()));
  return *this;
}

std::vector<u8> BlockBuilder::finish() {
  const u32 size = u32(padded(bytes_.size()) + 4);
  bytes_.resize(size);
  store(bytes_.data() + 4, size, order_);
  store(bytes_.data() + size - 4, size, order_);
  return std::move(bytes_);
}

std::vector<u8> encode(const SectionHeader& header, Order order) {
  return BlockBuilder(BlockType::section_header, order)
      .number(byte_order_magic)
      .number(header.major)
      .number(header.minor)
      .number(u64(header.length))
      .options(header.options)
      .finish();
}
std::vector<u8> encode(const InterfaceDescription& interface, Order order) {
  return BlockBuilder(BlockType::interface_description, order)
      .number(interface.link_type)
      .number(u16{0})
      .number(interface.snaplen)
      .options(interface.options)
      .finish();
}
std::vector<u8> encode(const PacketBlock& packet, Order order, BlockType type) {
  BlockBuilder block(type, order);
  if (type == BlockType::simple_packet) return block.number(packet.original_length).data(packet.data).finish();
  if (type == BlockType::packet) block.number(u16(packet.interface)).number(packet.drops);
  else block.number(packet.interface);
  return block.number(u32(packet.ticks >> 32))
      .number(u32(packet.ticks))
      .number(u32(packet.data.size))
      .number(packet.original_length)
      .data(packet.data)
      .options(packet.options)
      .finish();
}
std::vector<u8> encode(const NameResolution& names, Order order) {
  return BlockBuilder(BlockType::name_resolution, order).data(names.records).options(names.options).finish();
}
std::vector<u8> encode(const InterfaceStatistics& statistics, Order order) {
  return BlockBuilder(BlockType::interface_statistics, order)
      .number(statistics.interface)
      .number(u32(statistics.ticks >> 32))
      .number(u32(statistics.ticks))
      .options(statistics.options)
      .finish();
}
std::vector<u8> encode(const DecryptionSecrets& secrets, Order order) {
  return BlockBuilder(BlockType::decryption_secrets, order)
      .number(u32(secrets.type))
      .number(u32(secrets.secrets.size))
      .data(secrets.secrets)
      .options(secrets.options)
      .finish();
}
std::vector<u8> encode(const JournalEntry& entry, Order order) {
  return BlockBuilder(BlockType::systemd_journal_export, order).data(Bytes::of(entry.text)).finish();
}
std::vector<u8> encode(const CustomBlock& block, Order order) {
  const auto type = block.may_be_copied ? BlockType::custom : BlockType::custom_do_not_copy;
  return BlockBuilder(type, order).number(block.enterprise).data(block.data).finish();
}
std::vector<u8> encode(const ProcessInformation& process, Order order) {
  return BlockBuilder(BlockType::process_information, order).number(process.process).options(process.options).finish();
}
std::vector<u8> encode(const ZigbeeNetworkKey& key, Order order) {
  u8 secrets[18];
  copy_bytes(secrets, key.key, 16);
  store_le(secrets + 16, key.network);
  return encode(DecryptionSecrets{SecretsType::zigbee_network_key, secrets, {}}, order);
}
std::vector<u8> encode(const ZigbeeApsKey& key, Order order) {
  u8 secrets[22];
  copy_bytes(secrets, key.key, 16);
  store_le(secrets + 16, key.network), store_le(secrets + 18, key.node_1), store_le(secrets + 20, key.node_2);
  return encode(DecryptionSecrets{SecretsType::zigbee_aps_key, secrets, {}}, order);
}

NameBuilder& NameBuilder::add(NameRecordType type, Bytes address, std::span<const std::string_view> names) {
  std::vector<u8> value(address.begin(), address.end());
  for (const auto name : names) {
    value.insert(value.end(), name.begin(), name.end());
    value.push_back(0);
  }
  value.resize(std::min<size_t>(value.size(), 0xffff));
  OptionBuilder record_builder(order_);  // laid out as an option is
  const Bytes record = record_builder.add(u16(type), Bytes(value)).bytes();
  bytes_.insert(bytes_.end(), record.begin(), record.end());
  return *this;
}

Bytes NameBuilder::finish() {
  bytes_.resize(bytes_.size() + 4);
  return bytes_;
}

}  // namespace trawl::inline v0
