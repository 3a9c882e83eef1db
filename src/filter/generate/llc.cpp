// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

namespace {
constexpr u32 cooked_802_3 = 1, cooked_802_2 = 4;  // linux/if_ether.h ETH_P_802_3, ETH_P_802_2
constexpr u32 apple = 0x080007;

// Those whose source and destination are looked at.
bool is_whole_llc(u32 type) { return type == sap::iso || type == sap::ip || type == sap::netbeui; }
}  // namespace

ConditionId Generator::ethernet_type(u32 type) {
  if (type > 255 && type <= max_802_3_length) return too_large(type, 255, "an LLC service access point");
  if (type > 0xffff) return too_large(type, 0xffff, "an EtherType");
  const ValueId field = type_field();
  const auto has_llc = [&] { return conditions_.in_range(field, 0, max_802_3_length); };
  if (is_whole_llc(type)) return conditions_.all({has_llc(), is(payload(0, 2), type << 8 | type)});
  switch (type) {
    case sap::ipx: {
      const ConditionId bare = is(payload(0, 2), 0xffff);
      return conditions_.any(
          {is(field, ether_type::ipx),
           conditions_.all({has_llc(), conditions_.any({snap(0, ether_type::ipx), is(payload(0, 1), sap::ipx), bare})})});
    }
    case ether_type::appletalk: return conditions_.any({is(field, type), conditions_.all({has_llc(), snap(apple, type)})});
    case ether_type::aarp: return conditions_.any({is(field, type), conditions_.all({has_llc(), snap(0, type)})});
    default: return type <= max_802_3_length ? conditions_.all({has_llc(), is(at(position_.type, 2, 1), type)}) : is(field, type);
  }
}

ConditionId Generator::cooked_type(u32 type) {
  if (type > 255 && type <= max_802_3_length) return too_large(type, 255, "an LLC service access point");
  if (type > 0xffff) return too_large(type, 0xffff, "an EtherType");
  const ValueId field = type_field();
  const auto has_llc = [&] { return is(field, cooked_802_2); };
  if (is_whole_llc(type)) return conditions_.all({has_llc(), is(payload(0, 2), type << 8 | type)});
  switch (type) {
    case sap::ipx:
      return conditions_.any({is(field, ether_type::ipx), is(field, cooked_802_3),
                              conditions_.all({has_llc(), conditions_.any({is(payload(0, 1), sap::ipx), snap(0, ether_type::ipx)})})});
    case ether_type::appletalk: return conditions_.any({is(field, type), conditions_.all({has_llc(), snap(apple, type)})});
    case ether_type::aarp: return conditions_.any({is(field, type), conditions_.all({has_llc(), snap(0, type)})});
    default: return type <= max_802_3_length ? conditions_.all({has_llc(), is(payload(0, 1), type)}) : is(field, type);
  }
}

// Where LLC is all there is: EtherTypes are behind SNAP, whose header is taken for granted.
ConditionId Generator::llc_type(u32 type) {
  if (type > 255 && type <= max_802_3_length) return too_large(type, 255, "an LLC service access point");
  if (type > 0xffff) return too_large(type, 0xffff, "an EtherType");
  if (is_whole_llc(type)) return is(payload(0, 2), type << 8 | type);
  if (type == ether_type::appletalk) return snap(apple, type);
  return type <= max_802_3_length ? is(payload(0, 1), type) : is(payload(6, 2), type);
}

// RFC 1042: aa aa 03, three bytes of organisation, EtherType.
ConditionId Generator::snap(u32 organisation, u32 type) {
  return conditions_.all({is(payload(4, 4), (organisation & 0xffff) << 16 | type), is(payload(0, 4), 0xaaaa0300 | organisation >> 16)});
}

ConditionId Generator::llc() {
  if (position_.layout->llc) {
    switch (position_.layout->scheme) {
      case Scheme::ethernet: {  // ffff is Novell's IPX without LLC
        const ConditionId short_enough = conditions_.in_range(type_field(), 0, max_802_3_length);
        return conditions_.all({short_enough, conditions_.negate(is(payload(0, 2), 0xffff))});
      }
      case Scheme::atm: return atm_discriminator(2);
      case Scheme::wlan: return is(header(0, 1), 0x08, 0x0c);
      default: return conditions_.truth(true);
    }
  }
  return fail(Reason::not_supported, "'llc' on this link type");
}

// The control byte; has_number: with which mask.
ConditionId Generator::llc(const Primitive& p) {
  const ConditionId present = llc();
  return p.has_number ? conditions_.all({present, is(payload(2, 1), p.number, p.number2)}) : present;
}

}  // namespace trawl::inline v0::filter
