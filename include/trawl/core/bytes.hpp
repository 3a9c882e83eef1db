// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Borrowed bytes. Needs no heap, no exceptions, no operating system.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "trawl/core/config.hpp"

namespace trawl::inline v0 {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using std::size_t;

/// Bytes that somebody else owns. Cutting never leaves them: a cut past the end is shorter, not wrong.
struct Bytes {
  const u8* data = nullptr;
  size_t size = 0;

  constexpr Bytes() = default;
  constexpr Bytes(const u8* first, size_t count) : data(first), size(count) {}
  constexpr Bytes(std::span<const u8> span) : data(span.data()), size(span.size()) {}
  /// Whatever a span can be made of: arrays and vectors of bytes.
  template <class Range> requires std::is_convertible_v<const Range&, std::span<const u8>>
  constexpr Bytes(const Range& range) : Bytes(std::span<const u8>(range)) {}
  /// The characters of a text, as they are. Not a constant expression.
  static Bytes of(std::string_view text) { return {reinterpret_cast<const u8*>(text.data()), text.size()}; }

  /// @pre i < size
  constexpr u8 operator[](size_t i) const { return data[i]; }
  constexpr bool empty() const { return size == 0; }
  constexpr const u8* begin() const { return data; }
  constexpr const u8* end() const { return data + size; }
  /// What follows the first `at` bytes.
  constexpr Bytes from(size_t at) const { return at < size ? Bytes{data + at, size - at} : Bytes{data + size, 0}; }
  constexpr Bytes first(size_t count) const { return {data, count < size ? count : size}; }
  constexpr Bytes slice(size_t at, size_t count) const { return from(at).first(count); }
  constexpr std::span<const u8> span() const { return {data, size}; }
  /// The same bytes seen as characters. Not a constant expression.
  std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }

  friend constexpr bool operator==(Bytes a, Bytes b) {
    if (a.size != b.size) return false;
    for (size_t i = 0; i < a.size; ++i)
      if (a.data[i] != b.data[i]) return false;
    return true;
  }
};

/// What follows the first `count` characters. (std::string_view::substr may throw.)
constexpr std::string_view without(std::string_view text, size_t count) {
  text.remove_prefix(count < text.size() ? count : text.size());
  return text;
}

/// Copies, also at compile time. `to` and `from` must not overlap.
constexpr void copy_bytes(u8* to, const u8* from, size_t count) {
  if consteval {
    for (size_t i = 0; i < count; ++i) to[i] = from[i];
  } else {
    if (count) __builtin_memcpy(to, from, count);
  }
}

}  // namespace trawl::inline v0
