// SPDX-License-Identifier: Apache-2.0 OR MIT
// Words that say that a header is there and that everything after them in the text is about what is behind it.
#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {
constexpr u32 vlan_id = 0xfff, tag_bytes = 4, label_bytes = 4, label_shift = 12;
constexpr u32 ppp_mpls = 0x281;
constexpr u32 udp_bytes = 8;
// UDP destination ports; bytes 0 of their headers; VNIs at 4, three bytes (RFC 8926 3.4, RFC 7348 5).
struct Tunnel {
  u16 port;
  u8 mask, flags;
};
constexpr Tunnel geneve{6081, 0xc0, 0x00}, vxlan{4789, 0xff, 0x08};
}  // namespace

ConditionId Generator::vlan(const Primitive& p) {
  if (position_.labels > 0) return fail(Reason::not_supported, "'vlan' behind MPLS");
  if (!position_.layout->vlan) return fail(Reason::not_supported, "'vlan' on this link type");
  const bool outermost = position_.tags++ == 0 && position_.layout->link == link_ && !position_.encapsulated;
  if (tag_ == Tag::in_metadata && outermost) {
    tag_ = Tag::in_bytes;
    return p.has_number ? is(values_.ancillary(bpf::ancillary::vlan_tag), p.number, vlan_id) : conditions_.truth(true);
  }
  ConditionId result = conditions_.any({link_type(ether_type::vlan), link_type(ether_type::service_vlan), link_type(ether_type::qinq)});
  if (p.has_number) result = conditions_.all({result, is(network(0, 2), p.number, vlan_id)});
  position_.type.offset += tag_bytes, position_.payload.offset += tag_bytes;
  return result;
}

ConditionId Generator::mpls(const Primitive& p) {
  ConditionId result = 0;
  if (position_.labels > 0) result = conditions_.negate(bottom_of_stack());
  else if (position_.layout->mpls) result = link_type(position_.layout->scheme == Scheme::ppp ? ppp_mpls : ether_type::mpls);
  else return fail(Reason::not_supported, "'mpls' on this link type");
  if (p.has_number) result = conditions_.all({result, is(network(0, 4), p.number << label_shift, ~u32{} << label_shift)});
  position_.network += label_bytes, position_.network_bare += label_bytes, ++position_.labels;
  return result;
}

ConditionId Generator::pppoe_session(const Primitive& p) {
  ConditionId result = link_type(ether_type::pppoe_session);
  if (p.has_number) result = conditions_.all({result, is(network(2, 2), p.number)});
  position_.before = position_.layout, position_.header_before = position_.header;
  position_.layout = &layout_of(LinkType::ppp);
  constexpr u32 pppoe_bytes = 6, ppp_bytes = 2;
  position_.header = position_.type = position_.payload + (position_.network + pppoe_bytes);
  position_.payload = position_.header + ppp_bytes;
  position_.network = position_.network_bare = 0;
  return result;
}

ConditionId Generator::tunnel(const Primitive& p) {
  const Tunnel& kind = p.kind == PrimitiveKind::geneve ? geneve : vxlan;
  const u32 port = p.number2 ? p.number2 : kind.port;
  const auto over = [&](bool v6) {
    const auto udp = [&](u32 offset, u8 size) { return v6 ? ipv6_transport(offset, size) : ipv4_transport(offset, size); };
    ConditionId check = conditions_.all(
        {ports_over(v6, ip_number::udp, Direction::destination, {{port, port}}), is(udp(udp_bytes, 1), kind.flags, kind.mask)});
    if (p.has_number) check = conditions_.all({check, is(udp(udp_bytes + 4, 4), p.number << 8, 0xffffff00)});
    return check;
  };
  const ConditionId found = conditions_.any({over(false), over(true)});
  const ValueId forty = values_.constant(40);
  const ValueId v6 = position_.payload.is_variable() ? values_.binary(op::add, position_.payload.base, forty) : forty;
  const ValueId udp = choose(link_type(ether_type::ipv4), ipv4_transport(), v6);
  p.kind == PrimitiveKind::geneve ? enter_geneve(udp) : enter_vxlan(udp);
  position_.encapsulated = true;
  position_.labels = 0;
  return found;
}

// `udp`: of the UDP header, short of payload.offset + network.
void Generator::enter_geneve(ValueId udp) {
  const u32 start = position_.payload.offset + position_.network + udp_bytes;
  const ValueId words = values_.binary(op::and_, values_.indexed(udp, start, 1), values_.constant(0x3f));
  const ValueId inside = values_.binary(op::add, values_.binary(op::lsh, words, values_.constant(2)), udp);
  const ValueId type = values_.indexed(udp, start + 2, 2);
  const auto if_ethernet = [&](ValueId yes, ValueId no) {
    return values_.choose({type, ether_type::bridged, ether_type::bridged}, yes, no);
  };
  const auto plus = [&](ValueId base, u32 more) { return values_.binary(op::add, base, values_.constant(more)); };
  position_.before = position_.layout, position_.header_before = position_.header;
  position_.layout = &layout_of(LinkType::ethernet);
  position_.header = {inside, start + 8};
  position_.payload = {if_ethernet(plus(inside, 14), inside), start + 8};
  position_.type = {if_ethernet(plus(inside, 18), udp), start + 2};
  position_.network = 0;
}

void Generator::enter_vxlan(ValueId udp) {
  const u32 inside = position_.payload.offset + position_.network + udp_bytes + 8;
  position_.before = position_.layout, position_.header_before = position_.header;
  position_.layout = &layout_of(LinkType::ethernet);
  position_.header = {udp, inside};
  position_.payload = {udp, inside + 14};
  position_.type = {udp, inside + 12};
  position_.network = 0;
}

}  // namespace trawl::inline v0::filter
