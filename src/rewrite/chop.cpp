// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/rewrite/chop.hpp"

#include <algorithm>

#include "trawl/dissect/update.hpp"

namespace trawl::inline v0 {
namespace {

struct Range {
  size_t first, last;   ///< last: one behind
};

/// @return an empty range where nothing of the area is in the packet
Range range_of(const ChopArea& area, size_t packet) {
  const i64 size = i64(packet);
  i64 at = area.offset.value_or(area.length < 0 ? size : 0);
  if (area.offset && at < 0) at += size;
  const i64 first = std::clamp(area.length < 0 ? at + std::max(area.length, -size) : at, i64{0}, size);
  const i64 last = std::clamp(area.length < 0 ? at : at + std::min(area.length, size), i64{0}, size);
  return {size_t(first), size_t(std::max(first, last))};
}

}  // namespace

/// Lengths and sums of a packet whose end was cut off, in bytes_. False: it could not be done.
bool Chop::fit(const Frame& whole, u32 size) {
  const Dissection d = dissect(whole);
  const LayerAt* last = nullptr;
  for (const LayerAt& layer : d) {
    if (layer.quoted || layer.offset >= size) break;
    if (layer.payload() > size) return false;
    last = &layer;
  }
  if (!last || whole.truncated()) return false;
  const u32 less = last->end > size ? last->end - size : 0;
  for (const LayerAt& layer : d) {
    const u32 own = layer.end > size ? layer.end - size : 0;
    if (own != less && d.record(layer).rules->total_bytes.exists()) return false;   // a trailer within: lengths differ by layer
    if (&layer == last) break;
  }
  if (less && !add_to_lengths(d, bytes_, *last, -i64{less})) return false;
  Frame now = whole;
  now.bytes = bytes_, now.original_length = size;
  static_cast<void>(update_checksums(dissect(now), bytes_));
  return true;
}

Frame Chop::operator()(const Frame& frame) {
  const size_t size = frame.bytes.size;
  std::vector<Range> away;
  for (const ChopArea& area : options_.areas)
    if (const Range range = range_of(area, size); range.first < range.last) away.push_back(range);
  std::ranges::sort(away, {}, &Range::first);
  bytes_.clear();
  size_t at = 0;
  for (const Range& range : away) {
    if (range.first > at) bytes_.insert(bytes_.end(), frame.bytes.begin() + at, frame.bytes.begin() + range.first);
    at = std::max(at, range.last);
  }
  bytes_.insert(bytes_.end(), frame.bytes.begin() + at, frame.bytes.end());
  if (options_.snaplen && bytes_.size() > options_.snaplen) bytes_.resize(options_.snaplen);
  Frame result = frame;
  if (bytes_.size() == size) return result;
  const bool off_the_end = std::equal(bytes_.begin(), bytes_.end(), frame.bytes.begin()) && (away.empty() || away.back().last == size);
  const bool fits = options_.lengths == ChopLengths::fit && off_the_end && fit(frame, u32(bytes_.size()));
  if (options_.lengths == ChopLengths::fit && !fits) ++unfitted_;
  if (options_.lengths == ChopLengths::adjust || fits)
    result.original_length = std::max(frame.original_length, u32(size)) - u32(size - bytes_.size());
  result.bytes = bytes_;
  return result;
}

Bytes compared_bytes(const Frame& frame, const ComparedOptions& options, std::vector<u8>& room) {
  Bytes bytes = frame.bytes;
  if (options.skip_radiotap && frame.link == LinkType::ieee802_11_radiotap && bytes.size >= 4)
    bytes = bytes.from(load_le<u16>(bytes.data + 2));
  constexpr size_t addresses = 12, tag = 4;
  size_t behind = addresses;
  const auto is_tag = [&] {
    if (bytes.size < behind + tag) return false;
    const u16 type = load_be<u16>(bytes.data + behind);
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
  };
  if (options.skip_vlan && frame.link == LinkType::ethernet)
    while (is_tag()) behind += tag;
  if (behind > addresses) {
    room.assign(bytes.begin(), bytes.begin() + addresses);
    room.insert(room.end(), bytes.begin() + behind, bytes.end());
    bytes = room;
  }
  return bytes.size > options.skip_bytes ? bytes.from(options.skip_bytes) : bytes;
}

}  // namespace trawl::inline v0
