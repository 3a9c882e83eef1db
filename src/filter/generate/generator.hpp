// SPDX-License-Identifier: Apache-2.0 OR MIT
/// From the syntax tree to conditions, for one link type.
#pragma once
#include <span>
#include <utility>

#include "filter/generate/condition.hpp"
#include "filter/generate/numbers.hpp"
#include "filter/generate/position.hpp"
#include "filter/text/syntax.hpp"
#include "trawl/filter/filter.hpp"

namespace trawl::inline v0::filter {

/// Where the kernel may have put the outermost VLAN tag.
enum class Tag : u8 {
  in_bytes,
  in_metadata,  ///< the first `vlan` of the expression asks the metadata, and later offsets stay
};

/// Two ways to ask for a port of any transport that come to the same. Which one is shorter depends on what stands around it.
enum class Shape : u8 { transports_first, by_transport };

class Generator {
 public:
  Generator(const Tree& tree, Values& values, Conditions& conditions, LinkType link, bpf::Target target, const CompileOptions& options,
            Tag tag, Shape shape);

  /// @return Operation::compile_filter with the column of what does not work on this link type
  Result<ConditionId> generate();

 private:
  // generator.cpp
  ConditionId node(u32 index);
  ConditionId primitive(const Primitive& primitive);
  ConditionId list(std::span<const Primitive* const> primitives);
  bool collect(u32 node, std::vector<const Primitive*>& list) const;
  ConditionId byte(const Primitive& primitive);
  ConditionId length(u32 low, u32 high) { return conditions_.in_range(values_.length(), low, high); }
  ConditionId fail(Reason reason, std::string_view detail);
  ConditionId too_large(u32 value, u32 most, std::string_view what);

  // place.cpp: values at places, and the lengths of what stands before 802.11
  void set_position();
  ValueId prefix_length(Prefix prefix);
  ValueId at(const Place& place, u32 offset, u8 size);
  ValueId header(u32 offset, u8 size);
  ValueId payload(u32 offset, u8 size);
  ValueId network(u32 offset, u8 size) { return payload(position_.network + offset, size); }
  ValueId network_offset(u32 offset);
  ValueId bare_network(u32 offset, u8 size) { return payload(position_.network_bare + offset, size); }
  ValueId type_field() { return at(position_.type, 0, 2); }
  ValueId ipv4_transport();
  ValueId ipv4_transport(u32 offset, u8 size);
  ValueId ipv6_transport(u32 offset, u8 size);
  ValueId ipv6_last_header();
  ConditionId before_all(ConditionId root);
  ValueId choose(ConditionId condition, ValueId yes, ValueId no);

  // link.cpp, llc.cpp
  ConditionId link_type(u32 type);
  ConditionId ethernet_type(u32 type);
  ConditionId cooked_type(u32 type);
  ConditionId llc_type(u32 type);
  ConditionId family(u32 type, u8 size, bool native);
  ConditionId arcnet_type(u32 type);
  ConditionId frame_relay_type(u32 type);
  ConditionId frame_relay_nlpid(u32 number);
  ConditionId ppp_type(u32 type);
  ConditionId labelled_type(u32 type);
  ConditionId snap(u32 organisation, u32 type);
  ConditionId not_in_control();
  ConditionId llc();
  ConditionId llc(const Primitive& primitive);

  // address.cpp, wlan.cpp, decnet.cpp
  ConditionId mac(const MacAddress& address, Direction direction, std::string_view what);
  ConditionId macs(std::span<const Primitive* const> primitives);
  ConditionId octet(u32 address, Direction direction, std::string_view what);
  ConditionId mac_at(u32 offset, const MacAddress& address);
  ConditionId broadcast(const Primitive& primitive);
  ConditionId multicast(const Primitive& primitive);
  ConditionId group_bit(u32 offset) { return bits(header(offset, 1), 1); }
  ConditionId wlan_mac(const MacAddress& address, Direction direction);
  template <class At> ConditionId wlan_destination(At at);
  ConditionId wlan_source(const MacAddress& address);
  ConditionId wlan_multicast() {
    return wlan_destination([this](u32 offset) { return group_bit(offset); });
  }
  ConditionId wlan_field(const Primitive& primitive);
  ConditionId decnet(u32 address, Direction direction);
  ConditionId decnet_at(u32 address, bool source);

  // host.cpp, ports.cpp, protochain.cpp
  ConditionId protocol(Word word);
  ConditionId ip_protocol(u32 number, Word over);
  ConditionId ip_transport(Word word);
  ConditionId isis(Word word);
  ConditionId hosts(std::span<const Primitive* const> primitives);
  ConditionId ipv4_over(u32 type, u32 source, u32 destination, std::span<const Primitive* const> primitives);
  ConditionId ipv6_hosts(std::span<const Primitive* const> primitives);
  ConditionId ipv6_at(u32 offset, const Primitive& primitive);
  template <class At> ConditionId by_direction(Direction direction, At at);
  ConditionId ports(std::span<const Primitive* const> primitives);
  ConditionId ports_over(bool v6, u8 transport, Direction direction, const std::vector<Range>& ports);
  template <class Field> ConditionId in_direction(Direction direction, Field field, const std::vector<Range>& ranges);
  ConditionId first_fragment() { return conditions_.equals(network(6, 2), 0, 0x1fff); }
  ConditionId protocol_chain(u32 number, Word over);
  ValueId walk(u32 number, bool v6, bool gives_offset);

  // encapsulation.cpp
  ConditionId vlan(const Primitive& primitive);
  ConditionId mpls(const Primitive& primitive);
  ConditionId pppoe_session(const Primitive& primitive);
  ConditionId tunnel(const Primitive& primitive);
  void enter_geneve(ValueId udp);
  void enter_vxlan(ValueId udp);
  ConditionId bottom_of_stack() { return bits(payload(position_.network - 2, 1), 1); }

  // native.cpp: words of single link types
  ConditionId direction(bool outbound);
  ConditionId interface_index(u32 index);
  ConditionId firewall_log(const Primitive& primitive);
  ConditionId firewall_text(u32 offset, std::string_view text);
  ConditionId atm(const Primitive& primitive);
  ConditionId atm_circuit(u32 circuit);
  ConditionId atm_messages(ConditionId channel, bool acknowledged);
  ConditionId atm_discriminator(u32 value);
  ConditionId atm_lane();
  ConditionId ss7(const Primitive& primitive);

  // extension.cpp
  template <class At> ConditionId field_in(const FieldTest& test, At at);
  ConditionId fragment(bool later);
  ConditionId field(const Primitive& primitive);
  ConditionId scope(const Scope& scope);

  // arithmetic.cpp
  ConditionId relation(const Primitive& primitive);
  ConditionId compare(Computed left, Symbol relation, u32 k);
  Computed compute(const Term& term, const std::vector<Computed>& operands);
  Computed indexed(const Term& term, Computed index);
  void require(ConditionId check);

  ConditionId is(ValueId value, u32 k) { return conditions_.equals(value, k); }
  ConditionId is(ValueId value, u32 k, u32 mask) { return mask ? conditions_.equals(value, k, mask) : conditions_.truth(k == 0); }
  /// Any of these bits.
  ConditionId bits(ValueId value, u32 mask) { return conditions_.negate(conditions_.equals(value, 0, mask)); }

  const Tree& tree_;
  Values& values_;
  Conditions& conditions_;
  const LinkType link_;
  const bpf::Target target_;
  const CompileOptions& options_;
  Position position_;
  Tag tag_;
  const Shape shape_;
  Demand header_demand_, payload_demand_;  // what finding the header and the payload asks for
  bool deep_ = false;  // in `any{...}`: behind IPv6 extension headers
  bool header_used_ = false, payload_used_ = false;
  ConditionId required_ = 0;  // what a relation's accessors ask before it
  Span where_;                // of the primitive at hand
  Error error_;
};

/// `at(true)` tests the source, `at(false)` the destination.
template <class At> ConditionId Generator::by_direction(Direction direction, At at) {
  switch (direction) {
    case Direction::source: return at(true);
    case Direction::destination: return at(false);
    case Direction::both: return conditions_.all({at(true), at(false)});
    case Direction::either: return conditions_.any({at(true), at(false)});
    default: return fail(Reason::not_supported, "this direction is of 802.11 only");
  }
}

/// Whether the value `field(source)` of one or both directions is in one of the ranges. A list is asked field by field, so
/// that a packet cut behind the source may match by its source whatever place in the list that has.
template <class Field> ConditionId Generator::in_direction(Direction direction, Field field, const std::vector<Range>& ranges) {
  const auto among = [&](bool source, const std::vector<Range>& list) { return conditions_.in_any(field(source), list); };
  if (direction != Direction::both) return by_direction(direction, [&](bool source) { return among(source, ranges); });
  ConditionId result = conditions_.truth(false);
  for (const Range& range : ranges) result = conditions_.any({result, conditions_.all({among(true, {range}), among(false, {range})})});
  return result;
}

/// `at(offset)` tests the address at that offset: the third one holds the destination of data frames to an access point,
/// the first one of all other frames. Control frames have none.
template <class At> ConditionId Generator::wlan_destination(At at) {
  const auto frame = [this](u32 mask) { return bits(header(0, 1), mask); };
  const auto to_ap = [this] { return bits(header(1, 1), 0x01); };
  const ConditionId of_data = conditions_.any({conditions_.all({conditions_.negate(to_ap()), at(4)}), conditions_.all({to_ap(), at(16)})});
  const ConditionId either =
      conditions_.any({conditions_.all({conditions_.negate(frame(0x08)), at(4)}), conditions_.all({frame(0x08), of_data})});
  return conditions_.all({conditions_.negate(frame(0x04)), either});
}

}  // namespace trawl::inline v0::filter
