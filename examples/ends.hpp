// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Who asks whom on an Ethernet.
#pragma once
#include "must.hpp"
#include "trawl/trawl.hpp"

inline trawl::Ipv4Address must_be_ipv4(const char* text) {
  const auto address = trawl::parse_ipv4(text);
  must_hold(address.has_value(), "that is an IPv4 address");
  return *address;
}

/// The interface's own addresses.
struct Ends {
  trawl::MacAddress mac;
  trawl::Ipv4Address ipv4;
};
inline Ends ends_of(const trawl::Exchange& exchange) {
  const trawl::InterfaceInfo& interface = exchange.interface();
  for (const trawl::InterfaceAddress& address : interface.addresses)
    if (address.family == trawl::InterfaceAddress::Family::ipv4) return {interface.mac, address.ipv4};
  must_hold(false, "the interface has an IPv4 address");
  return {};
}

inline trawl::Packet who_has(const Ends& from, trawl::Ipv4Address whom) {
  using namespace trawl;
  return Packet(Ethernet{Ethernet::dst = MacAddress::broadcast(), Ethernet::src = from.mac} /
                Arp{}.with(Arp::src_mac = from.mac, Arp::src_ipv4 = from.ipv4, Arp::dst_ipv4 = whom));
}

/// The MAC address of a neighbor.
inline trawl::MacAddress resolve(trawl::Exchange& exchange, const Ends& from, trawl::Ipv4Address neighbor) {
  const auto answer = must(exchange.ask(who_has(from, neighbor)));
  must_hold(answer.has_value(), "the gateway answers");
  const trawl::Packet packet = answer->packet();
  return *packet.find<trawl::Arp>()[trawl::Arp::src_mac];
}
