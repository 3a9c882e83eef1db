// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

namespace op = bpf::op;

namespace {

// Radiotap: the bitmap of fields at 4 is little-endian; flags follow a time stamp of 8 bytes where there is one.
constexpr u32 present_flags = 0x02000000, present_more = 0x00000080, present_time = 0x01000000;
constexpr u32 flag_padded = 0x20;
constexpr u32 prism_bytes = 144, avs_cookie = 0x80211000;

}  // namespace

// Bytes before the 802.11 header, or before the packet of a PF log.
ValueId Generator::prefix_length(Prefix prefix) {
  Values& v = values_;
  switch (prefix) {
    case Prefix::radiotap:
    case Prefix::ppi: return v.binary(op::or_, v.load(2, 1), v.binary(op::lsh, v.load(3, 1), v.constant(8)));
    case Prefix::avs: return v.load(4, 4);
    case Prefix::prism: {  // what is called Prism may be AVS
      const ValueId cookie = v.binary(op::and_, v.load(0, 4), v.constant(0xfffff000));
      return v.choose({cookie, avs_cookie, avs_cookie}, v.load(4, 4), v.constant(prism_bytes));
    }
    case Prefix::pflog: return v.binary(op::and_, v.binary(op::add, v.load(0, 1), v.constant(3)), v.constant(~u32{3}));
    case Prefix::none: break;
  }
  return v.constant(0);
}

void Generator::set_position() {
  Values& v = values_;
  const LinkLayout& layout = layout_of(link_);
  position_ = {.layout = &layout,
               .before = &layout,
               .header = {Place::fixed, layout.header},
               .header_before = {},
               .type = {Place::fixed, layout.type},
               .payload = {Place::fixed, layout.payload},
               .network = layout.network,
               .network_bare = layout.network_bare};
  if (layout.prefix == Prefix::pflog) {
    position_.payload.base = prefix_length(layout.prefix);
    payload_demand_ = v[position_.payload.base].demand;
  }
  if (layout.scheme == Scheme::wlan) {
    if (layout.prefix != Prefix::none) {
      position_.header = {prefix_length(layout.prefix), 0};
      header_demand_ = v[position_.header.base].demand;
    }
    // Two more bytes when the frame has quality of service: only data frames are ever looked into.
    const ValueId control = at(position_.header, 0, 1);
    payload_demand_ = v[control].demand;
    ValueId base = v.binary(op::and_, v.binary(op::rsh, control, v.constant(6)), v.constant(2));
    if (position_.header.is_variable()) base = v.binary(op::add, base, position_.header.base);
    if (layout.prefix == Prefix::radiotap) {  // and the driver may have padded the header to four bytes
      const ValueId present = v.load(4, 4);
      const ValueId first = v.choose({v.binary(op::and_, present, v.constant(present_time)), 0, 0}, v.load(8, 1), v.load(16, 1));
      const ValueId padded = v.binary(op::and_, v.binary(op::rsh, first, v.constant(5)), v.constant(flag_padded >> 5));
      const ValueId known = v.binary(op::and_, present, v.constant(present_flags | present_more));
      const ValueId pad = v.choose({known, present_flags, present_flags}, v.binary(op::mul, padded, v.constant(3)), v.constant(0));
      base = v.binary(op::and_, v.binary(op::add, base, pad), v.binary(op::xor_, pad, v.constant(~u32{})));
    }
    position_.payload = {base, layout.payload};
  }
  position_.header_before = position_.header;
}

ValueId Generator::at(const Place& place, u32 offset, u8 size) {
  return place.is_variable() ? values_.indexed(place.base, place.offset + offset, size) : values_.load(place.offset + offset, size);
}
ValueId Generator::header(u32 offset, u8 size) {
  header_used_ = true;
  return at(position_.header, offset, size);
}
ValueId Generator::payload(u32 offset, u8 size) {
  payload_used_ = true;
  return at(position_.payload, offset, size);
}

ValueId Generator::network_offset(u32 offset) {
  payload_used_ = true;
  const Place place = position_.payload + (position_.network + offset);
  const ValueId constant = values_.constant(place.offset);
  return place.is_variable() ? values_.binary(op::add, place.base, constant) : constant;
}

// Where the header above IPv4 begins, short of payload.offset + network.
ValueId Generator::ipv4_transport() {
  payload_used_ = true;
  const Place place = position_.payload + position_.network;
  if (!place.is_variable()) return values_.header(place.offset);
  const ValueId words = values_.binary(op::and_, at(place, 0, 1), values_.constant(0xf));
  return values_.binary(op::add, values_.binary(op::lsh, words, values_.constant(2)), place.base);
}
ValueId Generator::ipv4_transport(u32 offset, u8 size) {
  return values_.indexed(ipv4_transport(), position_.payload.offset + position_.network + offset, size);
}

// The value that a condition chooses.
ValueId Generator::choose(ConditionId id, ValueId yes, ValueId no) {
  const Condition& condition = conditions_[id];
  switch (condition.kind) {
    case Condition::Kind::always: return yes;
    case Condition::Kind::never: return no;
    case Condition::Kind::test: return values_.choose({condition.test.value, condition.test.low, condition.test.high}, yes, no);
    case Condition::Kind::negation: return choose(condition.first, no, yes);
    case Condition::Kind::set: {
      ValueId result = no;
      for (const Range& range : conditions_.ranges(id)) result = values_.choose({condition.test.value, range.low, range.high}, yes, result);
      return result;
    }
    case Condition::Kind::chain: break;
  }
  std::vector<ConditionId> operands;
  for (ConditionId at = condition.first; at; at = conditions_[at].next) operands.push_back(at);
  for (size_t i = operands.size(); i-- > 1;) {
    const ValueId decided = choose(operands[i], yes, no);
    (conditions_[operands[i]].joined_by_or ? no : yes) = decided;
  }
  return choose(operands[0], yes, no);
}

// Headers of variable length are measured first of all: a frame that is cut inside them never matches.
ConditionId Generator::before_all(ConditionId root) {
  Demand demand;
  if (payload_used_) demand = header_demand_ | payload_demand_;
  else if (header_used_) demand = header_demand_;
  if (!(demand == Demand{})) root = conditions_.all({conditions_.in_range(Computed{values_.constant(0), demand}, 0, 0), root});
  constexpr u32 ppi_802_11 = 0x69000000;  // LINKTYPE 105, little-endian
  if (position_.layout->prefix == Prefix::ppi) root = conditions_.all({is(values_.load(4, 4), ppi_802_11), root});
  return root;
}

}  // namespace trawl::inline v0::filter
