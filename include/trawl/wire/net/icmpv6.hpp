// SPDX-License-Identifier: Apache-2.0 OR MIT
/// ICMPv6, RFC 4443, and neighbor discovery, RFC 4861. Error messages quote the packet that they are about.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct Icmpv6Types {
  enum Number : u8 { destination_unreachable = 1, packet_too_big = 2, time_exceeded = 3, parameter_problem = 4, echo_request = 128, echo_reply = 129, router_solicitation = 133, router_advertisement = 134, neighbor_solicitation = 135, neighbor_advertisement = 136, redirect = 137 };
};
using Icmpv6Type = Icmpv6Types::Number;
inline constexpr ValueName icmpv6_type_names[] = {{1, "Destination Unreachable"}, {2, "Packet Too Big"}, {3, "Time Exceeded"}, {4, "Parameter Problem"},
    {128, "Echo (ping) request"}, {129, "Echo (ping) reply"}, {130, "Multicast Listener Query"}, {131, "Multicast Listener Report"}, {132, "Multicast Listener Done"},
    {133, "Router Solicitation"}, {134, "Router Advertisement"}, {135, "Neighbor Solicitation"}, {136, "Neighbor Advertisement"}, {137, "Redirect"}, {143, "Multicast Listener Report Message v2"}};
template <> inline constexpr Space space<Icmpv6Type>{"Icmpv6Type", icmpv6_type_names};

struct NdOptionTypes { enum Number : u8 { source_address = 1, target_address = 2, prefix = 3, redirected = 4, mtu = 5 }; };
using NdOptionType = NdOptionTypes::Number;
inline constexpr ValueName nd_option_type_names[] = {{1, "Source link-layer address"}, {2, "Target link-layer address"}, {3, "Prefix information"}, {4, "Redirected header"}, {5, "MTU"}};
template <> inline constexpr Space space<NdOptionType>{"NdOptionType", nd_option_type_names};

/// The length counts units of 8 bytes, type and length included.
struct NdOption : Layer<NdOption, 2> {
  static constexpr auto name = "icmpv6.opt";
  static constexpr Field<NdOptionType, 0> type   {"type",   "RFC 4861 4.6"};
  static constexpr Field<u8, 8>           length {"length", "RFC 4861 4.6"};
  static constexpr auto fields = cover<2>(type, length);
  static constexpr Rules rules {.total_bytes = length * 8, .next = type, .align = 8, .pads_last = true};
  using Layer::Layer;
};
struct SourceLinkAddress : Layer<SourceLinkAddress, 6> {
  static constexpr auto name = "icmpv6.opt";
  static constexpr auto title = "Source link-layer address";
  static constexpr Field<MacAddress, 0> address {"src_linkaddr", "RFC 4861 4.6.1"};
  static constexpr auto fields = cover<6>(address);
  static constexpr auto numbers = at(NdOptionType::source_address);
  using Layer::Layer;
};
struct TargetLinkAddress : Layer<TargetLinkAddress, 6> {
  static constexpr auto name = "icmpv6.opt";
  static constexpr auto title = "Target link-layer address";
  static constexpr Field<MacAddress, 0> address {"target_linkaddr", "RFC 4861 4.6.1"};
  static constexpr auto fields = cover<6>(address);
  static constexpr auto numbers = at(NdOptionType::target_address);
  using Layer::Layer;
};
struct PrefixInformation : Layer<PrefixInformation, 30> {
  static constexpr auto name = "icmpv6.opt";
  static constexpr auto title = "Prefix information";
  static constexpr Field<u8, 0>   prefix_length {"prefix.length", "RFC 4861 4.6.2"};
  static constexpr Field<u8, 8>   flags      {"prefix.flag",   "RFC 4861 4.6.2", {.show = Show::hex}};
  static constexpr Field<bool, 8> on_link    {"prefix.flag.l", "RFC 4861 4.6.2"};
  static constexpr Field<bool, 9> autonomous {"prefix.flag.a", "RFC 4861 4.6.2"};
  static constexpr Field<u32, 16> valid      {"prefix.valid_lifetime",     "RFC 4861 4.6.2"};
  static constexpr Field<u32, 48> preferred  {"prefix.preferred_lifetime", "RFC 4861 4.6.2"};
  static constexpr Field<u32, 80> reserved   {"prefix.reserved",           "RFC 4861 4.6.2"};
  static constexpr Field<Ipv6Address, 112> prefix {"prefix", "RFC 4861 4.6.2"};
  static constexpr auto fields = cover<30>(prefix_length, flags, on_link, autonomous, valid, preferred, reserved, prefix);
  static constexpr auto numbers = at(NdOptionType::prefix);
  using Layer::Layer;
};
struct NdMtu : Layer<NdMtu, 6> {
  static constexpr auto name = "icmpv6.opt";
  static constexpr auto title = "MTU";
  static constexpr Field<u16, 0>  reserved {"mtu.reserved", "RFC 4861 4.6.4"};
  static constexpr Field<u32, 16> mtu      {"mtu",          "RFC 4861 4.6.4"};
  static constexpr auto fields = cover<6>(reserved, mtu);
  static constexpr auto numbers = at(NdOptionType::mtu);
  using Layer::Layer;
};

struct Icmpv6 : Layer<Icmpv6, 4> {
  static constexpr auto name = "icmpv6";
  static constexpr auto title = "Internet Control Message Protocol v6";
  static constexpr Field<Icmpv6Type, 0> type     {"type",     "RFC 4443 2.1"};
  static constexpr Field<u8, 8>         code     {"code",     "RFC 4443 2.1"};
  static constexpr Field<u16, 16>       checksum {"checksum", "RFC 4443 2.3", {.show = Show::hex}};
  static constexpr auto fields = cover<4>(type, code, checksum);

  static constexpr auto echo = one_of(type, 128, 129);
  static constexpr auto discovery = one_of(type, 133, 134, 135, 136, 137);
  static constexpr Part<u16, 0>  id        {"echo.identifier",      "RFC 4443 4.1", {.when = echo, .say = {.show = Show::hex}}};
  static constexpr Part<u16, 1>  sequence  {"echo.sequence_number", "RFC 4443 4.1", {.when = echo}};
  static constexpr Part<Octets<4>, 2> reserved {"reserved",         "RFC 4861 4.1", {.when = one_of(type, 1, 3, 133, 135, 137)}};
  static constexpr Part<u32, 3>  mtu       {"mtu",                  "RFC 4443 3.2", {.when = type == 2}};
  static constexpr Part<u32, 4>  pointer   {"pointer",              "RFC 4443 3.4", {.when = type == 4}};
  static constexpr Part<u8, 5>   hop_limit {"nd.ra.cur_hop_limit",  "RFC 4861 4.2", {.when = type == 134}};
  static constexpr Part<u8, 6>   ra_flags  {"nd.ra.flag",           "RFC 4861 4.2", {.when = type == 134, .say = {.show = Show::hex}}};
  static constexpr Bits<bool, 6, 0> managed {"nd.ra.flag.m",        "RFC 4861 4.2"};
  static constexpr Bits<bool, 6, 1> other  {"nd.ra.flag.o",         "RFC 4861 4.2"};
  static constexpr Part<u16, 7>  lifetime  {"nd.ra.router_lifetime", "RFC 4861 4.2", {.when = type == 134}};
  static constexpr Part<u32, 8>  reachable {"nd.ra.reachable_time", "RFC 4861 4.2", {.when = type == 134}};
  static constexpr Part<u32, 9>  retransmit {"nd.ra.retrans_timer", "RFC 4861 4.2", {.when = type == 134}};
  static constexpr Part<u32, 10> na_flags  {"nd.na.flag",           "RFC 4861 4.4", {.when = type == 136, .say = {.show = Show::hex}}};
  static constexpr Bits<bool, 10, 0> router {"nd.na.flag.r",        "RFC 4861 4.4"};
  static constexpr Bits<bool, 10, 1> solicited {"nd.na.flag.s",     "RFC 4861 4.4"};
  static constexpr Bits<bool, 10, 2> override_flag {"nd.na.flag.o", "RFC 4861 4.4"};
  static constexpr Part<Ipv6Address, 11> ns_target {"nd.ns.target_address", "RFC 4861 4.3", {.when = type == 135}};
  static constexpr Part<Ipv6Address, 12> na_target {"nd.na.target_address", "RFC 4861 4.4", {.when = type == 136}};
  static constexpr Part<Ipv6Address, 13> rd_target {"nd.rd.target_address", "RFC 4861 4.5", {.when = type == 137}};
  static constexpr Part<Ipv6Address, 14> rd_destination {"rd.na.destination_address", "RFC 4861 4.5", {.when = type == 137}};
  static constexpr Part<List<NdOption>, 15> options {"opt", "RFC 4861 4.6", {.when = discovery}};
  static constexpr auto parts = then(id, sequence, reserved, mtu, pointer, hop_limit, ra_flags, managed, other, lifetime, reachable,
      retransmit, na_flags, router, solicited, override_flag, ns_target, na_target, rd_target, rd_destination, options);

  static constexpr auto summary = shown("icmpv6.type", "icmpv6.echo.identifier", "icmpv6.echo.sequence_number", "icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address");
  static constexpr auto replies = answered(when(type == 128, type == 129).same(id, sequence), when(type == 135, type == 136).moved(ns_target, na_target),
                                           when(type == 133, type == 134));
  static constexpr auto numbers = at(IpProtocol::icmpv6);
  static constexpr Rules rules {.next = always(IpVersion::v6), .next_when = one_of(type, 1, 2, 3, 4), .quotes = true,
                                .sum = internet(checksum, Over::pseudo_and_all)};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
