// SPDX-License-Identifier: Apache-2.0 OR MIT
/// IEEE 802.2 logical link control, with the SNAP extension of IEEE 802 9.2.
#pragma once
#include "trawl/wire/link/ethernet.hpp"

namespace trawl::inline v0::wire {

struct LlcSaps { enum Number : u8 { stp = 0x42, snap = 0xaa, netbios = 0xf0, osi = 0xfe }; };
using LlcSap = LlcSaps::Number;
inline constexpr ValueName llc_sap_names[] = {{0x42, "Spanning Tree BPDU"}, {0xaa, "SNAP"}, {0xe0, "NetWare"}, {0xf0, "NetBIOS"}, {0xfe, "ISO Network Layer"}};
template <> inline constexpr Space space<LlcSap>{"LlcSap", llc_sap_names};

/// The control field has one byte in unnumbered frames and two, little-endian, in the others.
struct Llc : Layer<Llc, 3> {
  static constexpr auto name = "llc";
  static constexpr auto title = "Logical-Link Control";
  static constexpr Field<LlcSap, 0>  dsap    {"dsap", "IEEE 802.2 3.3.1", {.show = Show::hex}};
  static constexpr Field<LlcSap, 8>  ssap    {"ssap", "IEEE 802.2 3.3.1", {.show = Show::hex}};
  static constexpr Field<u8, 16>     control_first {"control.first", "IEEE 802.2 5.4", {.show = Show::hex, .initial = 3}};
  static constexpr Field<u8, 22, 2>  format  {"control.ftype", "IEEE 802.2 5.4", {.show = Show::hex, .digits = 4}};
  static constexpr auto fields = cover<3>(dsap, ssap, control_first, format);
  static constexpr auto snap = dsap == LlcSap::snap && ssap == LlcSap::snap && control_first == 3;
  static constexpr Part<u8, 0>        control_second {"control.second", "IEEE 802.2 5.4", {.when = format != 3, .say = {.show = Show::hex}}};
  static constexpr Part<Octets<3>, 1> oui  {"oui_bytes", "IEEE 802 9.2", {.when = snap}};
  static constexpr Part<EtherType, 2> type {"type", "IEEE 802 9.2", {.when = snap, .say = {.show = Show::hex}}};
  static constexpr auto parts = then(control_second, oui, type);
  static constexpr auto derived = computed(
      Derived{"control", "IEEE 802.2 5.4", [](const LayerContext& c) {
        const u8 first = c.header[2];
        return Derived::Value{true, (first & 3) == 3 || c.header.size < 4 ? first : u64(first | c.header[3] << 8)};
      }, {.show = Show::hex, .digits = 4}},
      Derived{"oui", "IEEE 802 9.2", [](const LayerContext& c) {
        if (c.header.size < 8 || !holds(snap, c.header.data, 3)) return Derived::Value{};
        return Derived::Value{true, u64(c.header[3]) << 16 | u64(c.header[4]) << 8 | c.header[5]};
      }, {.show = Show::decimal}});

  static constexpr auto summary = shown("llc.dsap", "llc.ssap", "llc.control");
  static constexpr auto numbers = at(FrameBody::llc);
  static constexpr Rules rules {.next = type, .or_next = dsap};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
