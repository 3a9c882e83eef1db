// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/generator.hpp"

namespace trawl::inline v0::filter {

// Is this the protocol of the packet, or of a header behind it? Kernels take no loops: for them the walk is unrolled.
ConditionId Generator::protocol_chain(u32 number, Word over) {
  if (position_.payload.is_variable()) return fail(Reason::not_supported, "'protochain' behind headers of variable length");
  if (over == Word::none) return conditions_.any({protocol_chain(number, Word::ip), protocol_chain(number, Word::ip6)});
  const bool v6 = over == Word::ip6;
  constexpr u16 longest_ipv6 = 16, longest_ipv4 = 4;
  const HeaderChain chain{.start = position_.payload.offset + position_.network,
                          .number = u8(number),
                          .v6 = v6,
                          .steps = target_ == bpf::Target::offline ? u16{0}
                                   : v6                            ? longest_ipv6
                                                                   : longest_ipv4};
  const ValueId last = values_.walk(chain, v6 ? values_.constant(40) : ipv4_transport(), network(v6 ? 6 : 9, 1));
  return conditions_.all({link_type(v6 ? ether_type::ipv6 : ether_type::ipv4), is(last, number)});
}

}  // namespace trawl::inline v0::filter
