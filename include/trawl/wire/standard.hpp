// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The one list of all built-in protocols, options and records that are found by number. The first ones are the compiled
/// chain (dissect/), in its order.
#pragma once
#include "trawl/wire/app/dns.hpp"
#include "trawl/wire/catalog.hpp"
#include "trawl/wire/link/ethernet.hpp"
#include "trawl/wire/link/llc.hpp"
#include "trawl/wire/link/null.hpp"
#include "trawl/wire/link/radiotap.hpp"
#include "trawl/wire/link/raw.hpp"
#include "trawl/wire/link/sll.hpp"
#include "trawl/wire/link/vlan.hpp"
#include "trawl/wire/net/arp.hpp"
#include "trawl/wire/net/icmp.hpp"
#include "trawl/wire/net/icmpv6.hpp"
#include "trawl/wire/net/ipv4.hpp"
#include "trawl/wire/net/ipv6.hpp"
#include "trawl/wire/net/ipv6_extensions.hpp"
#include "trawl/wire/transport/sctp.hpp"
#include "trawl/wire/transport/tcp.hpp"
#include "trawl/wire/transport/udp.hpp"
#include "trawl/wire/tunnel/gre.hpp"
#include "trawl/wire/tunnel/vxlan.hpp"

namespace trawl::inline v0::wire {

/// All of them, made at compile time in src/wire/standard.cpp.
TRAWL_API extern const Catalog& standard_catalog;

namespace detail {
// clang-format off
constexpr Catalog make_standard_catalog() {
  return Catalog::of<
      Ethernet, Ipv4, Ipv6, Vlan, Tcp, Udp,                                                                   // the chain
      ProviderVlan, Llc, Arp, Icmp, Icmpv6, HopByHop, DestinationOptions, Ipv6Routing, Ipv6Fragment, AuthenticationHeader, Sctp, Gre, Vxlan, Dns, DnsOverTcp, Mdns, Llmnr,
      Sll, Sll2, Null, Loop, Raw, Radiotap,
      Ipv4Nop, RecordRoute, StreamId, RouterAlert, PadN, Ipv6RouterAlert, JumboPayload,                       // options and records
      Nop, EndOfOptions, Mss, WindowScale, SackPermitted, Sack, Timestamps, Md5Signature, UserTimeout, TcpAuthentication,
      SourceLinkAddress, TargetLinkAddress, PrefixInformation, NdMtu,
      SctpData, SctpInit, SctpInitAck, SctpSack, SctpHeartbeat, SctpAbort, SctpShutdown, SctpCookieEcho, SctpIpv4Address, SctpIpv6Address,
      SctpStateCookie, SctpHeartbeatInfo,
      DnsA, DnsAaaa, DnsNs, DnsCname, DnsPtr, DnsSoa, DnsMx, DnsTxt, DnsSrv, DnsOpt>();
}
// clang-format on
}  // namespace detail

}  // namespace trawl::inline v0::wire
