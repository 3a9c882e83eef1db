// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <bit>

#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

namespace {
// AF_INET6 of NetBSD and OpenBSD, FreeBSD, macOS; AF_INET is 2 everywhere.
constexpr u32 family_ipv4 = 2, families_ipv6[] = {30, 24, 28};
constexpr u32 ipnet_ipv4 = 2, ipnet_ipv6 = 26;          // Solaris
constexpr u32 juniper_magic = 0x4d474300;               // "MGC"
constexpr u32 compressed_tcp = 0x2d, uncompressed_tcp = 0x2f;  // RFC 1144 over PPP

// PPP protocols, IANA ppp-numbers.
constexpr struct {
  u32 ether_type, ppp;
} ppp_types[] = {
    {ether_type::ipv4, 0x21}, {ether_type::ipv6, 0x57}, {ether_type::decnet, 0x27}, {ether_type::appletalk, 0x29},
    {0x0600, 0x25},           {sap::iso, 0x23},         {sap::stp, 0x31},           {sap::ipx, 0x2b},
};
// ARCNET protocols, RFC 1201, and IPv6's.
constexpr struct {
  u32 ether_type, arcnet;
} arcnet_types[] = {
    {ether_type::ipv4, 0xd4}, {ether_type::arp, 0xd5}, {ether_type::rarp, 0xd6}, {ether_type::appletalk, 0xdd}, {ether_type::ipv6, 0xc4},
};
}  // namespace

// Does the frame carry this EtherType, or (up to 1500) this LLC service access point?
ConditionId Generator::link_type(u32 type) {
  if (position_.labels > 0) return labelled_type(type);
  const auto only = [&](u32 always) { return conditions_.truth(type == always); };
  switch (position_.layout->scheme) {
    case Scheme::ethernet:
      if (position_.before->scheme == Scheme::atm && !position_.encapsulated)
        return conditions_.all({not_in_control(), ethernet_type(type)});
      return ethernet_type(type);
    case Scheme::cooked: return cooked_type(type);
    case Scheme::llc: return llc_type(type);
    case Scheme::wlan: return conditions_.all({is(header(0, 1), 0x08, 0x0c), llc_type(type)});
    case Scheme::atm: return conditions_.all({atm_discriminator(2), llc_type(type)});
    case Scheme::ether_type:
    case Scheme::hdlc:
      if (type > 0xffff) return too_large(type, 0xffff, "a type");
      return is(type_field(), position_.layout->scheme == Scheme::hdlc && type == sap::iso ? type << 8 | type : type);
    case Scheme::ppp: return ppp_type(type);
    case Scheme::ppp_bsdos:
      if (type != ether_type::ipv4) return ppp_type(type);
      return conditions_.any({ppp_type(type), is(type_field(), compressed_tcp), is(type_field(), uncompressed_tcp)});
    case Scheme::version:
      if (type != ether_type::ipv4 && type != ether_type::ipv6) return conditions_.truth(false);
      return is(header(0, 1), type == ether_type::ipv4 ? 0x40 : 0x60, 0xf0);
    case Scheme::ipv4: return only(ether_type::ipv4);
    case Scheme::ipv6: return only(ether_type::ipv6);
    case Scheme::local_talk: return only(ether_type::appletalk);
    case Scheme::family_native: return family(type, 4, true);
    case Scheme::family_big: return family(type, 4, false);
    case Scheme::family_byte: return family(type, 1, false);
    case Scheme::arcnet: return arcnet_type(type);
    case Scheme::frame_relay: return frame_relay_type(type);
    case Scheme::juniper: return is(header(0, 4), juniper_magic, 0xffffff00);
    case Scheme::ipnet:
      if (type != ether_type::ipv4 && type != ether_type::ipv6) return conditions_.truth(false);
      return is(at(position_.type, 0, 1), type == ether_type::ipv4 ? ipnet_ipv4 : ipnet_ipv6);
    case Scheme::none: break;
  }
  return fail(Reason::not_supported, "this link type does not say what it carries");
}

ConditionId Generator::ppp_type(u32 type) {
  if (type > 0xffff) return too_large(type, 0xffff, "a PPP protocol");
  for (const auto& known : ppp_types)
    if (known.ether_type == type) return is(type_field(), known.ppp);
  return is(type_field(), type);
}

ConditionId Generator::arcnet_type(u32 type) {
  for (const auto& known : arcnet_types)
    if (known.ether_type == type) return is(at(position_.type, 0, 1), known.arcnet);
  return conditions_.truth(false);
}

ConditionId Generator::family(u32 type, u8 size, bool native) {
  const ValueId field = header(size == 1 ? 1 : 0, size);
  const bool as_is = !native || !options_.swapped;
  const auto of = [&](u32 value) { return is(field, as_is ? value : std::byteswap(value)); };
  // Files do not say which machine wrote them: a native number is sought in both orders.
  const auto other = [&](u32 value) { return is(field, as_is ? std::byteswap(value) : value); };
  if (type == ether_type::ipv4) return native ? conditions_.any({of(family_ipv4), other(family_ipv4)}) : of(family_ipv4);
  if (type != ether_type::ipv6) return conditions_.truth(false);
  const ConditionId first = conditions_.any({of(families_ipv6[0]), of(families_ipv6[1]), of(families_ipv6[2])});
  if (!native) return first;
  return conditions_.any({first, conditions_.any({other(families_ipv6[0]), other(families_ipv6[1]), other(families_ipv6[2])})});
}

// RFC 2427: the control byte 03, then the NLPID.
ConditionId Generator::frame_relay_nlpid(u32 number) { return is(header(2, 2), 0x0300 | number); }
ConditionId Generator::frame_relay_type(u32 type) {
  switch (type) {
    case ether_type::ipv4: return frame_relay_nlpid(nlpid::ipv4);
    case ether_type::ipv6: return frame_relay_nlpid(nlpid::ipv6);
    case sap::iso: return conditions_.any({frame_relay_nlpid(nlpid::clnp), frame_relay_nlpid(nlpid::esis), frame_relay_nlpid(nlpid::isis)});
    default: return conditions_.truth(false);
  }
}

// Labels do not say what they carry: behind the last one it is IP of the version that its first bits say.
ConditionId Generator::labelled_type(u32 type) {
  if (type != ether_type::ipv4 && type != ether_type::ipv6) return fail(Reason::not_supported, "only ip and ip6 can be told behind MPLS");
  return conditions_.all({bottom_of_stack(), is(network(0, 1), type == ether_type::ipv4 ? 0x40 : 0x60, 0xf0)});
}

}  // namespace trawl::inline v0::filter
