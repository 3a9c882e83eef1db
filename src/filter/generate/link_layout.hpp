// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Where things stand in frames of each link type.
#pragma once
#include "trawl/core/error.hpp"
#include "trawl/core/link_type.hpp"

namespace trawl::inline v0::filter {

/// How a frame says what it carries.
enum class Scheme : u8 {
  none,           ///< no way to tell: only tests of bytes and lengths work
  ethernet,       ///< EtherType, or a length up to 1500 with LLC behind it
  cooked,         ///< EtherType, or Linux's number 4 with LLC, 1 with raw IPX
  llc,            ///< LLC, and SNAP behind it
  wlan,           ///< 802.11: LLC in data frames
  atm,            ///< LLC where the protocol discriminator says so
  ether_type,     ///< EtherType and nothing else
  hdlc,           ///< EtherType, or fe fe for OSI
  ppp,            ///< PPP protocol
  ppp_bsdos,      ///< the same, and IP may be compressed
  version,        ///< the first four bits of the frame: 4 or 6
  ipv4,
  ipv6,           ///< always this
  family_native,  ///< a BSD address family in the writer's byte order,
  family_big,     ///< in network order,
  family_byte,    ///< or in the second byte
  arcnet,         ///< ARCNET's own numbers
  local_talk,     ///< always AppleTalk
  frame_relay,    ///< NLPID behind the address
  juniper,        ///< no type: any packet that begins with the magic number
  ipnet,          ///< Solaris's address families
};

/// Where Linux puts headers in front of 802.11 and how long they are.
enum class Prefix : u8 { none, radiotap, avs, prism, ppi, pflog };

struct LinkLayout {
  static constexpr u32 unset = ~u32{};
  static constexpr u8 no_address = 0xff;

  LinkType link;
  Scheme scheme = Scheme::none;
  u32 header = 0;            ///< of the link header
  u32 type = unset;          ///< of the field that tells the type
  u32 payload = unset;       ///< behind the link header: where LLC would be
  u32 network = unset;       ///< of the network header behind `payload`; most have SNAP in between, so 8
  u32 network_bare = unset;  ///< the same behind an LLC header alone
  Prefix prefix = Prefix::none;
  u8 source = no_address, destination = no_address;  ///< of the link addresses, from `header`
  u8 address_size = 6;
  bool vlan = false, mpls = false, llc = false;      ///< may these words be used?
};

/// A layout of Scheme::none for link types that are not in the table.
const LinkLayout& layout_of(LinkType link);

/// How a frame of a link type says which way it went.
struct DirectionField {
  LinkType link;
  u8 offset, size;
  u32 mask, in, out;
  u32 in_mask = 0;          ///< for `inbound`, where it differs from `mask`
  bool not_out = false;     ///< inbound is whatever is not outbound
};
/// @return null where only a live capture knows
const DirectionField* direction_of(LinkType link);

/// Where the fields of MTP stand: length indicator, of a high-speed link, service information octet, point codes, link selection.
struct Ss7Layout {
  LinkType link;
  u8 length, long_length, service, origin, destination, selection;
};
const Ss7Layout* ss7_layout_of(LinkType link);

}  // namespace trawl::inline v0::filter
