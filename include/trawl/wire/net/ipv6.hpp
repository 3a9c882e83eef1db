// SPDX-License-Identifier: Apache-2.0 OR MIT
/// IPv6, RFC 8200 3.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"
#include "trawl/wire/link/null.hpp"

namespace trawl::inline v0::wire {

struct Ipv6 : Layer<Ipv6, 40> {
  static constexpr auto name = "ipv6";
  static constexpr auto title = "Internet Protocol Version 6";
  static constexpr Field<u8, 0, 4>       version        {"version",  "RFC 8200 3", {.initial = 6}};
  static constexpr Field<u8, 4, 8>       traffic_class  {"tclass",   "RFC 8200 7", {.show = Show::hex, .digits = 8}};
  static constexpr Field<u8, 4, 6>       dscp           {"tclass.dscp", "RFC 2474 3"};
  static constexpr Field<u8, 10, 2>      ecn            {"tclass.ecn", "RFC 3168 5"};
  static constexpr Field<u32, 12, 20>    flow_label     {"flow",     "RFC 8200 6", {.show = Show::hex, .digits = 6}};
  static constexpr Field<u16, 32>        payload_length {"plen",     "RFC 8200 3"};
  static constexpr Field<IpProtocol, 48> next_header    {"nxt",      "RFC 8200 3"};
  static constexpr Field<u8, 56>         hop_limit      {"hlim",     "RFC 8200 3", {.initial = 64}};
  static constexpr Field<Ipv6Address, 64>  src          {"src",      "RFC 8200 3"};
  static constexpr Field<Ipv6Address, 192> dst          {"dst",      "RFC 8200 3"};
  static constexpr auto fields = cover<40>(version, traffic_class, dscp, ecn, flow_label, payload_length, next_header, hop_limit, src, dst);
  static constexpr auto aliases = also(alias("addr", src, dst));

  static constexpr auto summary = shown("ipv6.nxt", "ipv6.plen");
  static constexpr auto replies = answered(between(src, dst));
  static constexpr auto numbers = at(EtherType::ipv6, IpProtocol::ipv6, LinkType::ipv6, IpVersion::v6, AddressFamily::inet6_netbsd,
      AddressFamily::inet6_freebsd, AddressFamily::inet6_darwin, AddressFamily::inet6_linux, AddressFamily::inet6_netbsd_swapped,
      AddressFamily::inet6_freebsd_swapped, AddressFamily::inet6_darwin_swapped, AddressFamily::inet6_linux_swapped);
  static constexpr Rules rules {.expect = version == 6, .payload_bytes = unless_zero(payload_length), .next = next_header,
                                .addresses = from_to(src, dst)};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
