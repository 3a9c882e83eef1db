// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sum.hpp"
#include "trawl/core/checksum.hpp"
#include "trawl/dissect/walk.hpp"

namespace trawl::inline v0 {

ChecksumStatus checksum_status(const Dissection& d, const LayerAt& layer) {
  const wire::Record& r = d.record(layer);
  const wire::Sum& sum = r.rules->sum;
  const Bytes header = d.header(layer);
  wire::Layout where;
  if (sum.into.part >= 0) {
    wire::lay_out(where, r, header);
    if (!where.has(sum.into.part)) return ChecksumStatus::not_present;
  }
  const u64 stored = wire::read(sum.into, header.data, &where);
  if (sum.zero_means_absent && stored == 0) return ChecksumStatus::not_present;
  if (d.checksum == ChecksumState::not_filled_in && sum.over != wire::Over::header) return ChecksumStatus::unverified;
  if (sum.over != wire::Over::header && (layer.end > d.packet.size || layer.cut || context_of(d, layer).fragment))
    return ChecksumStatus::unverified;
  const u64 computed = detail::computed_sum(d, layer, sum.into);
  // In ones' complement 0xffff is zero too: a receiver adds everything up and finds the sum right (RFC 1071 1).
  const bool other_zero = sum.algorithm == wire::Algorithm::internet && computed == 0 && stored == 0xffff;
  return computed == stored || other_zero ? ChecksumStatus::good : ChecksumStatus::bad;
}

}  // namespace trawl::inline v0
