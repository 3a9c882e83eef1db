// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/link_type.hpp"

namespace trawl::inline v0 {
namespace {

constexpr LinkTypeEntry table[] = {
#include "link_types.inc"
};
constexpr size_t table_size = sizeof table / sizeof table[0];

/// Names that older tools print or accept.
struct Alias {
  std::string_view name;
  LinkType type;
};
constexpr Alias aliases[] = {
    {"IEEE802_15_4", LinkType{195}},
    {"IPMB_LINUX", LinkType{209}},
    {"CHDLC", LinkType{104}},
    {"10MB", LinkType{1}},
};

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; }
constexpr bool begins(std::string_view text, std::string_view upper_case) {
  if (text.size() < upper_case.size()) return false;
  for (size_t i = 0; i < upper_case.size(); ++i)
    if (upper(text[i]) != upper_case[i]) return false;
  return true;
}
constexpr bool same(std::string_view text, std::string_view upper_case) {
  return text.size() == upper_case.size() && begins(text, upper_case);
}

constexpr std::optional<LinkType> parse_number(std::string_view text) {
  u32 value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + u32(c - '0');
    if (value > 0xffff) return {};
  }
  if (text.empty()) return {};
  return LinkType(value);
}

}  // namespace

std::span<const LinkTypeEntry> link_types() { return table; }

const LinkTypeEntry* find_link_type(LinkType type) {
  size_t low = 0, high = table_size;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (table[middle].number < type) low = middle + 1;
    else high = middle;
  }
  return low < table_size && table[low].number == type ? &table[low] : nullptr;
}

std::optional<LinkType> parse_link_type(std::string_view text) {
  if (const auto number = parse_number(text)) return number;
  const bool only_dlt = begins(text, "DLT_"), only_linktype = begins(text, "LINKTYPE_");
  if (only_dlt) text.remove_prefix(4);
  if (only_linktype) text.remove_prefix(9);
  if (!only_linktype)
    for (const auto& entry : table)
      if (same(text, entry.dlt_name)) return entry.number;
  if (!only_dlt)
    for (const auto& entry : table)
      if (same(text, entry.linktype_name)) return entry.number;
  for (const auto& alias : aliases)
    if (same(text, alias.name)) return alias.type;
  return {};
}

std::string_view name(LinkType type) {
  const auto* entry = find_link_type(type);
  return entry ? entry->dlt_name : std::string_view();
}

}  // namespace trawl::inline v0
