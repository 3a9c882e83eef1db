// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/export/hex.hpp"

namespace trawl::inline v0 {
namespace {
constexpr char digits[] = "0123456789abcdef";
}

void append_hex(std::string& to, Bytes bytes) {
  for (u8 b : bytes) {
    to += digits[b >> 4];
    to += digits[b & 15];
  }
}

void append_hex_dump(std::string& to, Bytes bytes) {
  for (size_t at = 0; at < bytes.size; at += 16) {
    const Bytes line = bytes.slice(at, 16);
    for (int shift = at > 0xffff ? 28 : 12; shift >= 0; shift -= 4) to += digits[at >> shift & 15];
    to += ' ';
    for (size_t i = 0; i < 16; ++i) {
      if (i % 8 == 0) to += ' ';
      if (i < line.size) append_hex(to, line.slice(i, 1));
      else to += "  ";
      to += ' ';
    }
    to += ' ';
    for (u8 b : line) to += b >= 0x20 && b < 0x7f ? char(b) : '.';
    to += '\n';
  }
}

}  // namespace trawl::inline v0
