// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The network interfaces of this machine (of this network namespace).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "trawl/core/error.hpp"
#include "trawl/core/interface_info.hpp"

namespace trawl::inline v0 {

struct InterfaceFlags {
  bool up : 1 = false;       ///< switched on by the administrator
  bool running : 1 = false;  ///< and there is a carrier
  bool loopback : 1 = false;
  bool broadcast : 1 = false;
  bool multicast : 1 = false;
  bool point_to_point : 1 = false;
  bool promiscuous : 1 = false;
  constexpr bool operator==(const InterfaceFlags&) const = default;

  /// Calls `each(name)` for every flag that is set.
  template <class Each> constexpr void each(Each visit) const {
    if (up) visit(std::string_view("up"));
    if (running) visit(std::string_view("running"));
    if (loopback) visit(std::string_view("loopback"));
    if (broadcast) visit(std::string_view("broadcast"));
    if (multicast) visit(std::string_view("multicast"));
    if (point_to_point) visit(std::string_view("point_to_point"));
    if (promiscuous) visit(std::string_view("promiscuous"));
  }
};

/// A value: copies share the memory that `info` borrows from, and keep it alive.
struct Interface {
  InterfaceInfo info;       ///< link type: what a capture on it delivers
  InterfaceFlags flags;
  u16 hardware_type = 0;    ///< ARPHRD_* of Linux
  u32 mtu = 0;
  u32 largest_segment = 0;  ///< bytes of payload that offload joins or has not cut yet, where that may exceed mtu; 0: unknown
  std::string_view kind;    ///< "veth", "tun", or the driver; empty where the system does not say
  std::shared_ptr<const void> storage;

  std::string_view name() const { return info.name; }
  u32 index() const { return info.os_index; }
};
using InterfaceList = std::vector<Interface>;

/// The name under which a capture takes packets of all interfaces, with link type linux_sll2.
inline constexpr std::string_view any_interface = "any";

/// All interfaces, up or down, with or without addresses, by index. Needs no privilege.
TRAWL_API Result<InterfaceList> interfaces();
/// One of them, or `any_interface`.
/// @return Reason::unknown_interface, with Error::valid_names, where there is none; too_large or unexpected_character
/// for a text that cannot be a name
TRAWL_API Result<Interface> find_interface(std::string_view name);
TRAWL_API Result<u32> interface_index(std::string_view name);
TRAWL_API Result<std::string> interface_name(u32 index);

/// "ether", "loopback", "none", ...: what ip(8) calls a hardware type; empty for an unknown one.
TRAWL_API std::string_view hardware_type_name(u16 hardware_type);

}  // namespace trawl::inline v0
