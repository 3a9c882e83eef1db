// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What the blocks of the draft say, as borrowed views. Each parse function gives nothing when the block is of another type
/// or too short for itself; encode() (builder.hpp) is the way back.
#pragma once
#include <optional>

#include "trawl/file/pcapng/block.hpp"
#include "trawl/file/pcapng/option.hpp"

namespace trawl::inline v0 {

struct SectionHeader {
  u16 major = 1, minor = 0;
  i64 length = -1;  ///< of what follows, in bytes; -1: not known
  Bytes options;
};
struct InterfaceDescription {
  u16 link_type = 0;
  u32 snaplen = 0;  ///< 0: no limit
  Bytes options;
};
/// Enhanced, simple and obsolete packet blocks alike.
struct PacketBlock {
  u32 interface = 0;  ///< of its section
  bool has_time = true;
  u64 ticks = 0;      ///< in units of the interface
  u32 captured_length = 0, original_length = 0;
  u16 drops = 0xffff; ///< 0xffff: not known; obsolete packet blocks only
  Bytes data;         ///< as much as the block holds: less than captured_length when that is wrong
  Bytes options;
};
struct NameResolution {
  Bytes records, options;  ///< see NameWalk
};
struct InterfaceStatistics {
  u32 interface = 0;
  u64 ticks = 0;
  Bytes options;
};

enum class SecretsType : u32 {
  tls_key_log = 0x544c534b,
  ssh_key_log = 0x5353484b,
  wireguard_key_log = 0x57474b4c,
  zigbee_network_key = 0x5a4e574b,
  zigbee_aps_key = 0x5a415053,
  opc_ua_key_log = 0x55414b4c,
  esp_sa = 0x45535053,
};
/// "tls_key_log"; empty for a type that is not in the list above.
TRAWL_API std::string_view name(SecretsType type);
struct DecryptionSecrets {
  SecretsType type = SecretsType::tls_key_log;
  Bytes secrets, options;
};
/// The two binary kinds of secrets; their numbers are little-endian in any section.
struct ZigbeeNetworkKey {
  u8 key[16] = {};
  u16 network = 0;
};
struct ZigbeeApsKey {
  u8 key[16] = {};
  u16 network = 0, node_1 = 0, node_2 = 0;
};
TRAWL_API std::optional<ZigbeeNetworkKey> parse_zigbee_network_key(const DecryptionSecrets& secrets);
TRAWL_API std::optional<ZigbeeApsKey> parse_zigbee_aps_key(const DecryptionSecrets& secrets);

struct JournalEntry {
  std::string_view text;   ///< as `journalctl -o export` writes one entry; padding left out
};
/// What a vendor keeps there. Options may follow the data; only the vendor knows where.
struct CustomBlock {
  u32 enterprise = 0;      ///< IANA private enterprise number
  bool may_be_copied = true;
  Bytes data;
};
struct ProcessInformation {
  u32 process = 0;
  Bytes options;
};

TRAWL_API std::optional<SectionHeader> parse_section_header(const Block& block);
TRAWL_API std::optional<InterfaceDescription> parse_interface_description(const Block& block);
/// `snaplen`: of interface 0, which bounds what a simple packet block holds; 0: none.
TRAWL_API std::optional<PacketBlock> parse_packet(const Block& block, u32 snaplen = 0);
TRAWL_API std::optional<NameResolution> parse_name_resolution(const Block& block);
TRAWL_API std::optional<InterfaceStatistics> parse_interface_statistics(const Block& block);
TRAWL_API std::optional<DecryptionSecrets> parse_decryption_secrets(const Block& block);
TRAWL_API std::optional<JournalEntry> parse_journal_entry(const Block& block);
TRAWL_API std::optional<CustomBlock> parse_custom(const Block& block);
TRAWL_API std::optional<ProcessInformation> parse_process_information(const Block& block);
/// The options of a block of any known type; empty for others.
TRAWL_API Bytes options_of(const Block& block);

enum class NameRecordType : u16 { end, ipv4, ipv6, eui48, eui64 };
/// One address and its names.
struct NameRecord {
  NameRecordType type = NameRecordType::ipv4;
  Bytes address, raw;       ///< raw: header and padding included
  std::string_view names;   ///< each ends with a NUL byte; next_name() takes one off
  bool damaged = false;     ///< shorter than its address, or no NUL at the end
};
/// Bytes of an address of this type; 0: not known.
constexpr size_t address_bytes(NameRecordType type) {
  constexpr u8 sizes[] = {0, 4, 16, 6, 8};
  return size_t(type) < sizeof sizes ? sizes[size_t(type)] : 0;
}
/// Walks the records of a name resolution block, as far as they stay in it. Unknown types are given too.
class NameWalk {
 public:
  constexpr NameWalk(Bytes records, Order order) : records_(records), order_(order) {}
  TRAWL_API std::optional<NameRecord> next();
  /// No record of type 0 at the end, or one that leaves the block. Known once next() gave nothing.
  constexpr bool damaged() const { return damaged_; }

 private:
  Bytes records_;
  Order order_;
  bool damaged_ = false;
};
/// The first of `names`, which loses it.
TRAWL_API std::string_view next_name(std::string_view& names);

}  // namespace trawl::inline v0
