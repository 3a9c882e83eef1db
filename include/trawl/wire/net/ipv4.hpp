// SPDX-License-Identifier: Apache-2.0 OR MIT
/// IPv4, RFC 791 3.1, with its options.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"
#include "trawl/wire/link/null.hpp"

namespace trawl::inline v0::wire {

struct Ipv4OptionTypes { enum Number : u8 { end = 0, nop = 1, record_route = 7, timestamp = 68, loose_source_route = 131, stream_id = 136, strict_source_route = 137, router_alert = 148 }; };
using Ipv4OptionType = Ipv4OptionTypes::Number;
inline constexpr ValueName ipv4_option_type_names[] = {{0, "End of Options"}, {1, "No Operation"}, {7, "Record Route"}, {68, "Time Stamp"}, {130, "Security"},
    {131, "Loose Source Route"}, {136, "Stream ID"}, {137, "Strict Source Route"}, {148, "Router Alert"}};
template <> inline constexpr Space space<Ipv4OptionType>{"Ipv4OptionType", ipv4_option_type_names};

/// The length counts type and length too; types 0 and 1 are one byte.
struct Ipv4Option : Layer<Ipv4Option, 2> {
  static constexpr auto name = "ip.opt";
  static constexpr Field<Ipv4OptionType, 0> type   {"type", "RFC 791 3.1"};
  static constexpr Field<bool, 0>           copied {"type.copy", "RFC 791 3.1"};
  static constexpr Field<u8, 1, 2>          option_class {"type.class", "RFC 791 3.1"};
  static constexpr Field<u8, 3, 5>          number {"type.number", "RFC 791 3.1"};
  static constexpr Field<u8, 8>             length {"len",  "RFC 791 3.1"};
  static constexpr auto fields = cover<2>(type, copied, option_class, number, length);
  static constexpr Rules rules {.total_bytes = length, .next = type, .lone = {.pad = Ipv4OptionType::nop, .end = Ipv4OptionType::end}};
  using Layer::Layer;
};
struct Ipv4Nop : Layer<Ipv4Nop, 0> {
  static constexpr auto name = "ip.opt.nop";
  static constexpr auto title = "No Operation";
  static constexpr auto fields = cover<0>();
  static constexpr auto numbers = at(Ipv4OptionType::nop);
  using Layer::Layer;
};
struct RouteAddress : Layer<RouteAddress, 4> {
  static constexpr auto name = "ip.opt";
  static constexpr Field<Ipv4Address, 0> address {"addr", "RFC 791 3.1"};
  static constexpr auto fields = cover<4>(address);
  using Layer::Layer;
};
/// Record Route, Loose and Strict Source Route have one shape.
struct RecordRoute : Layer<RecordRoute, 1> {
  static constexpr auto name = "ip.opt";
  static constexpr auto title = "Route";
  static constexpr Field<u8, 0> pointer {"ptr", "RFC 791 3.1", {.initial = 4}};
  static constexpr auto fields = cover<1>(pointer);
  static constexpr Part<List<RouteAddress>, 0> route {"route", "RFC 791 3.1"};
  static constexpr auto parts = then(route);
  static constexpr auto numbers = at(Ipv4OptionType::record_route, Ipv4OptionType::loose_source_route, Ipv4OptionType::strict_source_route);
  using Layer::Layer;
};
struct StreamId : Layer<StreamId, 2> {
  static constexpr auto name = "ip.opt";
  static constexpr auto title = "Stream ID";
  static constexpr Field<u16, 0> value {"sid", "RFC 791 3.1"};
  static constexpr auto fields = cover<2>(value);
  static constexpr auto numbers = at(Ipv4OptionType::stream_id);
  using Layer::Layer;
};
struct RouterAlert : Layer<RouterAlert, 2> {
  static constexpr auto name = "ip.opt";
  static constexpr auto title = "Router Alert";
  static constexpr Field<u16, 0> value {"ra", "RFC 2113 2.1"};
  static constexpr auto fields = cover<2>(value);
  static constexpr auto numbers = at(Ipv4OptionType::router_alert);
  using Layer::Layer;
};

struct Ipv4 : Layer<Ipv4, 20> {
  static constexpr auto name = "ip";
  static constexpr auto title = "Internet Protocol Version 4";
  static constexpr Field<u8, 0, 4>       version         {"version",     "RFC 791 3.1", {.initial = 4}};
  static constexpr Field<u8, 4, 4>       ihl             {"hdr_len",     "RFC 791 3.1", {.initial = 5, .times = 4}};
  static constexpr Field<u8, 8>          ds_field        {"dsfield",     "RFC 2474 3",  {.show = Show::hex}};
  static constexpr Field<u8, 8, 6>       dscp            {"dsfield.dscp", "RFC 2474 3"};
  static constexpr Field<u8, 14, 2>      ecn             {"dsfield.ecn", "RFC 3168 5"};
  static constexpr Field<u16, 16>        length          {"len",         "RFC 791 3.1"};
  static constexpr Field<u16, 32>        id              {"id",          "RFC 6864 4", {.show = Show::hex}};
  static constexpr Field<u8, 48, 3>      flags           {"flags",       "RFC 791 3.1", {.show = Show::hex}};
  static constexpr Field<bool, 48>       reserved        {"flags.rb",    "RFC 791 3.1"};
  static constexpr Field<bool, 49>       dont_fragment   {"flags.df",    "RFC 791 3.1"};
  static constexpr Field<bool, 50>       more_fragments  {"flags.mf",    "RFC 791 3.1"};
  static constexpr Field<u16, 51, 13>    fragment_offset {"frag_offset", "RFC 791 3.1"};
  static constexpr Field<u8, 64>         ttl             {"ttl",         "RFC 791 3.1", {.initial = 64}};
  static constexpr Field<IpProtocol, 72> protocol        {"proto",       "RFC 791 3.1"};
  static constexpr Field<u16, 80>        checksum        {"checksum",    "RFC 1071 1", {.show = Show::hex}};
  static constexpr Field<Ipv4Address, 96>  src           {"src",         "RFC 791 3.1"};
  static constexpr Field<Ipv4Address, 128> dst           {"dst",         "RFC 791 3.1"};
  static constexpr auto fields = cover<20>(version, ihl, ds_field, dscp, ecn, length, id, flags, reserved, dont_fragment, more_fragments,
                                           fragment_offset, ttl, protocol, checksum, src, dst);
  static constexpr Part<List<Ipv4Option>, 0> options {"opt", "RFC 791 3.1"};
  static constexpr auto parts = then(options);
  static constexpr auto aliases = also(alias("addr", src, dst));

  static constexpr auto summary = shown("ip.proto", "ip.id", "ip.flags.mf", "ip.frag_offset", "ip.len");
  static constexpr auto replies = answered(between(src, dst).same(protocol).when_quoted(id));
  static constexpr auto numbers = at(EtherType::ipv4, IpProtocol::ipv4, LinkType::ipv4, IpVersion::v4, AddressFamily::inet, AddressFamily::inet_swapped);
  static constexpr Rules rules {.expect = version == 4, .header_bytes = ihl * 4, .total_bytes = unless_zero(length), .next = protocol,
                                .next_when = fragment_offset == 0, .sum = internet(checksum, Over::header), .addresses = from_to(src, dst),
                                .fragment_when = more_fragments == true || fragment_offset != 0};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
