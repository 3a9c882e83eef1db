// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Raw IP sockets (raw(7), ipv6(7)): transport-layer packets, routed by the kernel.
#pragma once
#include "trawl/capture/sockets/raw_socket.hpp"
#include "trawl/core/address.hpp"

namespace trawl::inline v0 {

/// An address of IPv4 or IPv6, with the interface that a link-local one is of.
struct IpEndpoint {
  bool is_ipv6 = false;
  Ipv4Address ipv4;
  Ipv6Address ipv6;
  u32 scope = 0;  ///< interface index

  constexpr IpEndpoint() = default;
  constexpr IpEndpoint(const Ipv4Address& address) : ipv4(address) {}
  constexpr IpEndpoint(const Ipv6Address& address, u32 interface = 0) : is_ipv6(true), ipv6(address), scope(interface) {}
  constexpr bool operator==(const IpEndpoint&) const = default;
};

/// Number of the protocol: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6, 132 SCTP, any. Needs CAP_NET_RAW.
class TRAWL_API TransportSocket final : public RawSocket {
 public:
  enum class Family : u8 { ipv4, ipv6 };
  /// @return no_permission; not_supported; invalid_option for protocol 255 (IPPROTO_RAW), which cannot receive: use
  /// another and set_include_header()
  static Result<TransportSocket> open(Family family, u8 protocol);

  /// A copy of each packet of the protocol that this machine gets. IPv4: it begins with the IP header; IPv6: with what
  /// follows the headers (RFC 3542).
  Result<Received> receive(std::span<u8> buffer, IpEndpoint* from = nullptr, MessageFlags flags = MessageFlags::none);
  Result<size_t> send_to(Bytes packet, const IpEndpoint& to, MessageFlags flags = MessageFlags::none);
  /// To the endpoint that connect() named.
  Result<size_t> send(Bytes packet, MessageFlags flags = MessageFlags::none);

  /// Only what is for this address of ours; what is sent is from it.
  Result<void> bind(const IpEndpoint& local);
  /// Only what comes from there.
  Result<void> connect(const IpEndpoint& remote);
  /// Only packets of one interface (SO_BINDTODEVICE); an empty name: of all.
  Result<void> bind_to_interface(std::string_view interface);
  Result<void> join_group(const IpEndpoint& group, u32 interface = 0);
  Result<void> leave_group(const IpEndpoint& group, u32 interface = 0);

  /// IPv4: what is sent begins with the IP header; the kernel fills in its sum, and length, source and identification
  /// where they are 0.
  Result<void> set_include_header(bool include);
  /// IPv6: the kernel writes the transport checksum at this offset, and tests it there; -1: not. ICMPv6's is always on.
  Result<void> set_checksum_offset(int offset);
  /// Of what is sent: 1 to 255.
  Result<void> set_hop_limit(u8 limit);

 private:
  TransportSocket(std::unique_ptr<detail::RawSocketBody> body, Family family);
  Family family_ = Family::ipv4;
};

}  // namespace trawl::inline v0
