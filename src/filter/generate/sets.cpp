// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/generate/sets.hpp"

#include <algorithm>
#include <span>

namespace trawl::inline v0::filter {

u32 Sets::find_or_add(std::vector<u32> bounds, u32 words) {
  for (u32 i = 0; i < table_.view().size(); ++i) {
    const bpf::Set& set = table_.view()[i];
    if (set.words == words && std::ranges::equal(std::span(set.bounds, size_t{set.count} * words), bounds)) return i;
  }
  return words == 1 ? table_.add(std::move(bounds)) : table_.add_addresses(std::move(bounds));
}

u32 Sets::add(const std::vector<Range>& ranges) {
  std::vector<u32> bounds;
  bounds.reserve(2 * ranges.size());
  for (const auto& [low, high] : ranges) {
    bounds.push_back(low);
    if (high != ~u32{}) bounds.push_back(high + 1);
  }
  return find_or_add(std::move(bounds), 1);
}

u32 Sets::add(std::vector<AddressRange> ranges) {
  std::ranges::sort(ranges, {}, &AddressRange::low);
  std::vector<u32> bounds;
  bounds.reserve(8 * ranges.size());
  // One behind `at`, or false when there is none.
  const auto next = [](AddressBound& at) {
    for (size_t i = 4; i-- > 0;)
      if (++at[i] != 0) return true;
    return false;
  };
  const auto put = [&](const AddressBound& bound) { bounds.insert(bounds.end(), bound.begin(), bound.end()); };
  for (size_t i = 0; i < ranges.size();) {
    put(ranges[i].low);
    AddressBound end = ranges[i].high;
    bool more = next(end);  // `end` is the first behind the range, if there is one
    for (++i; more && i < ranges.size() && ranges[i].low <= end; ++i)
      if (ranges[i].high >= end) end = ranges[i].high, more = next(end);
    if (!more) break;
    put(end);
  }
  return find_or_add(std::move(bounds), 4);
}

}  // namespace trawl::inline v0::filter
