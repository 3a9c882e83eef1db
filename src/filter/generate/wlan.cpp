// SPDX-License-Identifier: Apache-2.0 OR MIT
// 802.11, IEEE 802.11-2020 9.2.4: byte 0 of the header holds type (0c) and subtype (f0), byte 1 the direction (03).
#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

namespace {
constexpr u32 type_mask = 0x0c, subtype_mask = 0xf0, control = 0x04, data_bit = 0x08, control_bit = 0x04;
constexpr u32 clear_to_send = 0xc0, acknowledgement = 0xd0;
constexpr u32 to_ap = 0x01, from_ap = 0x02;
constexpr u32 first = 4, second = 10, third = 16, fourth = 24;
}  // namespace

// The source is the fourth address between access points, the third one from them, else the second one.
ConditionId Generator::wlan_source(const MacAddress& address) {
  const auto has = [this](u32 offset, u32 mask) { return bits(header(offset, 1), mask); };
  const auto lacks = [&](u32 offset, u32 mask) { return conditions_.negate(has(offset, mask)); };
  const auto both = [this](ConditionId a, ConditionId b) { return conditions_.all({a, b}); };
  const auto either = [this](ConditionId a, ConditionId b) { return conditions_.any({a, b}); };
  const ConditionId relayed = either(both(lacks(1, to_ap), mac_at(third, address)), both(has(1, to_ap), mac_at(fourth, address)));
  const ConditionId of_data = either(both(lacks(1, from_ap), mac_at(second, address)), both(has(1, from_ap), relayed));
  const ConditionId any_type = either(both(lacks(0, data_bit), mac_at(second, address)), both(has(0, data_bit), of_data));
  return both(lacks(0, control_bit), any_type);
}

ConditionId Generator::wlan_mac(const MacAddress& address, Direction direction) {
  const ValueId type = header(0, 1);
  const auto destination = [&] { return wlan_destination([&](u32 offset) { return mac_at(offset, address); }); };
  const auto not_control = [&] { return conditions_.negate(is(type, control, type_mask)); };
  const auto is_not = [&](u32 subtype) { return conditions_.negate(is(type, subtype, subtype_mask)); };
  const auto has_second = [&] {
    return conditions_.any({not_control(), conditions_.all({is_not(clear_to_send), is_not(acknowledgement)})});
  };
  const auto is_data = [&] { return bits(type, data_bit); };
  switch (direction) {
    case Direction::source: return wlan_source(address);
    case Direction::destination: return destination();
    case Direction::both: return conditions_.all({wlan_source(address), destination()});
    case Direction::either: return conditions_.any({wlan_source(address), destination()});
    case Direction::address1: return mac_at(first, address);
    case Direction::address2: return conditions_.all({has_second(), mac_at(second, address)});
    case Direction::address3: return conditions_.all({not_control(), mac_at(third, address)});
    case Direction::address4: return conditions_.all({is(header(1, 1), to_ap | from_ap, to_ap | from_ap), mac_at(fourth, address)});
    case Direction::receiver: return conditions_.all({is_data(), mac_at(first, address)});
    case Direction::transmitter: return conditions_.all({is_data(), has_second(), mac_at(second, address)});
  }
  return conditions_.truth(false);
}

// `type`, `subtype`, `dir`: bits of one of the first two bytes.
ConditionId Generator::wlan_field(const Primitive& p) {
  if (position_.layout->scheme != Scheme::wlan) return fail(Reason::not_supported, "this is a word of 802.11");
  return is(header(p.word == Word::dir ? 1 : 0, 1), p.number, p.number2);
}

}  // namespace trawl::inline v0::filter
