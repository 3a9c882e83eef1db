// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What stands behind a fixed header: optional fields, options, groups, strings. All of it is "parts", in order.
///
///     static constexpr Part<u32, 2> key {"key", "RFC 2890 2.1", {.when = key_present == true}};
///     static constexpr Part<List<TcpOption>, 0> options {"options", "RFC 9293 3.1"};
///
/// A Record is a fixed header and its parts. Protocols, options, TLV heads and repeated groups are all Records.
#pragma once
#include "trawl/wire/measure.hpp"

namespace trawl::inline v0::wire {

struct Record;
template <class P> struct Described;                   // the run-time description of P (record.hpp)

template <class E> struct List {};                     ///< options (if E names its kind: `next`) or repeated groups
template <class T> struct Le {};                       ///< a little-endian number
struct Text {};                                        ///< characters
struct Blob {};                                        ///< bytes
struct DomainName {};                                  ///< RFC 1035 4.1.4, compression followed when read
struct Varint {};                                      ///< RFC 9000 16

/// What may be said of a part. Nothing said: always there; runs (lists, texts, blobs) go up to the end of the header.
struct PartRules {
  Condition when = {};             ///< absent unless this holds; a sender who gives the part makes it hold
  Measure bytes = {};              ///< how many bytes
  Measure count = {};              ///< how many elements of a list
  u8 align = 1;                    ///< starts at a multiple of this from the record's start
  bool while_top_bit = false;      ///< repeats four bytes at a time while the last word's top bit is set (radiotap)
  Say say = {};
};

struct PartInfo : FieldInfo {
  PartRules rules;
  const Record* element = nullptr;
};

template <class T> struct PartType {
  using type = T;
  static constexpr Order order = Order::big;
};
template <class T> struct PartType<Le<T>> {
  using type = T;
  static constexpr Order order = Order::little;
};
template <class T> struct ElementOf {
  static constexpr bool list = false;
  static constexpr const Record* value = nullptr;
};
template <class E> struct ElementOf<List<E>> {
  using type = E;
  static constexpr bool list = true;
  static constexpr const Record* value = &Described<E>::value;
};
template <class T> inline constexpr bool is_list = ElementOf<T>::list;
template <class T> inline constexpr bool is_run =
    is_list<T> || std::same_as<T, Text> || std::same_as<T, Blob> || std::same_as<T, DomainName> || std::same_as<T, Varint>;

template <class T> constexpr Kind part_kind() {
  if constexpr (std::same_as<T, Text>) return Kind::text;
  else if constexpr (std::same_as<T, Blob>) return Kind::octets;
  else if constexpr (std::same_as<T, DomainName>) return Kind::domain_name;
  else if constexpr (std::same_as<T, Varint>) return Kind::varint;
  else if constexpr (is_list<T>) return Kind::list;
  else return kind_of<typename PartType<T>::type>();
}

template <size_t N> struct Literal;                    // value.hpp
template <class Part, class V> struct PartValue;
template <class Part, class... E> struct ListValue;

/// The Index-th part of P.
template <class P, class T, unsigned Index> struct PartOf : PartInfo {
  using declared = T;
  using type = PartType<T>::type;
  using owner = P;
  static constexpr unsigned index = Index;
  static constexpr bool run = is_run<T>;               // size known only at run time
  static constexpr u16 fixed_width() {
    if constexpr (run) return 0;
    else return u16(sizeof(type) * 8);
  }
  constexpr PartOf(std::string_view part_name, std::string_view where, PartRules r = {}) {
    static_cast<Ref&>(*this) = {PartType<T>::order, i8(Index), 0, fixed_width()};
    name = part_name, spec = where, kind = part_kind<T>(), say = r.say, rules = r, element = ElementOf<T>::value;
    type_bytes = run ? 0 : u8(fixed_width() / 8), values = values_of<type>();
  }
  constexpr auto operator=(std::conditional_t<run, Bytes, type> v) const { return PartValue<PartOf, decltype(v)>{v}; }
  template <std::integral I> requires(std::is_enum_v<type>) constexpr auto operator=(I v) const { return PartValue<PartOf, type>{type(v)}; }
  template <size_t N> requires(run) constexpr auto operator=(const char (&text)[N]) const {
    return PartValue<PartOf, Literal<N - 1>>{{text}};
  }
  template <class... E> requires(is_list<T>) constexpr auto operator()(const E&... e) const { return ListValue<PartOf, E...>(e...); }
};

/// Named bits of the Index-th part of P.
template <class P, class T, unsigned Index, unsigned Bit, unsigned Width, Order O> struct BitsOf : FieldInfo {
  using type = T;
  using owner = P;
  using load_as = FieldOf<P, T, Bit, Width, O>;
  static constexpr unsigned index = Index;
  constexpr BitsOf(std::string_view bits_name, std::string_view where, Say how = {}) {
    static_cast<Ref&>(*this) = {O, i8(Index), Bit, Width};
    name = bits_name, spec = where, kind = kind_of<T>(), depth = 1, type_bytes = sizeof(T), say = how, values = values_of<T>();
  }
};

void error_parts_out_of_order(std::string_view part);  // never defined

template <size_t N, size_t Bits> struct Parts {
  PartInfo item[N ? N : 1] = {};
  FieldInfo bits[Bits ? Bits : 1] = {};
  static constexpr size_t count = N, bit_count = Bits;
};
template <class T> inline constexpr bool is_part = std::is_base_of_v<PartInfo, T>;
/// The parts of a protocol, in order, each followed by the bits that are named in it.
template <class... P> consteval auto then(const P&... p) {
  Parts<(0 + ... + is_part<P>), (0 + ... + !is_part<P>)> parts;
  unsigned i = 0, b = 0;
  const auto add = [&](const auto& one) {
    if constexpr (is_part<std::remove_cvref_t<decltype(one)>>) {
      if (one.part != int(i)) error_parts_out_of_order(one.name);
      parts.item[i++] = one;
    } else {
      if (one.part != int(i) - 1) error_parts_out_of_order(one.name);
      parts.bits[b++] = one;
    }
  };
  (add(p), ...);
  return parts;
}

}  // namespace trawl::inline v0::wire
