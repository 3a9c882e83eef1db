// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/hex_dump/line.hpp"

namespace trawl::inline v0 {
namespace {

constexpr size_t least_offset_digits = 3;   // fewer are bytes, or words of a text

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = char(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Takes an offset off `text`; blanks in front have gone.
bool take_offset(std::string_view& text, unsigned base, DumpLine& line) {
  line.tcpdump = text.starts_with("0x");
  if (line.tcpdump) text.remove_prefix(2);
  size_t n = 0;
  u64 value = 0;
  for (; n < text.size(); ++n) {
    const int digit = digit_of(text[n]);
    if (digit < 0 || unsigned(digit) >= base) break;
    if (value >> 56) return false;
    value = value * base + unsigned(digit);
  }
  if (n < least_offset_digits || n == text.size()) return false;
  if (text[n] != ':' && !is_blank(text[n])) return false;
  text.remove_prefix(n + (text[n] == ':'));
  line.offset = value;
  return true;
}

/// Takes groups of pairs of digits off `text` as long as there are any. False: what follows says that they are bits of a field
/// ("0000 00.. = Reserved"), as tshark -V prints them.
bool take_bytes(std::string_view text, DumpLine& line) {
  size_t at = 0;
  for (;;) {
    const size_t before = at;
    while (at < text.size() && (is_blank(text[at]) || (text[at] == '-' && at == before && before))) ++at;
    if (at - before >= 2 && !line.bytes.empty()) line.gaps.push_back({line.bytes.size(), at});
    size_t end = at;
    while (end < text.size() && digit_of(text[end]) >= 0) ++end;
    const bool whole = end == text.size() || is_blank(text[end]) || text[end] == '-';
    if (end == at || (end - at) % 2 || !whole) return at - before != 1 || !text.substr(at).contains("= ");
    if (line.bytes.empty()) line.group = end - at;
    for (; at < end; at += 2) line.bytes.push_back(u8(digit_of(text[at]) << 4 | digit_of(text[at + 1])));
  }
}

}  // namespace

// Groups of `group` digits and a blank each; dumps of single bytes may have a second blank in the middle.
size_t DumpLine::before_gap(size_t width) const {
  const size_t column = width * 2 / group * (group + 1) + (group == 2);
  for (const Gap& gap : gaps)
    if (gap.column >= column) return gap.bytes;
  return bytes.size();
}

bool parse_dump_line(std::string_view text, DumpOffsets offsets, DumpLine& line) {
  line.bytes.clear(), line.gaps.clear();
  line.offset = 0, line.tcpdump = false, line.group = 2;
  while (!text.empty() && is_blank(text[0])) text.remove_prefix(1);
  if (offsets != DumpOffsets::none) {
    const unsigned base = offsets == DumpOffsets::hex ? 16 : offsets == DumpOffsets::octal ? 8 : 10;
    if (!take_offset(text, base, line)) return false;
  }
  while (!text.empty() && is_blank(text[0])) text.remove_prefix(1);
  return take_bytes(text, line) && !line.bytes.empty();
}

std::string_view parse_heading(std::string_view text) {
  constexpr std::string_view end = " bytes):";
  const auto open = text.rfind(" (");
  if (!text.ends_with(end) || open == text.npos || text.size() < open + 2 + end.size()) return {};
  const auto count = text.substr(open + 2, text.size() - end.size() - open - 2);
  if (count.empty() || count.find_first_not_of("0123456789") != count.npos) return {};
  return text.substr(0, open);
}

}  // namespace trawl::inline v0
