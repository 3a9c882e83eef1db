// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Address resolution, RFC 826; operations of RFC 903 and RFC 2390.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct ArpOperations { enum Number : u16 { request = 1, reply = 2, rarp_request = 3, rarp_reply = 4, inarp_request = 8, inarp_reply = 9 }; };
using ArpOperation = ArpOperations::Number;
inline constexpr ValueName arp_operation_names[] = {{1, "request"}, {2, "reply"}, {3, "reverse request"}, {4, "reverse reply"}, {8, "inverse request"}, {9, "inverse reply"}};
template <> inline constexpr Space space<ArpOperation>{"ArpOperation", arp_operation_names};

/// Addresses of other sizes than Ethernet's and IPv4's are bytes.
struct Arp : Layer<Arp, 8> {
  static constexpr auto name = "arp";
  static constexpr auto title = "Address Resolution Protocol";
  static constexpr Field<u16, 0>        hardware_type {"hw.type",    "RFC 826", {.initial = 1}};
  static constexpr Field<EtherType, 16> protocol_type {"proto.type", "RFC 826", {.show = Show::hex, .initial = 0x0800}};
  static constexpr Field<u8, 32>        hardware_size {"hw.size",    "RFC 826", {.initial = 6}};
  static constexpr Field<u8, 40>        protocol_size {"proto.size", "RFC 826", {.initial = 4}};
  static constexpr Field<ArpOperation, 48> operation  {"opcode",     "RFC 826", {.initial = 1}};
  static constexpr auto fields = cover<8>(hardware_type, protocol_type, hardware_size, protocol_size, operation);

  static constexpr auto mac = hardware_size == 6, ipv4 = protocol_size == 4;
  static constexpr Part<MacAddress, 0>  src_mac   {"src.hw_mac",     "RFC 826", {.when = mac}};
  static constexpr Part<Blob, 1>        src_hw    {"src.hw",         "RFC 826", {.when = hardware_size != 6, .bytes = hardware_size}};
  static constexpr Part<Ipv4Address, 2> src_ipv4  {"src.proto_ipv4", "RFC 826", {.when = ipv4}};
  static constexpr Part<Blob, 3>        src_proto {"src.proto",      "RFC 826", {.when = protocol_size != 4, .bytes = protocol_size}};
  static constexpr Part<MacAddress, 4>  dst_mac   {"dst.hw_mac",     "RFC 826", {.when = mac}};
  static constexpr Part<Blob, 5>        dst_hw    {"dst.hw",         "RFC 826", {.when = hardware_size != 6, .bytes = hardware_size}};
  static constexpr Part<Ipv4Address, 6> dst_ipv4  {"dst.proto_ipv4", "RFC 826", {.when = ipv4}};
  static constexpr Part<Blob, 7>        dst_proto {"dst.proto",      "RFC 826", {.when = protocol_size != 4, .bytes = protocol_size}};
  static constexpr auto parts = then(src_mac, src_hw, src_ipv4, src_proto, dst_mac, dst_hw, dst_ipv4, dst_proto);

  static constexpr auto summary = shown("arp.opcode", "arp.src.proto_ipv4", "arp.dst.proto_ipv4");
  static constexpr auto replies = answered(when(operation == 1, operation == 2).crossed(src_ipv4, dst_ipv4).moved(src_mac, dst_mac),
                                           when(operation == 3, operation == 4).same(dst_mac));
  static constexpr auto numbers = at(EtherType::arp, EtherType{0x8035});
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
