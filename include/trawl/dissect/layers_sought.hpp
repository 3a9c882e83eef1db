// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Which layers somebody asks for, so that a dissection can end where none of them can come any more.
#pragma once
#include "trawl/dissect/dissection.hpp"

namespace trawl::inline v0 {

/// Some protocols of a catalog, and what lies on the ways to them. A value of 128 bytes; made for one catalog, which must not
/// change afterwards.
class LayersSought {
 public:
  /// None yet: a dissection for it has no layers.
  LayersSought() = default;
  TRAWL_API void add(wire::ProtocolIndex protocol);
  TRAWL_API void add_all();
  /// Finds the ways to what was added, through tunnels and tags of any depth. Once, after the last add(): some microseconds.
  TRAWL_API void find_ways(const wire::Catalog& catalog);

  /// Whether a layer of this protocol is asked for, or may have such a layer behind it.
  bool wants(wire::ProtocolIndex protocol) const { return has(wanted_, protocol); }
  /// Whether a layer that is asked for may come behind one of this protocol.
  bool goes_past(wire::ProtocolIndex protocol) const { return has(passed_, protocol); }

 private:
  static constexpr unsigned words = wire::Catalog::max_records / 64;
  static bool has(const u64 (&set)[words], wire::ProtocolIndex i) { return set[i / 64] >> (i % 64) & 1; }
  static bool put(u64 (&set)[words], wire::ProtocolIndex i);
  u64 wanted_[words] = {}, passed_[words] = {};
};

/// The first layers of what dissect() gives, every one of those sought among them. The rest is left out, and so is a fault in it;
/// a layer that is asked for and faulty is the fault, as there.
TRAWL_API Dissection dissect(const Frame& frame, const wire::Catalog& catalog, const LayersSought& sought);

}  // namespace trawl::inline v0
