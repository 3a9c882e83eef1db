// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/core/address.hpp"

namespace trawl::inline v0 {

namespace {

constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Takes 1..`most` hex digits off the front.
std::optional<u32> take_hex(std::string_view& text, size_t most) {
  u32 value = 0;
  size_t n = 0;
  for (; n < text.size() && n < most && hex_digit(text[n]) >= 0; ++n) value = value << 4 | u32(hex_digit(text[n]));
  if (n == 0) return {};
  text.remove_prefix(n);
  return value;
}
bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

// `groups` groups of `width` bytes between equal separators out of `separators`; leading zeros of a group may be left out
// where `separators` allow ambiguity-free reading.
std::optional<MacAddress> parse_groups(std::string_view text, unsigned groups, unsigned width, std::string_view separators, bool exact) {
  MacAddress address;
  char separator = 0;
  for (unsigned g = 0; g < groups; ++g) {
    if (g == 1) {
      if (text.empty() || separators.find(text[0]) == separators.npos) return {};
      separator = text[0];
    }
    if (g > 0 && !take(text, {&separator, 1})) return {};
    const size_t before = text.size();
    const auto value = take_hex(text, 2 * width);
    if (!value || (exact && before - text.size() != 2 * width)) return {};
    if (width == 2) address.octet[2 * g] = u8(*value >> 8);
    address.octet[width * g + width - 1] = u8(*value);
  }
  if (!text.empty()) return {};
  return address;
}

}  // namespace

std::optional<MacAddress> parse_mac(std::string_view text) {
  if (const auto six = parse_groups(text, 6, 1, ":-.", false)) return six;
  if (const auto three = parse_groups(text, 3, 2, ".:", true)) return three;
  if (text.size() != 12) return {};
  MacAddress address;
  for (unsigned i = 0; i < 6; ++i) {
    const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return {};
    address.octet[i] = u8(high << 4 | low);
  }
  return address;
}

std::optional<Ipv4Address> parse_ipv4(std::string_view text) {
  Ipv4Address address;
  size_t at = 0;
  for (unsigned i = 0; i < 4; ++i) {
    if (i > 0 && (at == text.size() || text[at++] != '.')) return {};
    const size_t first = at;
    unsigned value = 0;
    for (; at < text.size() && at < first + 3 && text[at] >= '0' && text[at] <= '9'; ++at) value = value * 10 + unsigned(text[at] - '0');
    if (at == first || value > 255 || (text[first] == '0' && at - first > 1)) return {};
    address.octet[i] = u8(value);
  }
  if (at != text.size()) return {};
  return address;
}

std::optional<Ipv6Address> parse_ipv6(std::string_view text) {
  u16 groups[8] = {};
  unsigned count = 0;
  constexpr unsigned none = 9;
  unsigned gap = none;
  if (take(text, "::")) gap = 0;
  while (!text.empty()) {
    if (count == 8) return {};
    if (count <= 6) {
      if (const auto tail = parse_ipv4(text)) {
        groups[count++] = u16(tail->octet[0] << 8 | tail->octet[1]);
        groups[count++] = u16(tail->octet[2] << 8 | tail->octet[3]);
        break;
      }
    }
    const auto value = take_hex(text, 4);
    if (!value) return {};
    groups[count++] = u16(*value);
    if (text.empty()) break;
    if (take(text, "::")) {
      if (gap != none) return {};
      gap = count;
    } else if (!take(text, ":") || text.empty()) {
      return {};
    }
  }
  if (gap == none ? count != 8 : count == 8) return {};  // "::" stands for at least one group
  Ipv6Address address;
  const unsigned zeros = 8 - count;
  for (unsigned to = 0; to < 8; ++to) {
    const u16 group = to < gap ? groups[to] : to < gap + zeros ? u16{0} : groups[to - zeros];
    address.octet[2 * to] = u8(group >> 8);
    address.octet[2 * to + 1] = u8(group);
  }
  return address;
}

namespace {
void put_octets(TextOut& out, Bytes octets) {
  for (size_t i = 0; i < octets.size; ++i) {
    if (i > 0) out.put(':');
    out.number(octets[i], 16, 2);
  }
}
void put_dotted(TextOut& out, const u8* octet) {
  for (unsigned i = 0; i < 4; ++i) {
    if (i > 0) out.put('.');
    out.number(octet[i]);
  }
}
}  // namespace

void put(TextOut& out, const MacAddress& address) { put_octets(out, address.bytes()); }
void put(TextOut& out, const Eui64& address) { put_octets(out, address.bytes()); }
void put(TextOut& out, const Ipv4Address& address) { put_dotted(out, address.octet); }

void put(TextOut& out, const Ipv6Address& address) {
  u16 groups[8];
  for (unsigned i = 0; i < 8; ++i) groups[i] = u16(address.octet[2 * i] << 8 | address.octet[2 * i + 1]);
  unsigned gap = 8, gap_size = 1;  // RFC 5952 4.2: the first longest run of two or more zero groups
  for (unsigned i = 0; i < 8;) {
    unsigned end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > gap_size) gap = i, gap_size = end - i;
    i = end + 1;
  }
  const bool mapped = gap == 0 && gap_size == 5 && groups[5] == 0xffff;
  for (unsigned i = 0; i < 8; ++i) {
    if (i == gap) {
      out.put("::");
      i += gap_size - 1;
      continue;
    }
    if (i > 0 && i != gap + gap_size) out.put(':');
    if (mapped && i == 6) return put_dotted(out, address.octet + 12);
    out.number(groups[i], 16);
  }
}

}  // namespace trawl::inline v0
