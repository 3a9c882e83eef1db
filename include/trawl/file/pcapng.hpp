// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The blocks and options of pcapng files (draft-ietf-opsawg-pcapng): borrowed views, nothing is copied.
#pragma once
#include <optional>

#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {

enum class BlockType : u32 {
  interface_description = 1,
  packet = 2,  ///< obsolete
  simple_packet = 3,
  name_resolution = 4,
  interface_statistics = 5,
  enhanced_packet = 6,
  systemd_journal_export = 9,
  decryption_secrets = 10,
  custom = 0x0bad,
  custom_do_not_copy = 0x40000bad,
  section_header = 0x0a0d0d0a,
};
/// "enhanced_packet"; empty for a type that is not in the list above.
TRAWL_API std::string_view name(BlockType type);

/// Codes that mean the same in every block, and those of the blocks that trawl reads and writes.
namespace option_code {
inline constexpr u16 end = 0, comment = 1, custom_text = 2988, custom_bytes = 2989, custom_text_no_copy = 19372,
                     custom_bytes_no_copy = 19373;
namespace section {
inline constexpr u16 hardware = 2, operating_system = 3, application = 4;
}
namespace interface {
inline constexpr u16 name = 2, description = 3, ipv4 = 4, ipv6 = 5, mac = 6, eui = 7, speed = 8, resolution = 9, time_zone = 10,
                     filter = 11, operating_system = 12, fcs_length = 13, time_offset = 14, hardware = 15, transmit_speed = 16,
                     receive_speed = 17;
}
namespace packet {
inline constexpr u16 flags = 2, hash = 3, drops = 4, id = 5, queue = 6, verdict = 7, process_thread = 8;
}
namespace statistics {
inline constexpr u16 start_time = 2, end_time = 3, received = 4, dropped = 5, filter_accepted = 6, os_dropped = 7, delivered = 8;
}
}  // namespace option_code

/// One option; `raw` is the whole of it with header and padding.
struct Option {
  u16 code = 0;
  Bytes value, raw;
  /// The value up to its first NUL byte. UTF-8 is not guaranteed.
  std::string_view text() const { return value.text().substr(0, value.text().find('\0')); }
};

/// Walks options in order. Ends at opt_endofopt, at the end of the bytes, or at an option that would leave them.
class OptionWalk {
 public:
  constexpr OptionWalk(Bytes options, Order order) : options_(options), order_(order) {}
  constexpr std::optional<Option> next() {
    if (options_.size - at_ < 4) return end(options_.size != at_);
    const u8* p = options_.data + at_;
    const u16 code = load<u16>(p, order_), length = load<u16>(p + 2, order_);
    if (code == option_code::end) return end(length != 0);
    const size_t padded = 4 + ((size_t{length} + 3) & ~size_t{3});
    if (padded > options_.size - at_) return end(true);
    const Option found{code, options_.slice(at_ + 4, length), options_.slice(at_, padded)};
    at_ += padded;
    return found;
  }
  /// The options seen so far, opt_endofopt left out.
  constexpr Bytes good() const { return options_.first(at_); }
  /// They ended in the middle of an option, or opt_endofopt had a length. Known once next() gave nothing.
  constexpr bool damaged() const { return damaged_; }

 private:
  constexpr std::optional<Option> end(bool damaged) {
    damaged_ |= damaged;
    options_ = options_.first(at_);  // so that it stays the end
    return {};
  }
  Bytes options_;
  Order order_;
  size_t at_ = 0;
  bool damaged_ = false;
};

/// A whole block. Its first 8 and last 4 bytes have been checked: the lengths agree and are multiples of 4.
struct Block {
  BlockType type = BlockType::section_header;
  Order order = Order::little;
  u32 section = 0;     ///< from 0
  u64 offset = 0;      ///< in the file
  Bytes raw;

  constexpr Bytes body() const { return raw.slice(8, raw.size - 12); }
  constexpr bool is_packet() const {
    return type == BlockType::enhanced_packet || type == BlockType::simple_packet || type == BlockType::packet;
  }
};

// Views of the fixed parts. Each parse function gives nothing when the block is of another type or too short for itself.

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
struct InterfaceStatistics {
  u32 interface = 0;
  u64 ticks = 0;
  Bytes options;
};
struct DecryptionSecrets {
  u32 type = 0;       ///< 0x544c534b: TLS key log
  Bytes secrets, options;
};

TRAWL_API std::optional<SectionHeader> parse_section_header(const Block& block);
TRAWL_API std::optional<InterfaceDescription> parse_interface_description(const Block& block);
/// `snaplen`: of interface 0, which bounds what a simple packet block holds; 0: none.
TRAWL_API std::optional<PacketBlock> parse_packet(const Block& block, u32 snaplen = 0);
TRAWL_API std::optional<InterfaceStatistics> parse_interface_statistics(const Block& block);
TRAWL_API std::optional<DecryptionSecrets> parse_decryption_secrets(const Block& block);
/// The options of a block of any known type; empty for others.
TRAWL_API Bytes options_of(const Block& block);

}  // namespace trawl::inline v0
