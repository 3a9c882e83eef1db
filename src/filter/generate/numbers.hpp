// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Numbers of protocols that filters look for.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::filter {

namespace ether_type {
inline constexpr u32 ipv4 = 0x0800, arp = 0x0806, bridged = 0x6558, vlan = 0x8100, service_vlan = 0x88a8, qinq = 0x9100, ipv6 = 0x86dd,
                     rarp = 0x8035, ipx = 0x8137, appletalk = 0x809b, aarp = 0x80f3, mop_dump = 0x6001, mop_console = 0x6002,
                     decnet = 0x6003, lat = 0x6004, sca = 0x6007, mpls = 0x8847, pppoe_discovery = 0x8863, pppoe_session = 0x8864;
}
namespace sap {
inline constexpr u32 iso = 0xfe, stp = 0x42, ipx = 0xe0, netbeui = 0xf0, ip = 0x06;
}
/// ISO/IEC 9577
namespace nlpid {
inline constexpr u32 clnp = 0x81, esis = 0x82, isis = 0x83, ipv6 = 0x8e, ipv4 = 0xcc;
}
namespace ip_number {
inline constexpr u32 hop_by_hop = 0, tcp = 6, udp = 17, routing = 43, fragment = 44, ah = 51, icmpv6 = 58, none = 59, destination = 60,
                     sctp = 132;
}

inline constexpr u32 max_802_3_length = 1500;  ///< IEEE 802.3 3.2.6: larger is an EtherType

}  // namespace trawl::inline v0::filter
