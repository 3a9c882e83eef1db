// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/place.hpp"

#include <algorithm>

#include "trawl/core/describe.hpp"

namespace cli {

namespace {
// Packets that are better read than gone past.
constexpr trawl::u64 far = 512;
}  // namespace

void PlaceFlags::declare(CLI::App& command, const char* numbers) {
  command.add_option(numbers, range_texts_, "packets to keep: 7, 3-9, 5- (repeat)")
      ->type_name("A-B")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  command.add_option("--from", from_text_, "packets of this time and later")->type_name("TIME");
  command.add_option("--to", to_text_, "packets before this time")->type_name("TIME");
}

bool PlaceFlags::prepare(const char* numbers) {
  const auto wrong = [](const std::string& what) {
    say(what);
    return false;
  };
  for (const std::string& text : range_texts_) {
    const auto range = parse_range(text);
    if (!range) return wrong(std::string(numbers) + " " + text + ": a packet number or a range like 3-9 is needed");
    ranges_.push_back(*range);
  }
  const auto time = [&](const std::string& text, const char* flag, std::optional<trawl::Timestamp>& value) {
    if (text.empty()) return true;
    value = parse_time(text);
    return value.has_value() || wrong(std::string(flag) + " " + text + ": seconds since 1970 or 2026-01-31T12:00:00Z is needed");
  };
  return time(from_text_, "--from", from_) && time(to_text_, "--to", to_);
}

bool PlaceFlags::holds(trawl::u64 number, const trawl::Frame& frame) const {
  const auto in = [&](const Range& range) { return number >= range.first && number <= range.last; };
  if (!ranges_.empty() && std::ranges::none_of(ranges_, in)) return false;
  if (from_ && (!frame.info.has_time || frame.time < *from_)) return false;
  return !to_ || (frame.info.has_time && frame.time < *to_);
}

std::optional<trawl::FileIndex> PlaceFlags::index_of(const std::string& path) const {
  if (!any() || path == "-") return {};
  auto index = trawl::FileIndex::open(path);
  if (index) return std::move(*index);
  say(trawl::FileIndex::path_for(path) + ": warning: " + trawl::describe(index.error()));
  return {};
}

trawl::u64 PlaceFlags::first_kept(trawl::u64 number, const trawl::FileIndex& index) const { return first_kept(number, index, 0); }

trawl::u64 PlaceFlags::first_kept(trawl::u64 number, const trawl::FileIndex& index, trawl::u64 before) const {
  const trawl::u64 none = index.packets() + 1;
  if (from_) number = std::max(number, index.first_from(*from_));
  if (to_ && number >= index.all_from(*to_)) return none;
  if (ranges_.empty()) return number;
  trawl::u64 first = none;
  for (const Range& range : ranges_)
    if (range.last >= before + number) first = std::min(first, std::max(before + number, range.first) - before);
  return first;
}

trawl::Result<void> PlaceFlags::go_near(trawl::FileReader& reader, const trawl::FileIndex& index, trawl::u64& number,
                                        trawl::u64 before) const {
  const trawl::u64 first = first_kept(number, index, before) - 1;
  if (first < number + far) return {};
  const auto gone = reader.seek(index, first);
  if (gone) number = first;
  return gone;
}

trawl::Result<void> PlaceFlags::go_on(trawl::FileReader& reader, const trawl::FileIndex& index, trawl::u64& number) const {
  const trawl::u64 first = first_kept(number, index);
  if (first > index.packets()) number = first;
  if (first > index.packets() || first < number + far) return {};
  const auto gone = reader.seek(index, first);
  if (gone) number = first;
  return gone;
}

}  // namespace cli
