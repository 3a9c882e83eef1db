// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/text_pattern/digits.hpp"

#include <array>

namespace trawl::inline v0 {
namespace {

constexpr u8 no_digit = 0xff, blank = 0xfe;

struct Digits {
  unsigned bits;
  const char* wrong;
  std::array<u8, 256> value;
};

constexpr Digits digits_of(unsigned bits, std::string_view alphabet, std::string_view blanks, const char* wrong) {
  Digits digits{bits, wrong, {}};
  digits.value.fill(no_digit);
  for (size_t i = 0; i < alphabet.size(); ++i) digits.value[u8(alphabet[i])] = u8(i);
  for (const char c : blanks) digits.value[u8(c)] = blank;
  return digits;
}
constexpr Digits with_capitals(Digits digits) {
  for (u8 c = 'a'; c <= 'f'; ++c) digits.value[c - 'a' + 'A'] = digits.value[c];
  return digits;
}

constexpr std::string_view spaces = " \t\r\n\v\f";
constexpr Digits all[] = {
    digits_of(1, "01", spaces, "not a binary digit"),
    digits_of(3, "01234567", spaces, "not an octal digit"),
    with_capitals(digits_of(4, "0123456789abcdef", " \t\r\n\v\f:", "not a hexadecimal digit")),
    digits_of(6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", spaces, "not a base64 digit"),
};

}  // namespace

std::optional<DigitFault> decode_digits(std::string_view text, TextRadix radix, std::vector<u8>& to) {
  const Digits& digits = all[size_t(radix)];
  const bool pads = radix == TextRadix::base64;
  unsigned waiting = 0, bits = 0;   // bits that are no byte yet
  bool padded = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const u8 value = digits.value[u8(text[i])];
    if (value == blank) continue;
    if (pads && text[i] == '=') {
      padded = true;
      continue;
    }
    if (value == no_digit || padded) return DigitFault{i, digits.wrong};
    waiting = waiting << digits.bits | value, bits += digits.bits;
    if (bits < 8) continue;
    bits -= 8;
    to.push_back(u8(waiting >> bits));
    waiting &= (1u << bits) - 1;
  }
  if (waiting || bits >= digits.bits) return DigitFault{text.size(), "half a byte at the end"};
  return {};
}

}  // namespace trawl::inline v0
