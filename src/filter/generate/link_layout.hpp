// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Where things stand in frames of each link type.
#pragma once
#include "trawl/core/error.hpp"
#include "trawl/core/link_type.hpp"

namespace trawl::inline v0::filter {

/// How a frame says what it carries.
enum class TypeField : u8 {
  ethernet,   ///< EtherType, or a length up to 1500 with LLC behind it
  cooked,     ///< EtherType, or Linux's number 4 with LLC, 1 with raw IPX
  version,    ///< the first four bits: 4 or 6
  ipv4,
  ipv6, ///< always this
  family_native,
  family_big,  ///< the address family of some system, in its byte order or in network order
  none,       ///< no way to tell: only tests of bytes and lengths work
};

struct LinkLayout {
  LinkType link;
  TypeField field = TypeField::none;
  u8 type_offset = 0;       ///< of that field
  u8 payload_offset = 0;    ///< of the network header
  bool has_mac = false;     ///< destination at 0, source at 6
  bool has_vlan = false;
  i8 packet_type_offset = -1;  ///< of Linux's packet type
  u8 packet_type_size = 0;
  i8 ifindex_offset = -1;
};

/// A layout of TypeField::none for link types that are not in the table.
constexpr LinkLayout layout_of(LinkType link) {
  constexpr LinkLayout layouts[] = {
      {.link = LinkType::ethernet,
       .field = TypeField::ethernet,
       .type_offset = 12,
       .payload_offset = 14,
       .has_mac = true,
       .has_vlan = true},
      {.link = LinkType::linux_sll,
       .field = TypeField::cooked,
       .type_offset = 14,
       .payload_offset = 16,
       .packet_type_offset = 0,
       .packet_type_size = 2},
      {.link = LinkType::linux_sll2,
       .field = TypeField::cooked,
       .payload_offset = 20,
       .packet_type_offset = 10,
       .packet_type_size = 1,
       .ifindex_offset = 4},
      {.link = LinkType::raw, .field = TypeField::version},
      {.link = LinkType::ipv4, .field = TypeField::ipv4},
      {.link = LinkType::ipv6, .field = TypeField::ipv6},
      {.link = LinkType::null, .field = TypeField::family_native, .payload_offset = 4},
      {.link = LinkType::loop, .field = TypeField::family_big, .payload_offset = 4},
  };
  for (const LinkLayout& layout : layouts)
    if (layout.link == link) return layout;
  return {.link = link};
}

}  // namespace trawl::inline v0::filter
