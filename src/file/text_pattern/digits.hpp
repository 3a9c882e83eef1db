// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Bytes written as digits.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "trawl/file/text_pattern_reader.hpp"

namespace trawl::inline v0 {

/// Why digits are no bytes, and where.
struct DigitFault {
  size_t at;
  const char* why;
};
/// Appends the bytes to `to`.
std::optional<DigitFault> decode_digits(std::string_view digits, TextRadix radix, std::vector<u8>& to);

}  // namespace trawl::inline v0
