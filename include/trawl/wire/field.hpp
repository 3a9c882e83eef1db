// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A field: declared once, as a constant of its protocol.
///
///     static constexpr Field<TcpPort, 16> dst_port {"dstport", "RFC 9293 3.1"};      // 16 bits at bit 16
///
/// Its place is part of its type, so reading it compiles to a load and a byte swap. Its words are data (FieldInfo), so
/// printers, filters and the sender work on all protocols with one piece of code.
#pragma once
#include <initializer_list>

#include "trawl/core/address.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/wire/space.hpp"

namespace trawl::inline v0::wire {

enum class Kind : u8 { number, integer, flag, mac, ipv4, ipv6, eui64, octets, text, domain_name, varint, list, time };
enum class Show : u8 { decimal, hex };

/// Where a value stands: at a bit of the fixed header, or at a bit of its `part`-th part (part.hpp).
struct Ref {
  Order order = Order::big;
  i8 part = -1;
  u16 bit = 0, width = 0;
  constexpr bool exists() const { return width != 0; }
  constexpr bool operator==(const Ref&) const = default;
};

/// What may be said of a field beyond name and place: `{.show = Show::hex, .initial = 64}`.
struct Say {
  Show show = Show::decimal;
  u64 initial = 0;             ///< what a sender gets who says nothing; of octets the last eight
  u8 times = 1;                ///< text and filters see value * times: a header length in bytes, not words
  u8 digits = 0;               ///< hex digits shown; 0: as many as the field's type has
  u16 least = 0;               ///< below this the bits mean something else: the field is not shown (IEEE 802.3's length)
};

/// What text output, filters and the sender know of a field at run time.
struct FieldInfo : Ref {
  std::string_view name;       ///< after the record's name: "dstport" in "tcp.dstport", as Wireshark spells it
  std::string_view spec;       ///< "RFC 9293 3.1"
  Kind kind = Kind::number;
  u8 depth = 0;                ///< 1: bits of the field before it
  u8 type_bytes = 0;           ///< size of its C++ type
  Say say;
  const Space* values = nullptr;
};

template <class T> constexpr Kind kind_of() {
  if constexpr (std::same_as<T, bool>) return Kind::flag;
  else if constexpr (std::same_as<T, MacAddress>) return Kind::mac;
  else if constexpr (std::same_as<T, Ipv4Address>) return Kind::ipv4;
  else if constexpr (std::same_as<T, Ipv6Address>) return Kind::ipv6;
  else if constexpr (std::same_as<T, Eui64>) return Kind::eui64;
  else if constexpr (OctetArray<T>) return Kind::octets;
  else if constexpr (std::is_signed_v<T>) return Kind::integer;
  else return Kind::number;
}
template <class T> constexpr const Space* values_of() {
  if constexpr (std::is_enum_v<T>) return &space<T>;
  else return nullptr;
}
template <class T> constexpr unsigned width_of() { return std::same_as<T, bool> ? 1 : unsigned(sizeof(T) * 8); }

/// The integer that holds a field's bits: its own type, or the one below an enumeration.
template <class T> struct integer_of {
  using type = T;
};
template <class T> requires std::is_enum_v<T> struct integer_of<T> {
  using type = std::underlying_type_t<T>;
};
template <> struct integer_of<bool> {
  using type = u8;
};

template <class F> struct Assign {
  typename F::type value;
};

/// A field of protocol P. A field of another protocol is another type: mixing them up does not compile.
template <class P, class T, unsigned Bit, unsigned Width, Order O> struct FieldOf : FieldInfo {
  using type = T;
  using owner = P;
  using integer = integer_of<T>::type;
  static constexpr unsigned at = Bit, width = Width;
  static constexpr bool whole = Bit % 8 == 0 && !std::same_as<T, bool> && Width == sizeof(T) * 8;

  constexpr FieldOf(std::string_view field_name, std::string_view where, Say how = {}) {
    static_cast<Ref&>(*this) = {O, -1, Bit, Width};
    name = field_name, spec = where, kind = kind_of<T>(), type_bytes = sizeof(T), say = how, values = values_of<T>();
  }
  constexpr Assign<FieldOf> operator=(T v) const { return {v}; }
  template <std::integral I> requires(std::is_enum_v<T>) constexpr Assign<FieldOf> operator=(I v) const { return {T(v)}; }

  static constexpr T load(const u8* p) {
    if constexpr (OctetArray<T>) {
      T v;
      copy_bytes(v.octet, p + Bit / 8, sizeof v.octet);
      return v;
    } else if constexpr (whole) {
      return T(trawl::load<std::make_unsigned_t<integer>>(p + Bit / 8, O));
    } else if constexpr (Bit % 8 + Width <= 8) {
      return T(p[Bit / 8] >> (O == Order::big ? 8 - Bit % 8 - Width : Bit % 8) & ones(Width));
    } else if constexpr (O == Order::big && Bit / 16 == (Bit + Width - 1) / 16) {
      return T(load_be<u16>(p + Bit / 16 * 2) >> (16 - Bit % 16 - Width) & ones(Width));
    } else if constexpr (O == Order::big && Bit % 32 + Width > 24 && Bit % 32 + Width <= 32) {
      return T(load_be<u32>(p + Bit / 32 * 4) >> (32 - Bit % 32 - Width) & ones(Width));
    } else {
      return T(read_bits(p, Bit, Width, O));
    }
  }
  static constexpr void store(u8* p, T v) {
    if constexpr (OctetArray<T>) copy_bytes(p + Bit / 8, v.octet, sizeof v.octet);
    else if constexpr (whole) trawl::store<std::make_unsigned_t<integer>>(p + Bit / 8, std::make_unsigned_t<integer>(v), O);
    else if constexpr (Bit % 8 + Width <= 8) {
      constexpr unsigned low = O == Order::big ? 8 - Bit % 8 - Width : Bit % 8, mask = unsigned(ones(Width)) << low;
      p[Bit / 8] = u8((p[Bit / 8] & ~mask) | (unsigned(v) << low & mask));
    } else if constexpr (O == Order::big && Bit / 16 == (Bit + Width - 1) / 16) {
      constexpr unsigned low = 16 - Bit % 16 - Width, mask = unsigned(ones(Width)) << low;
      store_be<u16>(p + Bit / 16 * 2, u16((load_be<u16>(p + Bit / 16 * 2) & ~mask) | (unsigned(v) << low & mask)));
    } else {
      write_bits(p, Bit, Width, O, u64(v));
    }
  }
};

// ---- the list of a protocol's fixed fields ----

void error_gap_before(std::string_view field);            // never defined: reaching one of these stops the compiler
void error_overlap_at(std::string_view field);
void error_fields_do_not_cover_the_header(unsigned bytes);
void error_name_is_used_twice(std::string_view field);

/// All fields of a fixed header, in order; a field that lies within the one before it names bits of it. A gap or an
/// overlap does not compile.
template <size_t N, unsigned Size> struct Fields {
  FieldInfo item[N ? N : 1] = {};
  u8 initial[Size ? Size : 1] = {};
  static constexpr size_t count = N;

  consteval Fields(std::initializer_list<FieldInfo> list) {
    unsigned next = 0, whole_at = 0, i = 0;
    for (const FieldInfo& f : list) {
      for (unsigned k = 0; k < i; ++k)
        if (item[k].name == f.name) error_name_is_used_twice(f.name);
      item[i] = f;
      if (f.bit == next) {
        whole_at = f.bit, next = f.bit + f.width;
      } else if (f.bit > next) {
        error_gap_before(f.name);
      } else if (f.bit < whole_at || f.bit + f.width > next) {
        error_overlap_at(f.name);
      } else {
        item[i].depth = 1;
      }
      const unsigned skip = f.width > 64 ? f.width - 64u : 0;
      if (f.say.initial) write_bits(initial, f.bit + skip, f.width - skip, f.order, f.say.initial);
      ++i;
    }
    if (next != Size * 8) error_fields_do_not_cover_the_header(Size);
  }
};
template <unsigned Size, class... F> consteval auto cover(const F&... f) { return Fields<sizeof...(F), Size>({f...}); }

}  // namespace trawl::inline v0::wire
