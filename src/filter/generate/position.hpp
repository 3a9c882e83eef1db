// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Where in the frame the words of a filter look, as `vlan`, `mpls`, `pppoes`, `geneve` and `vxlan` move it.
#pragma once
#include "filter/generate/link_layout.hpp"
#include "filter/generate/value.hpp"

namespace trawl::inline v0::filter {

/// base + offset, modulo 2^32.
struct Place {
  static constexpr ValueId fixed = ~ValueId{};
  ValueId base = fixed;
  u32 offset = 0;
  constexpr Place operator+(u32 more) const { return {base, offset + more}; }
  constexpr bool is_variable() const { return base != fixed; }
};

struct Position {
  const LinkLayout* layout;       ///< of the link header that is looked at now
  const LinkLayout* before;       ///< of the one around it
  Place header, header_before;
  Place type, payload;            ///< as LinkLayout has them
  u32 network = 0, network_bare = 0;
  unsigned labels = 0, tags = 0;  ///< of MPLS and VLAN since the outermost header
  bool encapsulated = false;      ///< in Geneve or VXLAN
};

}  // namespace trawl::inline v0::filter
