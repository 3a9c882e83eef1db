// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Names of numbers that single link types have words for. Case does not matter in them.
#pragma once
#include <optional>

#include "trawl/core/error.hpp"

namespace trawl::inline v0::filter {

struct NamedNumbers {
  std::optional<u32> (*find)(std::string_view name);
  NameList each;
};
/// 802.11 types, subtypes (with their types), and directions between stations and access points.
extern const NamedNumbers wlan_types, wlan_subtypes, wlan_directions;
/// The subtypes of one type, without it.
const NamedNumbers* subtypes_of(u32 type);
extern const NamedNumbers firewall_reasons, firewall_actions;

/// The control byte of LLC, under a mask (IEEE 802.2 5.4).
struct LlcControl {
  u8 value, mask;
};
/// @return null for an unknown name
const LlcControl* find_llc_control(std::string_view name);
void each_llc_control(void (*each)(void* context, std::string_view name), void* context);

}  // namespace trawl::inline v0::filter
