// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Loads and stores of integers in either byte order, and of runs of bits.
///
/// Whole integers compile to one move and at most one byte swap; alignment does not matter.
#pragma once
#include <bit>
#include <concepts>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

/// Big: bit 0 is the highest bit of byte 0, as RFCs draw it. Little: bit 0 is the lowest bit of byte 0, as IEEE 802.11,
/// USB and Bluetooth draw it; a little-endian integer is then simply a run of bits too.
enum class Order : u8 { big, little };

template <std::unsigned_integral T> constexpr T swap_unless_native(T value, Order order) {
  if constexpr (sizeof(T) == 1) return value;
  else return (order == Order::big) == (std::endian::native == std::endian::big) ? value : std::byteswap(value);
}

/// @pre `p` covers sizeof(T) bytes
template <std::unsigned_integral T> constexpr T load(const u8* p, Order order) {
  if consteval {
    T value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) value = T(value | T(T(p[i]) << 8 * (order == Order::big ? sizeof(T) - 1 - i : i)));
    return value;
  } else {
    T value;
    __builtin_memcpy(&value, p, sizeof value);
    return swap_unless_native(value, order);
  }
}
template <std::unsigned_integral T> constexpr void store(u8* p, T value, Order order) {
  if consteval {
    for (size_t i = 0; i < sizeof(T); ++i) p[i] = u8(value >> 8 * (order == Order::big ? sizeof(T) - 1 - i : i));
  } else {
    const T swapped = swap_unless_native(value, order);
    __builtin_memcpy(p, &swapped, sizeof swapped);
  }
}
template <std::unsigned_integral T> constexpr T load_be(const u8* p) { return load<T>(p, Order::big); }
template <std::unsigned_integral T> constexpr T load_le(const u8* p) { return load<T>(p, Order::little); }
template <std::unsigned_integral T> constexpr void store_be(u8* p, T value) { store<T>(p, value, Order::big); }
template <std::unsigned_integral T> constexpr void store_le(u8* p, T value) { store<T>(p, value, Order::little); }

/// The lowest `width` bits set. @pre width <= 64
constexpr u64 ones(unsigned width) { return width >= 64 ? ~u64{} : (u64{1} << width) - 1; }

/// Reads `width` (1..64) bits at `bit`. @pre `p` covers them.
constexpr u64 read_bits(const u8* p, unsigned bit, unsigned width, Order order) {
  u64 value = 0;
  if (order == Order::big) {
    const unsigned end = bit + width, first = bit / 8;
    for (unsigned i = first; i < end / 8; ++i) value = value << 8 | (i == first ? p[i] & ones(8 - bit % 8) : p[i]);
    if (const unsigned rest = end % 8) {
      const unsigned kept = end / 8 == first ? width : rest;
      value = value << rest | ((p[end / 8] >> (8 - rest)) & ones(kept));
    }
    return value;
  }
  for (unsigned done = 0; done < width;) {
    const unsigned at = bit + done, room = 8 - at % 8, take = room < width - done ? room : width - done;
    value |= (u64{p[at / 8]} >> at % 8 & ones(take)) << done;
    done += take;
  }
  return value;
}

/// Writes the lowest `width` (1..64) bits of `value` at `bit`; other bits are kept. @pre `p` covers them.
constexpr void write_bits(u8* p, unsigned bit, unsigned width, Order order, u64 value) {
  for (unsigned done = 0; done < width;) {  // from the value's lowest bit up
    unsigned byte = 0, low = 0, room = 0;
    if (order == Order::little) {
      byte = (bit + done) / 8, low = (bit + done) % 8, room = 8 - low;
    } else {
      const unsigned last = bit + width - done - 1;
      byte = last / 8, low = 7 - last % 8;
      room = byte * 8 >= bit ? 8 - low : 8 - low - bit % 8;
    }
    const unsigned take = room < width - done ? room : width - done;
    const unsigned mask = unsigned(ones(take)) << low;
    p[byte] = u8((p[byte] & ~mask) | (unsigned(value >> done) << low & mask));
    done += take;
  }
}

}  // namespace trawl::inline v0
