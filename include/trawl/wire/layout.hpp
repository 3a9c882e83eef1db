// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Where the parts of a record are in one packet, and the elements of its lists. Bounded by the bytes that are there.
#pragma once
#include "trawl/wire/record.hpp"

namespace trawl::inline v0::wire {

inline constexpr unsigned max_parts = 32;

/// Where each part is. Entries of parts that are not there are not initialised: ask has().
struct Layout {
  u32 at[max_parts], size[max_parts];
  u32 present = 0, end = 0;                       ///< present: one bit for each part; end: of the last part, from the record's start
  bool cut = false;                               ///< a part says it is longer than what is there
  u32 needed = 0;                                 ///< bytes that the part at fault needs, when cut
  constexpr bool has(int part) const { return present >> part & 1; }
};

/// Finds every part of the record that starts at `b`, at most up to part `last`.
TRAWL_API void lay_out(Layout& l, const Record& r, Bytes b, int last = int(max_parts));

/// A number at `r`; 0 where it is not there. @pre the fixed header is there
constexpr u64 read(const Ref& r, const u8* p, const Layout* where) {
  if (r.part < 0) return read_bits(p, r.bit, r.width, r.order);
  if (!where || !where->has(r.part) || where->size[r.part] * 8u < r.bit + u32{r.width}) return 0;
  return read_bits(p + where->at[r.part], r.bit, r.width, r.order);
}
constexpr u64 measured(const Measure& m, const u8* p, const Layout* where) {
  const i64 n = (i64(read(m.from, p, where)) + i64(m.or_from.exists() ? read(m.or_from, p, where) : 0)) * m.scale + m.add;
  return n < 0 ? 0 : u64(n);
}
constexpr u32 round_up(u32 n, u32 unit) { return (n + unit - 1) / unit * unit; }

/// Bytes a domain name takes here (a pointer ends it); 0 when it is cut. RFC 1035 4.1.4.
TRAWL_API u32 domain_name_size(Bytes b);
/// @pre `p` covers the 1, 2, 4 or 8 bytes that its first two bits tell
constexpr u64 read_varint(const u8* p) { return read_bits(p, 2, (8u << (p[0] >> 6)) - 2, Order::big); }

/// One element of a list: a TLV or a group. `number` is its kind.
struct Element {
  Bytes bytes;                                    ///< the whole element, padding behind it left out
  u32 header = 0;                                 ///< bytes of its head
  u32 number = 0;
  bool alone = false;                             ///< one byte, no length
  constexpr Bytes body() const { return bytes.from(header); }
};

/// Cuts the first element off `rest`. @return nothing at the end, or when the element is cut or says less than its head.
TRAWL_API std::optional<Element> take(const Record& family, Bytes& rest);

/// A range over the elements of a list, without copies: `for (const Element& e : view[Tcp::options])`.
struct Elements {
  const Record* family = nullptr;
  Bytes bytes;
  struct Iterator {
    const Record* family;
    Bytes rest;
    std::optional<Element> now;
    const Element& operator*() const { return *now; }
    const Element* operator->() const { return &*now; }
    Iterator& operator++() { return now = take(*family, rest), *this; }
    bool operator==(std::nullptr_t) const { return !now; }
  };
  Iterator begin() const {
    Iterator i{family, bytes, {}};
    return ++i;
  }
  std::nullptr_t end() const { return nullptr; }
};

}  // namespace trawl::inline v0::wire
