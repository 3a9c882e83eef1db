// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/layers_sought.hpp"

namespace trawl::inline v0 {

bool LayersSought::put(u64 (&set)[words], wire::ProtocolIndex i) {
  const u64 bit = u64{1} << (i % 64);
  const bool is_new = !(set[i / 64] & bit);
  set[i / 64] |= bit;
  return is_new;
}

void LayersSought::add(wire::ProtocolIndex protocol) { put(wanted_, protocol); }

void LayersSought::add_all() {
  for (unsigned i = 0; i < words; ++i) wanted_[i] = passed_[i] = ~u64{0};
}

void LayersSought::find_ways(const wire::Catalog& catalog) {
  for (bool more = true; more;) {
    more = false;
    catalog.each_number([&](u32 in, u32 number, wire::ProtocolIndex child) {
      if (!wants(child)) return;
      const auto leads = [&](const wire::Next& next) { return next.in == in && (!next.fixed || next.constant == number); };
      for (wire::ProtocolIndex i = 1; i < catalog.size(); ++i) {
        const wire::Rules& rules = *catalog[i].record->rules;
        if (!leads(rules.next) && !leads(rules.or_next)) continue;
        more = put(passed_, i) || more;
        put(wanted_, i);
      }
    });
  }
}

}  // namespace trawl::inline v0
