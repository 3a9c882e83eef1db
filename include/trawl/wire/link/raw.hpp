// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Raw IP: no link header; the first four bits of the packet say which IP it is.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

/// 12 and 14 are what some writers put for 101: their system's DLT_RAW.
struct Raw : Layer<Raw, 0> {
  static constexpr auto name = "raw";
  static constexpr auto title = "Raw packet data";
  static constexpr auto fields = cover<0>();

  static constexpr auto numbers = at(LinkType::raw, LinkType{12}, LinkType{14});
  static constexpr Rules rules {.next = ahead<IpVersion>(0, 4)};
  using Layer::Layer;
};

}  // namespace trawl::inline v0::wire
