// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packet sockets (packet(7)): packets of an interface as they are on the link, or from the network layer on.
#pragma once
#include "trawl/capture/capture_options.hpp"
#include "trawl/capture/interfaces.hpp"
#include "trawl/capture/sockets/raw_socket.hpp"
#include "trawl/core/address.hpp"

namespace trawl::inline v0 {

/// Where a packet came from or goes to, on a link. An address of up to 8 octets, as the link has them.
struct LinkAddress {
  u32 interface = 0;        ///< index
  u16 protocol = 0;         ///< EtherType
  u16 hardware_type = 0;    ///< ARPHRD_*; only of a received packet
  u8 length = 0;
  u8 octet[8] = {};

  static constexpr LinkAddress of(u32 interface, u16 protocol, const MacAddress& mac) {
    LinkAddress address{.interface = interface, .protocol = protocol, .length = 6};
    for (int i = 0; i < 6; ++i) address.octet[i] = mac.octet[i];
    return address;
  }
  constexpr bool operator==(const LinkAddress&) const = default;
};

/// Which packets the interface lets in beside its own. Taken back when the socket closes.
struct Membership {
  enum class Kind : u8 { multicast, promiscuous, all_multicast, unicast };
  Kind kind = Kind::promiscuous;
  u32 interface = 0;
  LinkAddress group = {};  ///< of `multicast` and `unicast`
};

struct InterfaceSocketOptions {
  static constexpr u16 all_protocols = 3;  ///< ETH_P_ALL; what leaves, too
  std::string_view interface = any_interface;
  u16 protocol = all_protocols;            ///< EtherType; 0: nothing is received
  bpf::ProgramSource filter = {};          ///< set before the first packet can come
};

struct SocketStatistics {
  u64 received = 0;  ///< those dropped included
  u64 dropped = 0;   ///< no room in the receive buffer
};

/// Of either layer. Without rings: one packet with each call. Needs CAP_NET_RAW.
class TRAWL_API InterfaceSocket : public RawSocket {
 public:
  /// Waits for a packet, unless nonblocking. @param from set where it is given
  /// @return would_block; interface_down, once for each time that it goes down
  Result<Received> receive(std::span<u8> buffer, LinkAddress* from = nullptr, MessageFlags flags = MessageFlags::none);
  /// To the interface bound to. @return bytes sent
  Result<size_t> send(Bytes packet, MessageFlags flags = MessageFlags::none);
  Result<size_t> send_to(Bytes packet, const LinkAddress& to, MessageFlags flags = MessageFlags::none);

  /// Anew: to another interface, `any_interface`, another protocol.
  Result<void> bind(std::string_view interface, u16 protocol = InterfaceSocketOptions::all_protocols);
  /// Interface 0: all of them.
  Result<LinkAddress> bound() const;
  Result<void> join(const Membership& membership);
  Result<void> leave(const Membership& membership);
  /// Once for a socket that is bound.
  Result<void> join_fanout(const Fanout& fanout);
  Result<void> set_ignore_outgoing(bool ignore);
  Result<void> set_qdisc_bypass(bool bypass);
  /// Since open().
  Result<SocketStatistics> statistics();

 protected:
  using RawSocket::RawSocket;
  enum class Layer : u8 { link, network };
  static Result<std::unique_ptr<detail::RawSocketBody>> open(Layer layer, const InterfaceSocketOptions& options);
};

/// Packets begin with their link-layer header, received and sent.
class TRAWL_API LinkSocket final : public InterfaceSocket {
 public:
  /// @return unknown_interface, no_permission, the filter's own error
  static Result<LinkSocket> open(const InterfaceSocketOptions& options = {});

 private:
  using InterfaceSocket::InterfaceSocket;
};

/// Packets begin with their network-layer header ("cooked"). Sending needs a LinkAddress, whose protocol and destination
/// the kernel makes the link-layer header of.
class TRAWL_API NetworkSocket final : public InterfaceSocket {
 public:
  static Result<NetworkSocket> open(const InterfaceSocketOptions& options = {});

 private:
  using InterfaceSocket::InterfaceSocket;
};

}  // namespace trawl::inline v0
