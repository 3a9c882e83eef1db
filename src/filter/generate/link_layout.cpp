// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/link_layout.hpp"

namespace trawl::inline v0::filter {

namespace {

using S = Scheme;
constexpr u32 unset = LinkLayout::unset;

constexpr LinkLayout ether(LinkType link, u32 header, u32 tag) {
  return {.link = link,
          .scheme = S::ethernet,
          .header = header,
          .type = header + 12 + tag,
          .payload = header + 14 + tag,
          .network = 0,
          .network_bare = 3,
          .source = 6,
          .destination = 0,
          .vlan = true,
          .mpls = true,
          .llc = header == 0};
}
constexpr LinkLayout wlan(int link, Prefix prefix) {
  return {.link = LinkType(link),
          .scheme = S::wlan,
          .type = 24,
          .payload = 24,
          .network = 8,
          .network_bare = 3,
          .prefix = prefix,
          .vlan = prefix != Prefix::ppi,
          .llc = true};
}
constexpr LinkLayout plain(int link, Scheme scheme, u32 type, u32 payload, u32 network = 0, u32 bare = 0) {
  return {.link = LinkType(link), .scheme = scheme, .type = type, .payload = payload, .network = network, .network_bare = bare};
}
constexpr LinkLayout with_addresses(LinkLayout layout, u8 source, u8 destination, u8 size = 6) {
  layout.source = source, layout.destination = destination, layout.address_size = size;
  return layout;
}
constexpr LinkLayout with_llc(LinkLayout layout) { return layout.llc = true, layout; }
constexpr LinkLayout with_mpls(LinkLayout layout) { return layout.mpls = true, layout; }
constexpr LinkLayout with_prefix(LinkLayout layout, Prefix prefix) { return layout.prefix = prefix, layout; }
constexpr LinkLayout juniper(int link, u32 payload, u32 network, u32 bare) {
  return plain(link, S::juniper, unset, payload, network, bare);
}

// By LINKTYPE number: tcpdump.org/linktypes, and the headers that those pages name.
constexpr LinkLayout layouts[] = {
    plain(0, S::family_native, 0, 4),
    ether(LinkType::ethernet, 0, 0),
    with_llc(with_addresses(plain(6, S::llc, 14, 14, 8, 3), 8, 2)),    // token ring
    with_addresses(plain(7, S::arcnet, 2, 6), 0, 1, 1),
    plain(8, S::version, unset, 16),                                   // SLIP
    with_mpls(plain(9, S::ppp, 2, 4)),
    with_llc(with_addresses(plain(10, S::llc, 13, 13, 8, 3), 7, 1)),   // FDDI
    plain(50, S::ppp, 2, 4),
    plain(51, S::ppp, 6, 8),
    plain(99, S::ether_type, 6, 44),                                   // Symantec firewall
    with_llc(plain(100, S::llc, 0, 0, 8, 3)),                          // RFC 1483
    plain(101, S::version, unset, 0),
    plain(102, S::version, unset, 24),                                 // SLIP of BSD/OS
    plain(103, S::ppp_bsdos, 5, 24),
    with_mpls(plain(104, S::hdlc, 2, 4)),
    wlan(105, Prefix::none),
    plain(106, S::llc, 0, 0, 8, 3),                                    // classical IP over ATM
    plain(107, S::frame_relay, unset, 0),
    plain(108, S::family_big, 0, 4),
    plain(109, S::family_native, 0, 12),                               // OpenBSD IPsec
    with_mpls(plain(112, S::hdlc, 2, 4)),
    plain(113, S::cooked, 14, 16),
    plain(114, S::local_talk, unset, 0),
    with_prefix(plain(117, S::family_byte, 0, 0), Prefix::pflog),
    wlan(119, Prefix::prism),
    with_addresses(plain(122, S::llc, 16, 16, 8, 3), 10, 2),           // IP over Fibre Channel
    with_llc(plain(123, S::atm, 4, 4, 8, 3)),                          // SunATM
    wlan(127, Prefix::radiotap),
    with_addresses(plain(129, S::arcnet, 4, 8), 0, 1, 1),
    juniper(130, 4, 0, unset),
    juniper(131, 4, 0, unset),
    juniper(132, unset, unset, unset),
    juniper(133, 12, 0, unset),
    juniper(134, 4, 0, unset),
    juniper(135, 8, 0, 10),
    juniper(136, unset, unset, unset),
    juniper(137, 4, 0, 10),
    plain(138, S::ether_type, 16, 18),                                 // IP over FireWire
    wlan(163, Prefix::avs),
    juniper(164, 12, 0, unset),
    with_addresses({.link = LinkType{165}}, 4, 3, 1),                  // BACnet MS/TP
    plain(166, S::ppp, 2, 4),
    juniper(167, 14, 18, 21),
    juniper(168, 6, 0, unset),
    juniper(178, 14, 18, 21),
    juniper(179, 4, 0, unset),
    juniper(180, 4, 0, unset),
    juniper(181, 4, 0, unset),
    juniper(183, unset, unset, unset),
    wlan(192, Prefix::ppi),
    juniper(194, unset, unset, unset),
    juniper(200, unset, unset, unset),
    plain(226, S::ipnet, 1, 24, 0, unset),
    plain(228, S::ipv4, unset, 0),
    plain(229, S::ipv6, unset, 0),
    juniper(232, unset, unset, unset),
    juniper(233, unset, unset, unset),
    juniper(234, unset, unset, unset),
    juniper(238, unset, unset, unset),
    ether(LinkType{240}, 4, 0),                                        // netANALYZER
    ether(LinkType{241}, 12, 0),
    plain(276, S::cooked, 0, 20),
    with_llc(ether(LinkType{281}, 0, 4)),                              // DSA tags: Broadcom, Marvell
    with_llc(ether(LinkType{284}, 0, 4)),
};

constexpr DirectionField directions[] = {
    {.link = LinkType{8}, .offset = 0, .size = 1, .mask = 0xff, .in = 0, .out = 1},
    {.link = LinkType::linux_sll, .offset = 0, .size = 2, .mask = 0xffff, .in = 0, .out = 4, .not_out = true},
    {.link = LinkType{117}, .offset = 60, .size = 1, .mask = 0xff, .in = 1, .out = 2},
    {.link = LinkType{166}, .offset = 0, .size = 1, .mask = 0xff, .in = 0, .out = 1},
    {.link = LinkType{226}, .offset = 2, .size = 2, .mask = 0xffff, .in = 2, .out = 1},
    {.link = LinkType::linux_sll2, .offset = 10, .size = 1, .mask = 0xff, .in = 0, .out = 4, .not_out = true},
    {.link = LinkType{281}, .offset = 12, .size = 1, .mask = 0xe0, .in = 0x00, .out = 0x20},
    {.link = LinkType{284}, .offset = 12, .size = 1, .mask = 0xc0, .in = 0x00, .out = 0x40, .in_mask = 0x40},
};
constexpr DirectionField juniper_direction{.link = {}, .offset = 3, .size = 1, .mask = 1, .in = 1, .out = 0};

constexpr Ss7Layout ss7_layouts[] = {
    {LinkType{140}, 2, 4, 3, 4, 4, 7},        // MTP2
    {LinkType{139}, 6, 8, 7, 8, 8, 11},       // with a pseudo-header
    {LinkType{197}, 22, 24, 23, 24, 24, 27},  // in Endace ERF
};

template <size_t N, class T> const T* find(const T (&table)[N], LinkType link) {
  for (const T& entry : table)
    if (entry.link == link) return &entry;
  return nullptr;
}

}  // namespace

const LinkLayout& layout_of(LinkType link) {
  static constexpr LinkLayout unknown{.link = {}};
  const LinkLayout* found = find(layouts, link);
  return found ? *found : unknown;
}

const DirectionField* direction_of(LinkType link) {
  if (layout_of(link).scheme == Scheme::juniper) return &juniper_direction;
  return find(directions, link);
}

const Ss7Layout* ss7_layout_of(LinkType link) { return find(ss7_layouts, link); }

}  // namespace trawl::inline v0::filter
