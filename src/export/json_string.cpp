// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/export/json.hpp"

namespace trawl::inline v0 {
namespace {

/// Bytes of the UTF-8 sequence that starts `s` (RFC 3629 4); 0 when there is none.
size_t utf8_length(std::string_view s) {
  const auto byte = [&](size_t i) { return i < s.size() ? u8(s[i]) : u8{0}; };
  const auto tail = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const u8 a = byte(0);
  if (a < 0x80) return 1;
  if (a >= 0xc2 && a <= 0xdf) return tail(1) ? 2 : 0;
  if (a >= 0xe0 && a <= 0xef) {
    if ((a == 0xe0 && byte(1) < 0xa0) || (a == 0xed && byte(1) > 0x9f)) return 0;
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (a >= 0xf0 && a <= 0xf4) {
    if ((a == 0xf0 && byte(1) < 0x90) || (a == 0xf4 && byte(1) > 0x8f)) return 0;
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool append_json_string(std::string& to, std::string_view text) {
  bool whole = true;
  to += '"';
  while (!text.empty()) {
    const size_t n = utf8_length(text);
    const char c = text[0];
    if (n == 0) {
      to += "\xef\xbf\xbd";
      whole = false;
    } else if (c == '"' || c == '\\') {
      to += '\\';
      to += c;
    } else if (c == '\n') {
      to += "\\n";
    } else if (n == 1 && u8(c) < 0x20) {
      constexpr char digits[] = "0123456789abcdef";
      to += "\\u00";
      to += digits[u8(c) >> 4];
      to += digits[u8(c) & 15];
    } else {
      to += text.substr(0, n);
    }
    text.remove_prefix(n ? n : 1);
  }
  to += '"';
  return whole;
}

}  // namespace trawl::inline v0
