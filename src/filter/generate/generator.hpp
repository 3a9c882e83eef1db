// SPDX-License-Identifier: Apache-2.0 OR MIT
/// From the syntax tree to conditions, for one link type.
#pragma once
#include "filter/generate/condition.hpp"
#include "filter/generate/link_layout.hpp"
#include "filter/text/syntax.hpp"
#include "trawl/filter/filter.hpp"

namespace trawl::inline v0::filter {

namespace ether_type {
inline constexpr u32 ipv4 = 0x0800, arp = 0x0806, vlan = 0x8100, service_vlan = 0x88a8, qinq = 0x9100, ipv6 = 0x86dd, rarp = 0x8035,
                     ipx = 0x8137, appletalk = 0x809b, aarp = 0x80f3, mop_dump = 0x6001, mop_console = 0x6002, decnet = 0x6003,
                     lat = 0x6004, sca = 0x6007;
}
namespace sap {
inline constexpr u32 iso = 0xfe, stp = 0x42, ipx = 0xe0, netbeui = 0xf0, ip = 0x06;
}

/// Where the kernel may have put the outermost VLAN tag.
enum class Tag : u8 {
  in_bytes,
  in_metadata,  ///< the first `vlan` of the expression asks the metadata, and later offsets stay
};

class Generator {
 public:
  Generator(const Tree& tree, Values& values, Conditions& conditions, LinkType link, bpf::Target target, const CompileOptions& options,
            Tag tag);

  /// @return Operation::compile_filter with the column of what does not work on this link type
  Result<ConditionId> generate();

 private:
  // generator.cpp
  ConditionId node(u32 index);
  ConditionId primitive(const Primitive& primitive);
  ConditionId broadcast(const Primitive& primitive);
  ConditionId multicast(const Primitive& primitive);
  ConditionId direction(bool outbound);
  ConditionId interface_index(u32 index);
  ConditionId vlan(const Primitive& primitive);
  ConditionId byte(const Primitive& primitive);
  ConditionId length(u32 low, u32 high) { return conditions_.in_range(values_.length(), low, high); }
  ConditionId fail(Reason reason, std::string_view detail);

  // link.cpp
  ConditionId link_type(u32 type);
  ConditionId ethernet_type(u32 type);
  ConditionId cooked_type(u32 type);
  ConditionId family(u32 type, bool native);
  ConditionId snap(u32 organisation, u32 type);
  ConditionId mac(const MacAddress& address, Direction direction);
  ConditionId mac_at(u32 offset, const MacAddress& address);

  // host.cpp
  ConditionId protocol(Word word);
  ConditionId ip_protocol(u32 number, Word over);
  ConditionId host(const Primitive& primitive);
  ConditionId ipv4_over(u32 type, u32 source, u32 destination, const Primitive& primitive);
  ConditionId ipv6_host(const Primitive& primitive);
  ConditionId ipv6_at(u32 offset, const Primitive& primitive);
  template <class At> ConditionId by_direction(Direction direction, At at);
  ConditionId ports(const Primitive& primitive);
  ConditionId first_fragment();

  // arithmetic.cpp
  ConditionId relation(const Primitive& primitive);
  Computed compute(const Term& term, const std::vector<Computed>& terms);
  Computed indexed(const Term& term, Computed index);
  void require(ConditionId check);

  ValueId payload(u32 offset, u8 size) { return values_.load(payload_offset_ + offset, size); }
  ValueId transport(u32 offset, u8 size) { return values_.indexed(values_.header(payload_offset_), payload_offset_ + offset, size); }

  const Tree& tree_;
  Values& values_;
  Conditions& conditions_;
  const LinkLayout layout_;
  const bpf::Target target_;
  const CompileOptions& options_;
  u32 type_offset_, payload_offset_;
  Tag tag_;
  ConditionId required_ = 0;  // what a relation's accessors ask before it
  Span where_;                // of the primitive at hand
  Error error_;
};

}  // namespace trawl::inline v0::filter
