// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Where a damaged file can be read on.
#pragma once
#include "file/parsing.hpp"

namespace trawl::inline v0 {

/// What is known of the file before the damage.
struct BeforeDamage {
  enum class Records : u8 { none, pcap, pcapng } records = Records::none;
  Order order = Order::little;
  u32 header = 16;               ///< bytes of a pcap record header
  u32 fractions = 1'000'000;     ///< in a second
  bool swapped = false;          ///< pcap's lengths stand the other way round
  std::optional<i64> seconds;    ///< time of the last packet
};

struct Resumption {
  enum class Kind : u8 {
    record,               ///< of the kind that was read before
    file_header,
    section_header,       ///< pcapng
    bare_section_header,  ///< its block type is damaged
  };
  size_t at = 0;
  Kind kind = Kind::record;
};

/// Bytes behind a place that are enough to judge it.
inline constexpr size_t recovery_look_ahead = 1u << 20;

/// The first place in `bytes`, up to `limit`, where something begins that can be read.
/// @param ended nothing comes behind `bytes`
std::optional<Resumption> find_resumption(Bytes bytes, size_t limit, bool ended, const BeforeDamage& before, u32 max_packet_bytes);

}  // namespace trawl::inline v0
