// SPDX-License-Identifier: Apache-2.0 OR MIT
/// IEEE 802.1Q and 802.1ad tags: customers' and providers'. They differ in their EtherType only.
#pragma once
#include "trawl/wire/link/ethernet.hpp"

namespace trawl::inline v0::wire {

struct Vlan : Layer<Vlan, 4> {
  static constexpr auto name = "vlan";
  static constexpr auto title = "802.1Q Virtual LAN";
  static constexpr Field<u8, 0, 3>      priority {"priority", "IEEE 802.1Q 9.6"};
  static constexpr Field<bool, 3>       dei      {"dei",      "IEEE 802.1Q 9.6"};
  static constexpr Field<u16, 4, 12>    id       {"id",       "IEEE 802.1Q 9.6"};
  static constexpr Field<EtherType, 16> type     {"etype",    "IEEE 802.1Q 9.6", {.show = Show::hex, .least = 1536}};
  static constexpr auto fields = cover<4>(priority, dei, id, type);
  static constexpr auto derived = computed(Derived{"len", "IEEE 802.3 3.2.6", [](const LayerContext& c) {
    const u16 value = load_be<u16>(c.header.data + 2);
    return Derived::Value{value < 1536, value};
  }});

  static constexpr auto summary = shown("vlan.id", "vlan.etype");
  static constexpr auto replies = answered(same(id)).only_if(id != 0);
  static constexpr auto numbers = at(EtherType::vlan, EtherType::old_qinq);
  static constexpr Rules rules {.next = type, .or_next = always(FrameBody::llc), .length_below = 1536, .via = "ethertype"};
  using Layer::Layer;
};

/// Wireshark calls the last field ieee8021ah.etype, and takes two such tags in a row for one layer.
struct ProviderVlan : Layer<ProviderVlan, 4> {
  static constexpr auto name = "ieee8021ad";
  static constexpr auto title = "802.1ad Provider Bridge";
  static constexpr Field<u8, 0, 3>      priority {"priority", "IEEE 802.1Q 9.6"};
  static constexpr Field<bool, 3>       dei      {"dei",      "IEEE 802.1Q 9.6"};
  static constexpr Field<u16, 4, 12>    id       {"id",       "IEEE 802.1Q 9.6"};
  static constexpr Field<EtherType, 16> type     {"etype",    "IEEE 802.1Q 9.6", {.show = Show::hex, .least = 1536}};
  static constexpr auto fields = cover<4>(priority, dei, id, type);

  static constexpr auto summary = shown("ieee8021ad.id", "ieee8021ad.etype");
  static constexpr auto replies = answered(same(id)).only_if(id != 0);
  static constexpr auto numbers = at(EtherType::provider_vlan);
  static constexpr Rules rules {.next = type, .or_next = always(FrameBody::llc), .length_below = 1536, .via = "ethertype"};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
