// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Link types: what the first byte of a frame belongs to. Numbers are LINKTYPE values, as files carry them.
#pragma once
#include <optional>
#include <span>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

/// Any 16-bit number is a link type; those without a name are kept as they are.
enum class LinkType : u16 {
  null = 0,
  ethernet = 1,
  ppp = 9,
  raw = 101,
  ieee802_11 = 105,
  loop = 108,
  linux_sll = 113,
  ieee802_11_radiotap = 127,
  ipv4 = 228,
  ipv6 = 229,
  linux_sll2 = 276,
};

/// One line of the registry at tcpdump.org (linktypes).
struct LinkTypeEntry {
  LinkType number;
  std::string_view linktype_name;  ///< "ETHERNET": LINKTYPE_ is left out
  std::string_view dlt_name;       ///< "EN10MB": DLT_ is left out
  u16 dlt;                         ///< the DLT number on Linux, which differs for a few (RAW: 12 and 101)
  std::string_view description;    ///< empty where the registry has none
};
/// All registered link types, by number.
TRAWL_API std::span<const LinkTypeEntry> link_types();
/// @return null for an unregistered number
TRAWL_API const LinkTypeEntry* find_link_type(LinkType type);
/// A DLT or LINKTYPE name in any case, with or without its prefix, or a LINKTYPE number.
TRAWL_API std::optional<LinkType> parse_link_type(std::string_view text);
/// The DLT name; empty for an unregistered number.
TRAWL_API std::string_view name(LinkType type);

}  // namespace trawl::inline v0
