// SPDX-License-Identifier: Apache-2.0 OR MIT
// Words that belong to single link types: directions, PF logs, SunATM, SS7.
#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

namespace {
constexpr u32 outgoing = 4;  // linux/if_packet.h PACKET_OUTGOING

// OpenBSD's struct pfloghdr.
namespace pf {
constexpr u32 action = 2, reason = 3, interface = 4, ruleset = 20, rule = 36, subrule = 40;
constexpr LinkType link{117};
}  // namespace pf

// SunATM: a byte of flags with the protocol in its low half, VPI, VCI, then the packet.
namespace sun {
constexpr u32 discriminator = 0, vpi = 1, vci = 2, packet = 4, message = packet + 5;
constexpr LinkType link{123};
}  // namespace sun

// Signalling and management channels, ATM Forum UNI 3.1: `vci` on VPI 0.
constexpr struct {
  Word word;
  u32 vci;
} channels[] = {{Word::metac, 1}, {Word::bcc, 2}, {Word::oamf4sc, 3}, {Word::oamf4ec, 4}, {Word::sc, 5}, {Word::ilmic, 16}};
// Q.2931 messages that set a connection up and end it; the one before the last acknowledges.
constexpr u32 messages[] = {0x05, 0x02, 0x07, 0x4d, 0x5a}, connect_acknowledge = 0x0f;
}  // namespace

ConditionId Generator::direction(bool outbound) {
  if (const DirectionField* field = direction_of(position_.layout->link)) {
    const ValueId value = header(field->offset, field->size);
    if (field->not_out && !outbound) return conditions_.negate(is(value, field->out, field->mask));
    return is(value, outbound ? field->out : field->in, !outbound && field->in_mask ? field->in_mask : field->mask);
  }
  if (target_ != bpf::Target::live) return fail(Reason::needs_live_capture, outbound ? "outbound" : "inbound");
  const ConditionId out = is(values_.ancillary(bpf::ancillary::packet_type), outgoing);
  return outbound ? out : conditions_.negate(out);
}

ConditionId Generator::interface_index(u32 index) {
  if (position_.layout->link == LinkType::linux_sll2) return is(header(4, 4), index);
  if (target_ == bpf::Target::live) return is(values_.ancillary(bpf::ancillary::interface_index), index);
  return fail(Reason::needs_live_capture, "ifindex");
}

ConditionId Generator::firewall_text(u32 offset, std::string_view text) {
  ConditionId result = conditions_.truth(true);
  for (size_t at = 0; at < text.size();) {
    const u8 size = text.size() - at >= 4 ? 4 : text.size() - at >= 2 ? 2 : 1;
    u32 value = 0;
    for (u8 i = 0; i < size; ++i) value = value << 8 | u8(text[at + i]);
    result = conditions_.all({result, is(header(offset + u32(at), size), value)});
    at += size;
  }
  return result;
}

ConditionId Generator::firewall_log(const Primitive& p) {
  if (position_.layout->link != pf::link) return fail(Reason::not_supported, "this is a word of PF logs");
  switch (p.word) {
    case Word::ifname: return firewall_text(pf::interface, tree_.texts[p.number]);
    case Word::rset: return firewall_text(pf::ruleset, tree_.texts[p.number]);
    case Word::rnr: return is(header(pf::rule, 4), p.number);
    case Word::srnr: return is(header(pf::subrule, 4), p.number);
    case Word::reason: return is(header(pf::reason, 1), p.number);
    default: return is(header(pf::action, 1), p.number);
  }
}

ConditionId Generator::atm_discriminator(u32 value) { return is(header(sun::discriminator, 1), value, 0x0f); }
ConditionId Generator::atm_circuit(u32 circuit) { return conditions_.all({is(header(sun::vpi, 1), 0), is(header(sun::vci, 2), circuit)}); }

ConditionId Generator::atm_messages(ConditionId channel, bool acknowledged) {
  ConditionId any = acknowledged ? is(header(sun::message, 1), connect_acknowledge) : conditions_.truth(false);
  for (const u32 message : messages) any = conditions_.any({any, is(header(sun::message, 1), message)});
  return conditions_.all({channel, any});
}

// LAN emulation: two bytes of its own, then Ethernet.
ConditionId Generator::atm_lane() {
  const ConditionId result = atm_discriminator(1);
  position_.before = position_.layout, position_.header_before = position_.header;
  position_.layout = &layout_of(LinkType::ethernet);
  const Place frame{Place::fixed, sun::packet + 2};
  position_.header = frame, position_.type = frame + 12, position_.payload = frame + 14;
  position_.network = 0, position_.network_bare = 3;
  return result;
}

ConditionId Generator::atm(const Primitive& p) {
  if (link_ != sun::link) return where_ = {p.left, p.right}, fail(Reason::not_supported, "this is a word of SunATM");
  for (const auto& channel : channels)
    if (channel.word == p.word) return atm_circuit(channel.vci);
  switch (p.word) {
    case Word::lane: return atm_lane();
    case Word::oam:
    case Word::oamf4:
      return conditions_.all({is(header(sun::vpi, 1), 0), conditions_.any({is(header(sun::vci, 2), 3), is(header(sun::vci, 2), 4)})});
    case Word::connectmsg: return atm_messages(atm_circuit(5), true);
    case Word::metaconnect: return atm_messages(atm_circuit(1), false);
    default: break;
  }
  const bool is_path = p.word == Word::vpi;
  const u32 most = is_path ? 0xff : 0xffff;
  if (p.number > most) return too_large(p.number, most, is_path ? "a VPI" : "a VCI");
  const ValueId field = header(is_path ? sun::vpi : sun::vci, is_path ? 1 : 2);
  return compare({field, values_[field].demand}, p.relation, p.number);
}

ConditionId Generator::ss7(const Primitive& p) {
  const Ss7Layout* layout = ss7_layout_of(link_);
  if (!layout) return where_ = {p.left, p.right}, fail(Reason::not_supported, "this is a word of SS7");
  // Fields are compared as they lie in the frame: point codes are little-endian and may share bytes (Q.704 14.2.1).
  const bool long_form = p.word >= Word::hfisu && (p.word <= Word::hmsu || p.word >= Word::hsio);
  const u32 shift = long_form ? 3 : 0;
  const auto masked = [&](u32 offset, u8 size, u32 mask) {
    const ValueId whole = values_.load(offset, size);
    const ValueId part = values_.binary(bpf::op::and_, whole, values_.constant(mask));
    return Computed{part, values_[whole].demand};
  };
  const auto units = [&](Symbol relation, u32 k) {
    return long_form ? compare(masked(layout->long_length, 2, 0xff80), relation, k << 7)
                     : compare(masked(layout->length, 1, 0x3f), relation, k);
  };
  const auto field = [&](u32 offset, u8 size, u32 mask, u32 most, u32 value) {
    return p.number > most ? too_large(p.number, most, name(p.word)) : compare(masked(offset, size, mask), p.relation, value);
  };
  constexpr u32 point_codes = 0x3fff;
  const u32 n = p.number;
  switch (p.word) {
    case Word::fisu:
    case Word::hfisu: return units(Symbol::equal, 0);
    case Word::lssu:
    case Word::hlssu: return conditions_.all({units(Symbol::greater, 0), units(Symbol::at_most, 2)});
    case Word::msu:
    case Word::hmsu: return units(Symbol::greater, 2);
    case Word::sio:
    case Word::hsio: return field(layout->service + shift, 1, 0xff, 0xff, n);
    case Word::opc:
    case Word::hopc: return field(layout->origin + shift, 4, __builtin_bswap32(point_codes << 14), point_codes, __builtin_bswap32(n << 14));
    case Word::dpc:
    case Word::hdpc: return field(layout->destination + shift, 2, __builtin_bswap16(point_codes), point_codes, __builtin_bswap16(u16(n)));
    default: return field(layout->selection + shift, 1, 0xf0, 0xf, n << 4);
  }
}

}  // namespace trawl::inline v0::filter
