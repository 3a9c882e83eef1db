// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Text into a caller's buffer, for rooms that have no heap.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

/// Appends characters to a fixed buffer. What does not fit is cut, and cut() tells.
class TextOut {
 public:
  constexpr TextOut(char* first, size_t room) : first_(first), at_(first), end_(first + room) {}
  template <size_t N> constexpr explicit TextOut(char (&buffer)[N]) : TextOut(buffer, N) {}

  constexpr TextOut& put(char c) {
    if (at_ < end_) *at_++ = c;
    else cut_ = true;
    return *this;
  }
  constexpr TextOut& put(std::string_view text) {
    const size_t room = size_t(end_ - at_), n = text.size() <= room ? text.size() : room;
    for (size_t i = 0; i < n; ++i) at_[i] = text[i];
    at_ += n;
    cut_ = cut_ || n < text.size();
    return *this;
  }
  /// `digits`: at least so many, filled up with zeros. @pre 2 <= base <= 16
  constexpr TextOut& number(u64 value, unsigned base = 10, unsigned digits = 1) {
    char reversed[64];
    unsigned n = 0;
    do {
      reversed[n++] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value);
    for (unsigned zeros = n; zeros < digits; ++zeros) put('0');
    while (n) put(reversed[--n]);
    return *this;
  }
  constexpr TextOut& integer(i64 value) {
    if (value < 0) put('-');
    return number(value < 0 ? u64(-(value + 1)) + 1 : u64(value));
  }
  constexpr std::string_view view() const { return {first_, size_t(at_ - first_)}; }
  constexpr size_t size() const { return size_t(at_ - first_); }
  constexpr bool cut() const { return cut_; }
  constexpr void clear() { at_ = first_, cut_ = false; }

 private:
  char *first_, *at_, *end_;
  bool cut_ = false;
};

}  // namespace trawl::inline v0
