// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Blocks of pcapng files (draft-ietf-opsawg-pcapng 3.1), whole and borrowed.
#pragma once
#include <span>
#include <string_view>

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
  process_information = 0x80000001,  ///< Apple's, in the range for local use
  section_header = 0x0a0d0d0a,
};

/// What stands in a block behind its fixed numbers.
enum class BlockBody : u8 {
  options,
  data,     ///< bytes, as many as BlockSpec::length_at says, options
  names,    ///< name records up to one of type 0, options
  opaque,
};
/// Everything that the parser, the writer and the change of byte order must know of a block.
struct BlockSpec {
  BlockType type;
  std::string_view name;    ///< "enhanced_packet"
  std::string_view fixed;   ///< widths of the numbers that the body begins with, a digit each
  BlockBody body;
  u8 length_at = 0;         ///< where in the fixed part the length of the data stands

  constexpr size_t fixed_bytes() const {
    size_t sum = 0;
    for (const char width : fixed) sum += size_t(width - '0');
    return sum;
  }
};
TRAWL_API std::span<const BlockSpec> block_specs();
/// Null for types that are not in the draft.
TRAWL_API const BlockSpec* find_block(BlockType type);
/// Empty for a type that is not in the list above.
TRAWL_API std::string_view name(BlockType type);

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

/// The body of a block in its three parts. Damaged: a length in it leads out of the block; `content` is cut then.
struct BlockParts {
  Bytes fixed;     ///< empty when the block is too short for its numbers; the rest is then empty as well
  Bytes content;   ///< packet, secrets, name records or, for opaque blocks, everything
  Bytes options;
  bool damaged = false;
};
TRAWL_API BlockParts split(const Block& block);

/// Turns the byte order of a whole block in place: of all numbers, those in options of known meaning included. Unknown
/// blocks have their type and lengths turned only. Twice is as if it had not been, unless options leave the block.
/// @param from the order that the block has now
TRAWL_API void reverse_block(std::span<u8> raw, Order from);

}  // namespace trawl::inline v0
