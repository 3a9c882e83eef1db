// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/deduplicator.hpp"

#include <algorithm>

#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {
namespace {

constexpr u32 most_packets = 1u << 20;

}  // namespace

Deduplicator::Deduplicator(const DedupWindow& window) : window_(window) {
  const u32 kept = window.packets ? std::min(window.packets, most_packets) : most_packets;
  window_.packets = kept;
  ring_.resize(kept);
}

Deduplicator::Digest Deduplicator::digest_of(const Frame& frame, Bytes compared) {
  u8 facts[6];
  store_le(facts, u32(frame.original_length - (frame.bytes.size - compared.size)));
  store_le(facts + 4, u16(frame.link));
  Sha256 sha;
  sha.update(facts);
  sha.update(compared);
  const auto digest = sha.finish();
  return {load_le<u64>(digest.bytes().data), load_le<u64>(digest.bytes().data + 8)};
}

std::optional<u64> Deduplicator::find(const Frame& frame, Bytes compared) {
  const Digest digest = digest_of(frame, compared);
  Entry& slot = ring_[number_ % ring_.size()];
  if (number_ >= ring_.size())  // the packet that leaves the window, unless it has come again
    if (const auto old = last_.find(slot.digest); old != last_.end() && old->second.number + ring_.size() == number_) last_.erase(old);
  const auto found = last_.find(digest);
  const i64 time = frame.time.nanoseconds;
  bool same = found != last_.end();
  if (same && window_.nanoseconds) {
    const i64 apart = time - found->second.time;
    same = (apart < 0 ? -apart : apart) <= window_.nanoseconds;
  }
  const std::optional<u64> earlier = same ? std::optional(found->second.number) : std::nullopt;
  slot = {digest, time};
  last_.insert_or_assign(digest, Last{number_, time});
  ++number_;
  return earlier;
}

}  // namespace trawl::inline v0
