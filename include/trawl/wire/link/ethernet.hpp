// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Ethernet, IEEE 802.3: Ethernet II and 802.3 frames, which the type or length field tells apart.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

/// What an 802.3 frame with a length carries.
struct FrameBodies { enum Number : u8 { llc = 0 }; };
using FrameBody = FrameBodies::Number;
template <> inline constexpr Space space<FrameBody>{"FrameBody"};

struct Ethernet : Layer<Ethernet, 14> {
  static constexpr auto name = "eth";
  static constexpr auto title = "Ethernet";
  static constexpr Field<MacAddress, 0>  dst  {"dst",  "IEEE 802.3 3.2.4", {.initial = 0xffffffffffff}};
  static constexpr Field<MacAddress, 48> src  {"src",  "IEEE 802.3 3.2.5"};
  static constexpr Field<EtherType, 96>  type {"type", "IEEE 802.3 3.2.6", {.show = Show::hex, .least = 1536}};
  static constexpr auto fields = cover<14>(dst, src, type);
  static constexpr auto aliases = also(alias("addr", dst, src));
  static constexpr auto derived = computed(Derived{"len", "IEEE 802.3 3.2.6", [](const LayerContext& c) {
    const u16 value = load_be<u16>(c.header.data + 12);
    return Derived::Value{value < 1536, value};
  }});

  static constexpr auto summary = shown("eth.type", "eth.len");
  static constexpr auto numbers = at(LinkType::ethernet, EtherType::transparent_ethernet);
  static constexpr Rules rules {.next = type, .or_next = always(FrameBody::llc), .length_below = 1536, .via = "ethertype"};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
