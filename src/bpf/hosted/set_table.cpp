// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/bpf/set_table.hpp"

#include <algorithm>
#include <bit>

namespace trawl::inline v0::bpf {

namespace {
constexpr unsigned most_bucket_bits = 16;
}

u32 SetTable::add(std::vector<u32> bounds) {
  Set set{.count = u32(bounds.size()), .last = bounds.size() % 2 ? ~u32{} : bounds.back() - 1};
  const unsigned bits = unsigned(std::bit_width(set.last));
  set.shift = bits > most_bucket_bits ? bits - most_bucket_bits : 0;
  std::vector<u32> start;
  start.reserve((set.last >> set.shift) + 2);
  u32 at = 0;
  for (u64 bucket = 0; bucket <= (set.last >> set.shift); ++bucket) {
    while (at < bounds.size() && bounds[at] < bucket << set.shift) ++at;
    start.push_back(at);
  }
  start.push_back(set.count);
  return add(set, std::move(bounds), std::move(start));
}

u32 SetTable::add_addresses(std::vector<u32> bounds) {
  const Set set{.count = u32(bounds.size() / 4), .words = 4};
  return add(set, std::move(bounds), {});
}

u32 SetTable::add(const Set& set, std::vector<u32> bounds, std::vector<u32> start) {
  if (!sets_) sets_ = std::make_shared<Contents>();
  else if (sets_.use_count() > 1) sets_ = std::make_shared<Contents>(*sets_);
  Contents* const contents = sets_.get();
  contents->bounds.push_back(std::move(bounds));
  contents->start.push_back(std::move(start));
  contents->views.push_back(set);
  for (size_t i = 0; i < contents->views.size(); ++i)
    contents->views[i].bounds = contents->bounds[i].data(), contents->views[i].start = contents->start[i].data();
  return u32(contents->views.size() - 1);
}

bool SetTable::operator==(const SetTable& other) const {
  if (sets_ == other.sets_) return true;
  if (!sets_ || !other.sets_ || sets_->bounds != other.sets_->bounds) return false;
  return std::ranges::equal(sets_->views, other.sets_->views, {}, &Set::words, &Set::words);
}

}  // namespace trawl::inline v0::bpf
