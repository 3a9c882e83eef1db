// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What is known of a network interface, live or from a file.
#pragma once
#include "trawl/core/address.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/core/link_type.hpp"
#include "trawl/core/timestamp.hpp"

namespace trawl::inline v0 {

/// An address of an interface. Only the members that `family` names mean something.
struct InterfaceAddress {
  enum class Family : u8 { ipv4, ipv6 };
  Family family = Family::ipv4;
  u8 prefix_length = 0;
  bool has_broadcast = false, has_peer = false;
  Ipv4Address ipv4 = {}, broadcast = {}, peer_ipv4 = {};
  Ipv6Address ipv6 = {}, peer_ipv6 = {};
  constexpr bool operator==(const InterfaceAddress&) const = default;
};

/// One type for live interfaces and for the interface descriptions in files. Texts, addresses and options are borrowed
/// from the source that gave it and live as long as that source.
struct InterfaceInfo {
  std::string_view name;
  std::string_view description;
  LinkType link_type = LinkType::ethernet;
  u32 snaplen = 0;                                ///< 0: no limit
  Resolution resolution = Resolution::nanoseconds();
  i64 time_offset_seconds = 0;                    ///< pcapng's if_tsoffset
  u32 os_index = 0;                               ///< 0: unknown
  u32 section = 0;                                ///< of the file, from 0
  u8 fcs_length = 0;                              ///< bytes of frame check sequence that frames end with; see has_fcs_length
  bool has_fcs_length = false;
  bool has_mac = false;
  MacAddress mac;
  u64 speed_bits_per_second = 0;                  ///< 0: unknown
  std::span<const InterfaceAddress> addresses;
  std::string_view filter;                        ///< text of the capture filter
  std::string_view hardware, operating_system;
  Order options_order = Order::little;            ///< byte order of raw_options
  Bytes raw_options;                              ///< pcapng options as they stood, opt_endofopt left out
};

}  // namespace trawl::inline v0
