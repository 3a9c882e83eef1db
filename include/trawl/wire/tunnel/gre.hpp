// SPDX-License-Identifier: Apache-2.0 OR MIT
/// GRE, RFC 2784 and RFC 2890, and version 1 of RFC 2637. Flags say which fields follow the first four bytes.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct Gre : Layer<Gre, 4> {
  static constexpr auto name = "gre";
  static constexpr auto title = "Generic Routing Encapsulation";
  static constexpr Field<u16, 0>        flags_and_version {"flags_and_version", "RFC 2784 2.1", {.show = Show::hex}};
  static constexpr Field<bool, 0>       checksum_present {"flags.checksum", "RFC 2784 2.2"};
  static constexpr Field<bool, 1>       routing_present  {"flags.routing",  "RFC 1701 2"};
  static constexpr Field<bool, 2>       key_present      {"flags.key",      "RFC 2890 2"};
  static constexpr Field<bool, 3>       sequence_present {"flags.sequence_number", "RFC 2890 2"};
  static constexpr Field<bool, 4>       strict_source_route {"flags.strict_source_route", "RFC 1701 2"};
  static constexpr Field<u8, 5, 3>      recursion        {"flags.recursion_control", "RFC 1701 2"};
  static constexpr Field<bool, 8>       ack_present      {"flags.ack",      "RFC 2637 4.1"};
  static constexpr Field<u8, 9, 4>      reserved         {"flags.reserved", "RFC 2784 2.3"};
  static constexpr Field<u8, 13, 3>     version          {"flags.version",  "RFC 2784 2.3"};
  static constexpr Field<EtherType, 16> protocol         {"proto",          "RFC 2784 2.4", {.show = Show::hex}};
  static constexpr auto fields = cover<4>(flags_and_version, checksum_present, routing_present, key_present, sequence_present, strict_source_route,
                                          recursion, ack_present, reserved, version, protocol);

  static constexpr auto summed = checksum_present == true || routing_present == true;
  static constexpr Part<u16, 0> checksum {"checksum",        "RFC 2784 2.5", {.when = summed, .say = {.show = Show::hex}}};
  static constexpr Part<u16, 1> offset   {"offset",          "RFC 2784 2.5", {.when = summed}};
  static constexpr Part<u32, 2> key      {"key",             "RFC 2890 2.1", {.when = key_present == true, .say = {.show = Show::hex}}};
  static constexpr Part<u32, 3> sequence {"sequence_number", "RFC 2890 2.2", {.when = sequence_present == true}};
  static constexpr Part<u32, 4> ack      {"ack_number",      "RFC 2637 4.1", {.when = ack_present == true}};
  static constexpr auto parts = then(checksum, offset, key, sequence, ack);

  static constexpr auto summary = shown("gre.proto", "gre.key");
  static constexpr auto numbers = at(IpProtocol::gre);
  static constexpr Rules rules {.next = protocol, .next_when = routing_present == false, .sum = internet(checksum, Over::all)};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
