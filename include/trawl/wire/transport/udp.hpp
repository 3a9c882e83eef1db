// SPDX-License-Identifier: Apache-2.0 OR MIT
/// UDP, RFC 768.
///
///   0      7 8     15 16    23 24    31
///  +--------+--------+--------+--------+
///  |   source port   | destination port|
///  +--------+--------+--------+--------+
///  |     length      |    checksum     |
///  +--------+--------+--------+--------+
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

struct Udp : Layer<Udp, 8> {
  static constexpr auto name = "udp";
  static constexpr auto title = "User Datagram Protocol";
  static constexpr Field<UdpPort, 0>  src_port {"srcport",  "RFC 768"};
  static constexpr Field<UdpPort, 16> dst_port {"dstport",  "RFC 768"};
  static constexpr Field<u16, 32>     length   {"length",   "RFC 768"};
  static constexpr Field<u16, 48>     checksum {"checksum", "RFC 768, RFC 8200 8.1", {.show = Show::hex}};
  static constexpr auto fields = cover<8>(src_port, dst_port, length, checksum);
  static constexpr auto aliases = also(alias("port", src_port, dst_port));

  static constexpr auto summary = shown("udp.length");
  static constexpr auto replies = answered(crossed(src_port, dst_port));
  static constexpr auto numbers = at(IpProtocol::udp);
  static constexpr Rules rules {.total_bytes = unless_zero(length), .next = dst_port, .or_next = src_port, .may_be_empty = true,
                                .sum = nonzero(internet(checksum, Over::pseudo_and_all))};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
