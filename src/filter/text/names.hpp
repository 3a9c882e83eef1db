// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Names of services, protocols, EtherTypes and hosts.
#pragma once
#include <optional>
#include <vector>

#include "trawl/core/address.hpp"

namespace trawl::inline v0::filter {

struct Service {
  u16 port = 0;
  u8 transport = 0;  ///< IP protocol number; 0: every transport uses this port
};
/// From /etc/services, else from a small built-in list. Where TCP and UDP differ, TCP's.
std::optional<Service> find_service(std::string_view name);
/// An IP protocol's number, from /etc/protocols, else from a small built-in list.
std::optional<u8> find_ip_protocol(std::string_view name);
/// An EtherType, or an LLC SAP (up to 255).
std::optional<u16> find_link_protocol(std::string_view name);

/// An IPv4 network's number, from /etc/networks.
std::optional<u32> find_network(std::string_view name);
/// From /etc/ethers.
std::optional<MacAddress> find_mac(std::string_view name);

struct HostAddresses {
  std::vector<Ipv4Address> ipv4;
  std::vector<Ipv6Address> ipv6;
};
/// Asks the system's resolver: this may use the network and block.
HostAddresses find_host(std::string_view name);

}  // namespace trawl::inline v0::filter
