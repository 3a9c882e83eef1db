// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Requests, and packets that answer them or nearly do.
#pragma once
#include <string>
#include <vector>

#include "trawl/exchange/reply_matcher.hpp"
#include "trawl/wire/link/vlan.hpp"

namespace trawl::testing_exchange {

using namespace trawl::wire;
using namespace trawl::literals;

struct Pair {
  std::string name;
  Packet request, packet;
  std::optional<AnswerKind> kind;
};
const std::vector<Pair>& pairs();

inline constexpr Ipv4Address ours = "192.0.2.1"_ip4, theirs = "198.51.100.7"_ip4, router = "192.0.2.254"_ip4;
inline constexpr Ipv6Address ours6 = "2001:db8::1"_ip6, theirs6 = "2001:db8:7::7"_ip6, router6 = "2001:db8::fe"_ip6;

struct IpSettings {
  u16 id = 0;
  u8 ttl = 64;
};
template <class... L> Packet ip(Ipv4Address src, Ipv4Address dst, IpSettings set, const L&... above) {
  return Packet(((Ethernet{} / Ipv4{Ipv4::src = src, Ipv4::dst = dst, Ipv4::id = set.id, Ipv4::ttl = set.ttl}) / ... / above));
}
template <class... L> Packet ip6(Ipv6Address src, Ipv6Address dst, const L&... above) {
  return Packet(((Ethernet{} / Ipv6{Ipv6::src = src, Ipv6::dst = dst}) / ... / above));
}

/// The IP packet without its Ethernet header.
inline Bytes quote(const Packet& of, size_t most = 28) { return of.bytes().from(14).first(most); }
/// As a router on the way to `theirs` writes it: RFC 792 quotes 28 bytes.
inline Packet time_exceeded(const Packet& of, size_t most = 28, Ipv4Address to = ours) {
  return ip(router, to, {}, Icmp{Icmp::type = 11}.with(Icmp::unused4 = 0u), Payload{quote(of, most)});
}

}  // namespace trawl::testing_exchange
