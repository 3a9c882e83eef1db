// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sum.hpp"

#include "trawl/core/checksum.hpp"

namespace trawl::inline v0::detail {
namespace {

/// RFC 8200 8.1: the addresses of the nearest network layer below; a routing header may give another destination.
u64 pseudo_header_sum(const Dissection& d, const LayerAt& layer, u32 length) {
  const LayerAt* net = nullptr;
  const LayerAt* redirect = nullptr;
  for (const LayerAt& below : d) {
    if (&below == &layer) break;
    const wire::Rules& rules = *d.record(below).rules;
    if (rules.addresses.size) net = &below, redirect = nullptr;
    if (rules.redirects.exists() && wire::holds(rules.redirects, d.packet.data + below.offset, below.header)) redirect = &below;
  }
  if (!net) return 0;
  const wire::Addresses addresses = d.record(*net).rules->addresses;
  u64 sum = length;
  if (redirect && addresses.size == 32 && redirect->header >= 24) {
    sum = sum16(d.packet.slice(net->offset + addresses.at, 16), sum);
    sum = sum16(d.packet.slice(redirect->payload() - 16, 16), sum);
  } else {
    sum = sum16(d.packet.slice(net->offset + addresses.at, addresses.size), sum);
  }
  return sum + wire::number_in(d.record(layer), d.record(*net).rules->next).value_or(0);
}

}  // namespace

u64 computed_sum(const Dissection& d, const LayerAt& layer, const wire::Ref& into) {
  const wire::Record& r = d.record(layer);
  const wire::Sum& rule = r.rules->sum;
  const u32 end = rule.over == wire::Over::header ? layer.payload() : layer.end;
  const Bytes covered = d.packet.first(end).from(layer.offset);
  u32 at = into.bit / 8u;
  if (into.part >= 0) {
    wire::Layout where;
    wire::lay_out(where, r, d.header(layer));
    at = where.at[into.part];
  }
  const Bytes before = covered.first(at), own = covered.slice(at, into.width / 8u), after = covered.from(at + into.width / 8u);
  if (rule.algorithm == wire::Algorithm::crc32c) {
    u32 state = ~0u;
    state = crc32c_update(state, before.data, before.size);
    for (size_t i = 0; i < own.size; ++i) state = crc32c_step(state, 0);
    state = crc32c_update(state, after.data, after.size);
    return std::byteswap(~state);
  }
  u64 sum = rule.over == wire::Over::pseudo_and_all ? pseudo_header_sum(d, layer, u32(covered.size)) : 0;
  sum = (sum & 0xffffffff) + (sum >> 32);
  const u16 value = folded(sum16(after, sum16(before, sum)));   // the checksum stands at an even offset
  return value == 0 && rule.zero_means_absent ? 0xffff : value;
}

}  // namespace trawl::inline v0::detail
