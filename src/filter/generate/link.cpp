// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/generator.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::inline v0::filter {

namespace {
constexpr u32 max_length = 1500;                   // IEEE 802.3 3.2.6: larger is an EtherType
constexpr u32 cooked_802_3 = 1, cooked_802_2 = 4;  // linux/if_ether.h ETH_P_802_3, ETH_P_802_2
// AF_INET6 of NetBSD and OpenBSD, FreeBSD, macOS; AF_INET is 2 everywhere.
constexpr u32 family_ipv4 = 2, families_ipv6[] = {30, 24, 28};

bool is_whole_llc(u32 type) { return type == sap::iso || type == sap::ip || type == sap::netbeui; }
}  // namespace

// Does the frame carry this EtherType, or (up to 1500) this LLC service access point?
ConditionId Generator::link_type(u32 type) {
  const bool may_be_llc = layout_.field == TypeField::ethernet || layout_.field == TypeField::cooked;
  if (may_be_llc && type > 255 && type <= max_length) return fail(Reason::out_of_range, "an LLC service access point is at most 255");
  switch (layout_.field) {
    case TypeField::ethernet: return ethernet_type(type);
    case TypeField::cooked: return cooked_type(type);
    case TypeField::version:
      if (type != ether_type::ipv4 && type != ether_type::ipv6) return conditions_.truth(false);
      return conditions_.equals(values_.load(0, 1), type == ether_type::ipv4 ? 0x40 : 0x60, 0xf0);
    case TypeField::ipv4: return conditions_.truth(type == ether_type::ipv4);
    case TypeField::ipv6: return conditions_.truth(type == ether_type::ipv6);
    case TypeField::family_native: return family(type, true);
    case TypeField::family_big: return family(type, false);
    case TypeField::none: break;
  }
  return fail(Reason::not_supported, "this link type does not say what it carries");
}

ConditionId Generator::ethernet_type(u32 type) {
  const ValueId field = values_.load(type_offset_, 2);
  const auto has_llc = [&] { return conditions_.in_range(field, 0, max_length); };
  const auto is = [&](u32 value) { return conditions_.equals(field, value); };
  if (is_whole_llc(type)) return conditions_.all({has_llc(), conditions_.equals(payload(0, 2), type << 8 | type)});
  switch (type) {
    case sap::ipx: {
      const ConditionId service = conditions_.equals(payload(0, 1), sap::ipx), bare = conditions_.equals(payload(0, 2), 0xffff);
      return conditions_.any(
          {is(ether_type::ipx), conditions_.all({has_llc(), conditions_.any({snap(0, ether_type::ipx), service, bare})})});
    }
    case ether_type::appletalk: return conditions_.any({is(type), conditions_.all({has_llc(), snap(0x080007, type)})});
    case ether_type::aarp: return conditions_.any({is(type), conditions_.all({has_llc(), snap(0, type)})});
    default: return type <= max_length ? conditions_.all({has_llc(), conditions_.equals(payload(0, 1), type)}) : is(type);
  }
}

ConditionId Generator::cooked_type(u32 type) {
  const ValueId field = values_.load(type_offset_, 2);
  const auto is = [&](u32 value) { return conditions_.equals(field, value); };
  if (is_whole_llc(type)) return conditions_.all({is(cooked_802_2), conditions_.equals(payload(0, 2), type << 8 | type)});
  switch (type) {
    case sap::ipx: {
      const ConditionId service = conditions_.equals(payload(0, 1), sap::ipx);
      return conditions_.any({is(ether_type::ipx), is(cooked_802_3),
                              conditions_.all({is(cooked_802_2), conditions_.any({service, snap(0, ether_type::ipx)})})});
    }
    case ether_type::appletalk: return conditions_.any({is(type), conditions_.all({is(cooked_802_2), snap(0x080007, type)})});
    case ether_type::aarp: return conditions_.any({is(type), conditions_.all({is(cooked_802_2), snap(0, type)})});
    default: return type <= max_length ? conditions_.all({is(cooked_802_2), conditions_.equals(payload(0, 1), type)}) : is(type);
  }
}

ConditionId Generator::family(u32 type, bool native) {
  const ValueId field = values_.load(0, 4);
  const bool as_is = !native || !options_.swapped;
  const auto is = [&](u32 value) {  // files do not say which machine wrote them: a native number is sought in both orders
    const ConditionId first = conditions_.equals(field, as_is ? value : std::byteswap(value));
    if (!native) return first;
    return conditions_.any({first, conditions_.equals(field, as_is ? std::byteswap(value) : value)});
  };
  if (type == ether_type::ipv4) return is(family_ipv4);
  if (type == ether_type::ipv6) return conditions_.any({is(families_ipv6[0]), is(families_ipv6[1]), is(families_ipv6[2])});
  return conditions_.truth(false);
}

// RFC 1042: aa aa 03, three bytes of organisation, EtherType.
ConditionId Generator::snap(u32 organisation, u32 type) {
  const ConditionId low = conditions_.equals(payload(4, 4), (organisation & 0xffff) << 16 | type);
  return conditions_.all({low, conditions_.equals(payload(0, 4), 0xaaaa0300 | organisation >> 16)});
}

ConditionId Generator::mac_at(u32 offset, const MacAddress& address) {
  const ConditionId low = conditions_.equals(values_.load(offset + 2, 4), load_be<u32>(address.octet + 2));
  return conditions_.all({low, conditions_.equals(values_.load(offset, 2), load_be<u16>(address.octet))});
}

ConditionId Generator::mac(const MacAddress& address, Direction direction) {
  constexpr u32 destination = 0, source = 6;
  switch (direction) {
    case Direction::source: return mac_at(source, address);
    case Direction::destination: return mac_at(destination, address);
    case Direction::both: {
      const ConditionId first = mac_at(source, address);
      return conditions_.all({first, mac_at(destination, address)});
    }
    case Direction::either: {
      const ConditionId first = mac_at(source, address);
      return conditions_.any({first, mac_at(destination, address)});
    }
    default: return fail(Reason::not_supported, "802.11 addresses");
  }
}

}  // namespace trawl::inline v0::filter
