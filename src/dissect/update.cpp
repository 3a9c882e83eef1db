// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/update.hpp"

#include "sum.hpp"
#include "trawl/dissect/walk.hpp"

namespace trawl::inline v0 {
namespace {

/// Where the value at `ref` stands; null when it is not there.
u8* place_of(const Dissection& d, const LayerAt& layer, const wire::Ref& ref, std::span<u8> bytes) {
  if (ref.part < 0) return bytes.data() + layer.offset;
  wire::Layout where;
  wire::lay_out(where, d.record(layer), d.header(layer));
  return where.has(ref.part) ? bytes.data() + layer.offset + where.at[ref.part] : nullptr;
}

bool holds_its_bytes(const Dissection& d, const LayerAt& layer, const wire::Sum& sum) {
  if (sum.over == wire::Over::header) return true;
  return layer.end <= d.packet.size && !layer.cut && !context_of(d, layer).fragment;
}

const wire::Measure& length_of(const wire::Rules& rules) { return rules.total_bytes.exists() ? rules.total_bytes : rules.payload_bytes; }

}  // namespace

u32 update_checksums(const Dissection& d, std::span<u8> bytes, const wire::Record* only) {
  u32 written = 0;
  for (u32 i = d.count; i-- > 0;) {
    const LayerAt& layer = d.layers[i];
    const wire::Record& r = d.record(layer);
    const wire::Sum& sum = r.rules->sum;
    if (sum.algorithm == wire::Algorithm::none || layer.quoted || (only && only->id != r.id) || !holds_its_bytes(d, layer, sum)) continue;
    u8* p = place_of(d, layer, sum.into, bytes);
    if (!p) continue;
    if (sum.zero_means_absent && read_bits(p, sum.into.bit, sum.into.width, sum.into.order) == 0) continue;
    write_bits(p, sum.into.bit, sum.into.width, sum.into.order, detail::computed_sum(d, layer, sum.into));
    ++written;
  }
  return written;
}

Result<void> add_to_lengths(const Dissection& d, std::span<u8> bytes, const LayerAt& last, i64 difference) {
  for (const bool write : {false, true})
    for (const LayerAt& layer : d) {
      const wire::Rules& rules = *d.record(layer).rules;
      const wire::Measure& m = length_of(rules);
      wire::Ref ref = m.from;
      i64 scale = m.scale;
      if (!m.exists() && rules.length_below && rules.next.from.exists()) ref = rules.next.from, scale = 1;   // IEEE 802.3
      u8* p = ref.exists() ? place_of(d, layer, ref, bytes) : nullptr;
      if (p) {
        const i64 old = i64(read_bits(p, ref.bit, ref.width, ref.order));
        const bool told = !(m.zero_is_unknown && old == 0) && (m.exists() || old < i64(rules.length_below));
        const i64 now = old + difference / scale;
        if (told && (now < 0 || u64(now) > ones(ref.width) || difference % scale))
          return fail(Operation::edit_packet, Reason::does_not_fit, d.record(layer).name);
        if (told && write) write_bits(p, ref.bit, ref.width, ref.order, u64(now));
      }
      if (&layer == &last) break;
    }
  return {};
}

}  // namespace trawl::inline v0
