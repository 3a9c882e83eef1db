// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Addresses: bytes that are a value and never a number.
#pragma once
#include <optional>

#include "trawl/core/text_out.hpp"

namespace trawl::inline v0 {

/// N bytes in the order of the wire.
template <size_t N> struct Octets {
  u8 octet[N] = {};
  constexpr Bytes bytes() const { return {octet, N}; }
  constexpr auto operator<=>(const Octets&) const = default;
};

struct MacAddress : Octets<6> {
  static constexpr size_t text_size = 17;
  static constexpr MacAddress broadcast() { return {{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}}; }
  constexpr bool is_multicast() const { return octet[0] & 1; }
  constexpr auto operator<=>(const MacAddress&) const = default;
};
struct Ipv4Address : Octets<4> {
  static constexpr size_t text_size = 15;
  constexpr bool is_multicast() const { return octet[0] >> 4 == 14; }
  constexpr auto operator<=>(const Ipv4Address&) const = default;
};
struct Ipv6Address : Octets<16> {
  static constexpr size_t text_size = 45;
  constexpr bool is_multicast() const { return octet[0] == 0xff; }
  constexpr auto operator<=>(const Ipv6Address&) const = default;
};
/// EUI-64, IEEE 802-2014 8.2.
struct Eui64 : Octets<8> {
  constexpr auto operator<=>(const Eui64&) const = default;
};
template <class T> concept OctetArray = requires(T t) { t.octet; };

/// Six groups of two hex digits between ':', '-' or '.', three of four between '.' or ':', or twelve digits; one digit may stand for two.
TRAWL_API std::optional<MacAddress> parse_mac(std::string_view text);
/// Four decimal numbers of 0..255 between dots, no leading zeros (RFC 6943 3.1.1: strict form).
TRAWL_API std::optional<Ipv4Address> parse_ipv4(std::string_view text);
/// All forms of RFC 4291 2.2: full, "::" once, IPv4 at the end. No zone index.
TRAWL_API std::optional<Ipv6Address> parse_ipv6(std::string_view text);

TRAWL_API void put(TextOut& out, const MacAddress& address);   ///< 00:00:5e:00:53:01
TRAWL_API void put(TextOut& out, const Ipv4Address& address);  ///< 192.0.2.1
TRAWL_API void put(TextOut& out, const Ipv6Address& address);  ///< RFC 5952, IPv4-mapped (::ffff:0:0/96) ends in dots (RFC 5952 5)
TRAWL_API void put(TextOut& out, const Eui64& address);

/// A short text that needs no heap: `text(address).view()`.
template <size_t N> struct ShortText {
  char characters[N] = {};
  u8 size = 0;
  constexpr std::string_view view() const { return {characters, size}; }
  constexpr operator std::string_view() const { return view(); }
};
template <class A> requires requires { A::text_size; } ShortText<A::text_size> text(const A& address) {
  ShortText<A::text_size> result;
  TextOut out(result.characters);
  put(out, address);
  result.size = u8(out.size());
  return result;
}

/// An address and how many of its leading bits count. @pre length <= 8 * sizeof(Address)
template <class Address> struct Prefix {
  Address address;
  u8 length = 8 * sizeof(Address);
  constexpr bool contains(const Address& other) const {
    for (unsigned bit = 0; bit < length; bit += 8) {
      const unsigned left = length - bit, mask = left >= 8 ? 0xffu : 0xffu << (8 - left) & 0xffu;
      if ((address.octet[bit / 8] ^ other.octet[bit / 8]) & mask) return false;
    }
    return true;
  }
  constexpr bool operator==(const Prefix&) const = default;
};

namespace literals {
namespace detail {
void error_not_an_address();  // never defined: reaching it stops the compiler
consteval unsigned digit(char c) {
  if (c >= '0' && c <= '9') return unsigned(c - '0');
  if (c >= 'a' && c <= 'f') return unsigned(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return unsigned(c - 'A' + 10);
  error_not_an_address();
  return 0;
}
/// Reads digits up to `stop` or the end; `at` then stands on it.
consteval unsigned group(const char* s, size_t n, size_t& at, char stop, unsigned base, unsigned most) {
  unsigned value = 0;
  const size_t start = at;
  for (; at < n && s[at] != stop; ++at) {
    const unsigned d = digit(s[at]);
    value = value * base + d;
    if (d >= base || value > most) error_not_an_address();
  }
  if (at == start) error_not_an_address();
  return value;
}
}  // namespace detail

/// "192.0.2.1"_ip4; anything else does not compile.
consteval Ipv4Address operator""_ip4(const char* s, size_t n) {
  Ipv4Address address;
  size_t at = 0;
  for (unsigned i = 0; i < 4; ++i) {
    address.octet[i] = u8(detail::group(s, n, at, '.', 10, 255));
    if (i < 3 ? at++ >= n : at != n) detail::error_not_an_address();
  }
  return address;
}
/// "00:00:5e:00:53:01"_mac
consteval MacAddress operator""_mac(const char* s, size_t n) {
  MacAddress address;
  size_t at = 0;
  for (unsigned i = 0; i < 6; ++i) {
    address.octet[i] = u8(detail::group(s, n, at, ':', 16, 255));
    if (i < 5 ? at++ >= n : at != n) detail::error_not_an_address();
  }
  return address;
}
/// "2001:db8::1"_ip6: full or with one "::"; no dots.
consteval Ipv6Address operator""_ip6(const char* s, size_t n) {
  u16 groups[8] = {};
  unsigned count = 0, gap = 8;
  size_t at = 0;
  while (at < n) {
    if (s[at] == ':' && at + 1 < n && s[at + 1] == ':') {
      if (gap != 8) detail::error_not_an_address();
      gap = count, at += 2;
      continue;
    }
    if (s[at] == ':' && count && at + 1 < n) ++at;
    if (count == 8) detail::error_not_an_address();
    groups[count++] = u16(detail::group(s, n, at, ':', 16, 0xffff));
  }
  if ((gap == 8) != (count == 8)) detail::error_not_an_address();
  Ipv6Address address;
  for (unsigned i = 0; i < count; ++i) {
    const unsigned to = i < gap ? i : 8 - count + i;
    address.octet[2 * to] = u8(groups[i] >> 8), address.octet[2 * to + 1] = u8(groups[i]);
  }
  return address;
}
}  // namespace literals

}  // namespace trawl::inline v0
