// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The extension headers of IPv6, RFC 8200 4: each is a layer of its own.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct Ipv6OptionTypes { enum Number : u8 { pad1 = 0, padn = 1, router_alert = 5, jumbo = 0xc2 }; };
using Ipv6OptionType = Ipv6OptionTypes::Number;
inline constexpr ValueName ipv6_option_type_names[] = {{0, "Pad1"}, {1, "PadN"}, {5, "Router Alert"}, {0xc2, "Jumbo Payload"}};
template <> inline constexpr Space space<Ipv6OptionType>{"Ipv6OptionType", ipv6_option_type_names};

/// The length counts the data only; Pad1 is one byte.
struct Ipv6Option : Layer<Ipv6Option, 2> {
  static constexpr auto name = "ipv6.opt";
  static constexpr Field<Ipv6OptionType, 0> type   {"type",   "RFC 8200 4.2", {.show = Show::hex}};
  static constexpr Field<u8, 8>             length {"length", "RFC 8200 4.2"};
  static constexpr auto fields = cover<2>(type, length);
  static constexpr Rules rules {.payload_bytes = length, .next = type, .lone = {.pad = Ipv6OptionType::pad1}};
  using Layer::Layer;
};
struct PadN : Layer<PadN, 0> {
  static constexpr auto name = "ipv6.opt";
  static constexpr auto title = "PadN";
  static constexpr auto fields = cover<0>();
  static constexpr Part<Blob, 0> zeros {"padn", "RFC 8200 4.2"};
  static constexpr auto parts = then(zeros);
  static constexpr auto numbers = at(Ipv6OptionType::padn);
  using Layer::Layer;
};
struct Ipv6RouterAlert : Layer<Ipv6RouterAlert, 2> {
  static constexpr auto name = "ipv6.opt";
  static constexpr auto title = "Router Alert";
  static constexpr Field<u16, 0> value {"router_alert", "RFC 2711 2.1"};
  static constexpr auto fields = cover<2>(value);
  static constexpr auto numbers = at(Ipv6OptionType::router_alert);
  using Layer::Layer;
};
struct JumboPayload : Layer<JumboPayload, 4> {
  static constexpr auto name = "ipv6.opt";
  static constexpr auto title = "Jumbo Payload";
  static constexpr Field<u32, 0> length {"jumbo", "RFC 2675 2"};
  static constexpr auto fields = cover<4>(length);
  static constexpr auto numbers = at(Ipv6OptionType::jumbo);
  using Layer::Layer;
};

/// RFC 8200 4.3. The length is in units of 8 bytes and does not count the first.
struct HopByHop : Layer<HopByHop, 2> {
  static constexpr auto name = "ipv6.hopopts";
  static constexpr auto title = "IPv6 Hop-by-Hop Options";
  static constexpr Field<IpProtocol, 0> next_header {"nxt", "RFC 8200 4.3"};
  static constexpr Field<u8, 8>         length      {"len", "RFC 8200 4.3"};
  static constexpr auto fields = cover<2>(next_header, length);
  static constexpr Part<List<Ipv6Option>, 0> options {"opt", "RFC 8200 4.3"};
  static constexpr auto parts = then(options);
  static constexpr auto numbers = at(IpProtocol::hop_by_hop);
  static constexpr Rules rules {.header_bytes = length * 8 + 8, .next = next_header};
  using Layer::Layer;
};
/// RFC 8200 4.6.
struct DestinationOptions : Layer<DestinationOptions, 2> {
  static constexpr auto name = "ipv6.dstopts";
  static constexpr auto title = "IPv6 Destination Options";
  static constexpr Field<IpProtocol, 0> next_header {"nxt", "RFC 8200 4.6"};
  static constexpr Field<u8, 8>         length      {"len", "RFC 8200 4.6"};
  static constexpr auto fields = cover<2>(next_header, length);
  static constexpr Part<List<Ipv6Option>, 0> options {"opt", "RFC 8200 4.6"};
  static constexpr auto parts = then(options);
  static constexpr auto numbers = at(IpProtocol::destination_options);
  static constexpr Rules rules {.header_bytes = length * 8 + 8, .next = next_header};
  using Layer::Layer;
};
/// RFC 8200 4.4.
struct Ipv6Routing : Layer<Ipv6Routing, 4> {
  static constexpr auto name = "ipv6.routing";
  static constexpr auto title = "IPv6 Routing";
  static constexpr Field<IpProtocol, 0> next_header   {"nxt",     "RFC 8200 4.4"};
  static constexpr Field<u8, 8>         length        {"len",     "RFC 8200 4.4"};
  static constexpr Field<u8, 16>        type          {"type",    "RFC 8200 4.4"};
  static constexpr Field<u8, 24>        segments_left {"segleft", "RFC 8200 4.4"};
  static constexpr auto fields = cover<4>(next_header, length, type, segments_left);
  static constexpr Part<Blob, 0> data {"data", "RFC 8200 4.4"};
  static constexpr auto parts = then(data);
  static constexpr auto numbers = at(IpProtocol::routing);
  static constexpr Rules rules {.header_bytes = length * 8 + 8, .next = next_header, .redirects = segments_left != 0};
  using Layer::Layer;
};
/// RFC 8200 4.5.
struct Ipv6Fragment : Layer<Ipv6Fragment, 8> {
  static constexpr auto name = "ipv6.fraghdr";
  static constexpr auto title = "IPv6 Fragment";
  static constexpr Field<IpProtocol, 0> next_header {"nxt",            "RFC 8200 4.5"};
  static constexpr Field<u8, 8>         reserved    {"reserved_octet", "RFC 8200 4.5", {.show = Show::hex}};
  static constexpr Field<u16, 16, 13>   offset      {"offset",         "RFC 8200 4.5"};
  static constexpr Field<u8, 29, 2>     reserved2   {"reserved_bits",  "RFC 8200 4.5"};
  static constexpr Field<bool, 31>      more        {"more",           "RFC 8200 4.5"};
  static constexpr Field<u32, 32>       id          {"ident",          "RFC 8200 4.5", {.show = Show::hex}};
  static constexpr auto fields = cover<8>(next_header, reserved, offset, reserved2, more, id);
  static constexpr auto numbers = at(IpProtocol::fragment);
  static constexpr Rules rules {.next = next_header, .next_when = offset == 0, .fragment_when = more == true || offset != 0};
  using Layer::Layer;
};
/// Authentication Header, RFC 4302 2. The length is in units of 4 bytes and does not count the first two.
struct AuthenticationHeader : Layer<AuthenticationHeader, 12> {
  static constexpr auto name = "ah";
  static constexpr auto title = "Authentication Header";
  static constexpr Field<IpProtocol, 0> next_header {"next_header", "RFC 4302 2.1"};
  static constexpr Field<u8, 8>         length      {"length",   "RFC 4302 2.2", {.initial = 1}};
  static constexpr Field<Octets<2>, 16> reserved    {"reserved", "RFC 4302 2.3"};
  static constexpr Field<u32, 32>       spi         {"spi",      "RFC 4302 2.4", {.show = Show::hex}};
  static constexpr Field<u32, 64>       sequence    {"sequence", "RFC 4302 2.5"};
  static constexpr auto fields = cover<12>(next_header, length, reserved, spi, sequence);
  static constexpr Part<Blob, 0> icv {"icv", "RFC 4302 2.6"};
  static constexpr auto parts = then(icv);
  static constexpr auto numbers = at(IpProtocol::ah);
  static constexpr Rules rules {.header_bytes = length * 4 + 8, .next = next_header};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
