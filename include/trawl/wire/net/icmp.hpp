// SPDX-License-Identifier: Apache-2.0 OR MIT
/// ICMP, RFC 792. Error messages quote the packet that they are about: its layers follow, marked as quoted.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct IcmpTypes {
  enum Number : u8 { echo_reply = 0, destination_unreachable = 3, source_quench = 4, redirect = 5, echo = 8, router_advertisement = 9, time_exceeded = 11, parameter_problem = 12, timestamp = 13, timestamp_reply = 14 };
};
using IcmpType = IcmpTypes::Number;
inline constexpr ValueName icmp_type_names[] = {{0, "Echo (ping) reply"}, {3, "Destination unreachable"}, {4, "Source quench"}, {5, "Redirect"},
    {8, "Echo (ping) request"}, {9, "Router advertisement"}, {10, "Router solicitation"}, {11, "Time-to-live exceeded"}, {12, "Parameter problem"},
    {13, "Timestamp request"}, {14, "Timestamp reply"}, {17, "Address mask request"}, {18, "Address mask reply"}};
template <> inline constexpr Space space<IcmpType>{"IcmpType", icmp_type_names};

struct Icmp : Layer<Icmp, 4> {
  static constexpr auto name = "icmp";
  static constexpr auto title = "Internet Control Message Protocol";
  static constexpr Field<IcmpType, 0> type     {"type",     "RFC 792"};
  static constexpr Field<u8, 8>       code     {"code",     "RFC 792"};
  static constexpr Field<u16, 16>     checksum {"checksum", "RFC 792", {.show = Show::hex}};
  static constexpr auto fields = cover<4>(type, code, checksum);

  static constexpr auto has_id = one_of(type, 0, 8, 13, 14, 15, 16, 17, 18);
  static constexpr auto timestamps = one_of(type, 13, 14);
  static constexpr auto quoting = one_of(type, 3, 4, 5, 11, 12);
  static constexpr Part<u16, 0>         id       {"ident",   "RFC 792", {.when = has_id}};
  static constexpr Part<u16, 1>         sequence {"seq",     "RFC 792", {.when = has_id}};
  static constexpr Part<Ipv4Address, 2> gateway  {"redir_gw", "RFC 792", {.when = type == 5}};
  static constexpr Part<u16, 3>         unused   {"unused_bytes", "RFC 1191 4", {.when = type == 3}};
  static constexpr Part<u16, 4>         mtu      {"mtu",     "RFC 1191 4", {.when = type == 3}};
  static constexpr Part<u8, 5>          pointer  {"pointer", "RFC 792", {.when = type == 12}};
  static constexpr Part<Octets<3>, 6>   unused3  {"unused3", "RFC 792", {.when = type == 12}};
  static constexpr Part<u32, 7>         unused4  {"unused4", "RFC 792", {.when = one_of(type, 4, 11)}};
  static constexpr Part<u32, 8>         originate {"originate_timestamp", "RFC 792", {.when = timestamps}};
  static constexpr Part<u32, 9>         receive  {"receive_timestamp",  "RFC 792", {.when = timestamps}};
  static constexpr Part<u32, 10>        transmit {"transmit_timestamp", "RFC 792", {.when = timestamps}};
  static constexpr auto parts = then(id, sequence, gateway, unused, mtu, pointer, unused3, unused4, originate, receive, transmit);

  static constexpr auto summary = shown("icmp.type", "icmp.code", "icmp.ident", "icmp.seq");
  static constexpr auto replies = answered(when(type == 8, type == 0).same(id, sequence), when(type == 13, type == 14).same(id, sequence),
                                           when(type == 17, type == 18).same(id, sequence), when(type == 10, type == 9));
  static constexpr auto numbers = at(IpProtocol::icmp);
  static constexpr Rules rules {.next = always(IpVersion::v4), .next_when = quoting, .quotes = true, .sum = internet(checksum, Over::all)};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
