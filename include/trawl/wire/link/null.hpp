// SPDX-License-Identifier: Apache-2.0 OR MIT
/// BSD loopback: NULL has the address family in the byte order of the machine that captured, LOOP in network order.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

/// Address families as BSD systems, macOS and Linux number them, in both byte orders.
struct AddressFamilies {
  enum Number : u32 {
    inet = 2, inet6_netbsd = 24, inet6_freebsd = 28, inet6_darwin = 30, inet6_linux = 10,
    inet_swapped = 0x02000000, inet6_netbsd_swapped = 0x18000000, inet6_freebsd_swapped = 0x1c000000, inet6_darwin_swapped = 0x1e000000,
    inet6_linux_swapped = 0x0a000000,
  };
};
using AddressFamily = AddressFamilies::Number;
inline constexpr ValueName address_family_names[] = {{2, "IP"}, {24, "IPv6"}, {28, "IPv6"}, {30, "IPv6"}, {10, "IPv6"}};
template <> inline constexpr Space space<AddressFamily>{"AddressFamily", address_family_names};

struct Null : Layer<Null, 4> {
  static constexpr auto name = "null";
  static constexpr auto title = "Null/Loopback";
  static constexpr LeField<AddressFamily, 0> family {"family", "tcpdump.org LINKTYPE_NULL", {.initial = 2}};
  static constexpr auto fields = cover<4>(family);

  static constexpr auto numbers = at(LinkType::null);
  static constexpr Rules rules {.next = family};
  using Layer::Layer;
};

struct Loop : Layer<Loop, 4> {
  static constexpr auto name = "null";
  static constexpr auto title = "OpenBSD loopback";
  static constexpr Field<AddressFamily, 0> family {"family", "tcpdump.org LINKTYPE_LOOP", {.initial = 2}};
  static constexpr auto fields = cover<4>(family);

  static constexpr auto numbers = at(LinkType::loop);
  static constexpr Rules rules {.next = family};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
