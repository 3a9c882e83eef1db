// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The number spaces that several protocols share. A space that only one protocol uses stands in that protocol's file.
#pragma once
#include "trawl/core/link_type.hpp"
#include "trawl/wire/space.hpp"

namespace trawl::inline v0::wire {

template <> inline constexpr Space space<LinkType>{"LinkType"};

/// IEEE Registration Authority, EtherType.
struct EtherTypes {
  enum Number : u16 {
    ipv4 = 0x0800, arp = 0x0806, transparent_ethernet = 0x6558, vlan = 0x8100, ipv6 = 0x86dd, provider_vlan = 0x88a8, old_qinq = 0x9100,
  };
};
using EtherType = EtherTypes::Number;
inline constexpr ValueName ether_type_names[] = {
    {0x0800, "IPv4"}, {0x0806, "ARP"}, {0x6558, "Transparent Ethernet Bridging"}, {0x8100, "802.1Q Virtual LAN"}, {0x86dd, "IPv6"},
    {0x8847, "MPLS label switched packet"}, {0x8863, "PPPoE Discovery"}, {0x8864, "PPPoE Session"}, {0x888e, "802.1X Authentication"},
    {0x88a8, "802.1ad Provider Bridge"}, {0x88cc, "802.1 Link Layer Discovery Protocol (LLDP)"}, {0x88e5, "802.1AE (MACsec)"}, {0x9100, "QinQ: old non-standard 802.1ad"}};
template <> inline constexpr Space space<EtherType>{"EtherType", ether_type_names};

/// IANA, Assigned Internet Protocol Numbers.
struct IpProtocols {
  enum Number : u8 {
    hop_by_hop = 0, icmp = 1, igmp = 2, ipv4 = 4, tcp = 6, udp = 17, dccp = 33, ipv6 = 41, routing = 43, fragment = 44, gre = 47, esp = 50, ah = 51,
    icmpv6 = 58, no_next_header = 59, destination_options = 60, ospf = 89, pim = 103, vrrp = 112, sctp = 132, mobility = 135, udp_lite = 136,
  };
};
using IpProtocol = IpProtocols::Number;
inline constexpr ValueName ip_protocol_names[] = {
    {0, "IPv6 Hop-by-Hop Option"}, {1, "ICMP"}, {2, "IGMP"}, {4, "IPIP"}, {6, "TCP"}, {8, "EGP"}, {9, "IGP"}, {17, "UDP"}, {33, "DCCP"}, {41, "IPv6"},
    {43, "Routing Header for IPv6"}, {44, "Fragment Header for IPv6"}, {46, "RSVP"}, {47, "Generic Routing Encapsulation"}, {50, "Encap Security Payload"},
    {51, "Authentication Header"}, {58, "ICMPv6"}, {59, "IPv6 no next header"}, {60, "Destination Options for IPv6"}, {88, "EIGRP"}, {89, "OSPF IGP"},
    {94, "IPIP"}, {97, "Ethernet-within-IP Encapsulation"}, {103, "PIM"}, {108, "PayloadComp"}, {112, "VRRP"}, {115, "Layer 2 Tunneling"}, {132, "SCTP"}, {136, "UDPlite"}};
template <> inline constexpr Space space<IpProtocol>{"IpProtocol", ip_protocol_names};

/// IANA, Service Name and Transport Protocol Port Number Registry: those that something listens on here.
struct TcpPorts { enum Number : u16 { dns = 53 }; };
using TcpPort = TcpPorts::Number;
template <> inline constexpr Space space<TcpPort>{"TcpPort"};

struct UdpPorts { enum Number : u16 { dns = 53, vxlan = 4789, mdns = 5353, llmnr = 5355 }; };
using UdpPort = UdpPorts::Number;
template <> inline constexpr Space space<UdpPort>{"UdpPort"};

/// The first four bits of an IP packet, where nothing else says which IP it is (LINKTYPE_RAW).
struct IpVersions { enum Number : u8 { v4 = 4, v6 = 6 }; };
using IpVersion = IpVersions::Number;
template <> inline constexpr Space space<IpVersion>{"IpVersion"};

}  // namespace trawl::inline v0::wire
