// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Headers in front of bytes that have none: payloads from a text or a log become packets that every tool can show.
#pragma once
#include <array>
#include <optional>
#include <vector>

#include "trawl/core/address.hpp"
#include "trawl/core/frame.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0 {

struct DummyHeadersOptions {
  template <class T> using Pair = std::array<T, 2>;      ///< source, destination
  std::optional<u16> ether_type = {};                    ///< behind an Ethernet header; follows from what is below where unset
  std::optional<u8> protocol = {};                       ///< behind an IP header; follows from the ports where unset
  std::optional<Pair<Ipv4Address>> ipv4 = {};            ///< unset with neither: 192.0.2.1 and 192.0.2.2 (RFC 5737)
  std::optional<Pair<Ipv6Address>> ipv6 = {};
  std::optional<Pair<u16>> udp = {}, tcp = {};           ///< ports; one of the three at most
  struct Sctp {
    Pair<u16> ports = {};
    u32 verification_tag = 0;
    std::optional<u32> payload_protocol = {};            ///< set: a DATA chunk around the bytes
  };
  std::optional<Sctp> sctp = {};

  bool any() const { return ether_type || protocol || ipv4 || ipv6 || udp || tcp || sctp; }
};

/// Puts the headers before each frame, with right lengths and checksums. Outbound frames go from destination to source.
/// TCP's sequence numbers and SCTP's transmission sequence numbers count on in each direction, so that streams can be followed.
class TRAWL_API DummyHeaders {
 public:
  /// @param link ethernet, or raw: IP without an Ethernet header
  DummyHeaders(const DummyHeadersOptions& options, LinkType link) : options_(options), link_(link) {}
  /// Its bytes live until the next call. More than fits an IP packet is cut off the end, and counts in original_length.
  Frame operator()(const Frame& frame);
  LinkType link() const { return link_; }

 private:
  void put_transport(bool back, u8& protocol);
  void put_network(bool back, u8 protocol, u16& ether_type);
  DummyHeadersOptions options_;
  LinkType link_;
  std::vector<u8> bytes_;
  std::array<u32, 2> sequence_ = {};   ///< of this direction and the other one
};

}  // namespace trawl::inline v0
