// SPDX-License-Identifier: Apache-2.0 OR MIT
/// VXLAN, RFC 7348 5, with the group policy extension of draft-smith-vxlan-group-policy.
#pragma once
#include "trawl/wire/link/ethernet.hpp"

namespace trawl::inline v0::wire {

struct Vxlan : Layer<Vxlan, 8> {
  static constexpr auto name = "vxlan";
  static constexpr auto title = "Virtual eXtensible Local Area Network";
  static constexpr Field<u16, 0>     flags     {"flags",    "RFC 7348 5", {.show = Show::hex, .initial = 0x0800}};
  static constexpr Field<bool, 0>    has_group {"flag_g",   "draft-smith-vxlan-group-policy 2.1"};
  static constexpr Field<bool, 4>    has_vni   {"flag_i",   "RFC 7348 5", {.initial = 1}};
  static constexpr Field<bool, 9>    dont_learn {"flag_d",  "draft-smith-vxlan-group-policy 2.1"};
  static constexpr Field<bool, 12>   applied   {"flag_a",   "draft-smith-vxlan-group-policy 2.1"};
  static constexpr Field<u16, 16>    group     {"gbp",      "draft-smith-vxlan-group-policy 2.1"};
  static constexpr Field<u32, 32, 24> vni      {"vni",      "RFC 7348 5"};
  static constexpr Field<u8, 56>     reserved  {"reserved8", "RFC 7348 5"};
  static constexpr auto fields = cover<8>(flags, has_group, has_vni, dont_learn, applied, group, vni, reserved);

  static constexpr auto summary = shown("vxlan.vni");
  static constexpr auto numbers = at(UdpPort::vxlan);
  static constexpr Rules rules {.next = always(LinkType::ethernet)};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
