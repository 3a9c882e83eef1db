// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

// Is this the protocol of the packet, or of a header behind it? Kernels take no loops: for them the walk is unrolled.
ConditionId Generator::protocol_chain(u32 number, Word over) {
  if (position_.payload.is_variable()) return fail(Reason::not_supported, "'protochain' behind headers of variable length");
  if (over == Word::none) return conditions_.any({protocol_chain(number, Word::ip), protocol_chain(number, Word::ip6)});
  const bool v6 = over == Word::ip6;
  const ValueId last = walk(number, v6, false);
  return conditions_.all({link_type(v6 ? ether_type::ipv6 : ether_type::ipv4), is(last, number)});
}

ValueId Generator::walk(u32 number, bool v6, bool gives_offset) {
  constexpr u16 longest_ipv6 = 16, longest_ipv4 = 4;
  const HeaderChain chain{.start = position_.payload.offset + position_.network,
                          .number = u8(number),
                          .v6 = v6,
                          .gives_offset = gives_offset,
                          .steps = target_ == bpf::Target::offline ? u16{0}
                                   : v6                            ? longest_ipv6
                                                                   : longest_ipv4};
  const ValueId number_field = network(v6 ? 6 : 9, 1);
  if (!v6) return values_.walk(chain, ipv4_transport(), number_field);
  const ValueId forty = values_.constant(40);
  return values_.walk(chain, position_.payload.is_variable() ? values_.binary(bpf::op::add, position_.payload.base, forty) : forty,
                      number_field);
}

// In `any{...}` extension headers are looked through; elsewhere IPv6 is asked as it has always been: for the next header alone.
ValueId Generator::ipv6_last_header() { return deep_ ? walk(ip_number::none, true, false) : network(6, 1); }
ValueId Generator::ipv6_transport(u32 offset, u8 size) {
  if (!deep_) return network(40 + offset, size);
  return values_.indexed(walk(ip_number::none, true, true), position_.payload.offset + position_.network + offset, size);
}

}  // namespace trawl::inline v0::filter
