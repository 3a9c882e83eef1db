// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a protocol states about itself, as one aggregate: a statement that is misspelt does not compile.
#pragma once
#include "trawl/wire/part.hpp"

namespace trawl::inline v0::wire {

enum class Algorithm : u8 { none, internet, crc32c };
enum class Over : u8 { header, all, pseudo_and_all };

/// Who sums what into which field: `internet(checksum, Over::header)`.
struct Sum {
  Algorithm algorithm = Algorithm::none;
  Ref into = {};
  Over over = Over::all;
  bool zero_means_absent = false;
};
constexpr Sum internet(const FieldInfo& into, Over over) { return {Algorithm::internet, into, over}; }
/// A sum of 0 is sent as 0xffff, because 0 means that there is none (UDP).
constexpr Sum nonzero(Sum s) { return s.zero_means_absent = true, s; }
constexpr Sum crc32c_of(const FieldInfo& into) { return {Algorithm::crc32c, into, Over::all}; }

/// What says which protocol follows: a field whose type is a number space, or a constant.
struct Next {
  Ref from;
  u32 in = 0;                      ///< id of the space; 0: nothing is said
  u32 constant = 0;
  bool fixed = false;
  bool of_payload = false;         ///< `from` counts from the first byte behind the header
  u16 same_count = 0;
  const Same* same_first = nullptr;
  const Space* space = nullptr;
  constexpr Next() = default;
  template <class F> requires(std::is_base_of_v<FieldInfo, F> && std::is_enum_v<typename F::type>)
  constexpr Next(const F& field) : from(field) {
    meaning<typename F::type>();
  }
  template <class E> constexpr void meaning() {
    in = wire::space<E>.id, same_first = wire::space<E>.same.data(), same_count = u16(wire::space<E>.same.size()), space = &wire::space<E>;
  }
  constexpr std::span<const Same> same() const { return {same_first, same_count}; }
  constexpr bool exists() const { return in != 0; }
};
/// Always the protocol that has this number.
template <class E> requires std::is_enum_v<E> constexpr Next always(E number) {
  Next next;
  next.meaning<E>(), next.constant = u32(number), next.fixed = true;
  return next;
}

/// A number that the payload begins with: where nothing else says what follows.
template <class E> constexpr Next ahead(u16 bit, u16 width) {
  Next next;
  next.from = {Order::big, -1, bit, width}, next.of_payload = true, next.meaning<E>();
  return next;
}

/// The bytes of a header that a pseudo-header takes: source and destination address.
struct Addresses {
  u16 at = 0, size = 0;
};
constexpr Addresses from_to(const FieldInfo& first, const FieldInfo& last) {
  return {u16(first.bit / 8), u16((last.bit + last.width - first.bit) / 8)};
}

/// One-byte elements of a list that have no length: TCP's No-Operation and End of Option List.
struct Lone {
  i16 pad = -1, end = -1;
};

struct Rules {
  Condition expect = {};                ///< what identifies the protocol; else Fault::unexpected_value
  Measure header_bytes = {};            ///< the header with its parts; not said: fixed part and parts
  Measure total_bytes = {};             ///< header and payload; what is behind is padding
  Measure payload_bytes = {};
  bool takes_all = false;          ///< the header is all there is (DNS, SCTP)
  Next next = {}, or_next = {};
  Condition next_when = {};             ///< else nothing is said about what follows (fragments, truncated layers)
  u32 length_below = 0;            ///< a `next` below this is the payload's length, and or_next says what follows (IEEE 802.3)
  bool may_be_empty = false;       ///< the payload: else a known next protocol without a byte is Fault::too_short
  bool quotes = false;             ///< the payload is a packet quoted by an error message: its layers are marked so
  Sum sum = {};
  Addresses addresses = {};        ///< what a pseudo-header above takes from this header
  Condition fragment_when = {};    ///< the payload is a piece of a larger datagram
  Condition redirects = {};        ///< the last 16 bytes are the destination that pseudo-headers above use (RFC 8200 8.1)
  Lone lone = {};                       ///< of a family of options
  i16 last = -1;                   ///< the kind after which a list ends although it has a length (LLDP's End)
  u8 align = 1;                    ///< elements of this family start at multiples of this
  bool pads_last = false;          ///< and the last one is filled up too
  std::string_view via = {};            ///< what frame.protocols shows between this layer and the next
  std::string_view listed_as = {}; ///< its name in frame.protocols, where that is not the prefix of its fields
  bool unlisted = false;           ///< not shown in frame.protocols
  u16 shown_when_cut = 0xffff;     ///< of a header that is cut short, fields within so many bytes are shown
};

/// A second name for one or two fields: `ip.addr`, `tcp.port`.
struct Alias {
  std::string_view name = {};
  Ref field[2] = {};
};
template <class A> constexpr Alias alias(std::string_view name, const A& field) { return {name, {field, {}}}; }
template <class A, class B> constexpr Alias alias(std::string_view name, const A& first, const B& second) {
  return {name, {first, second}};
}
template <size_t N> struct Aliases {
  Alias item[N ? N : 1];
  static constexpr size_t count = N;
};
template <std::same_as<Alias>... A> constexpr Aliases<sizeof...(A)> also(const A&... a) { return {{a...}}; }

/// Names of the fields that a one-line summary shows: `shown("tcp.flags", "tcp.len")`.
template <size_t N> struct Shown {
  std::string_view item[N ? N : 1];
  static constexpr size_t count = N;
};
template <class... S> constexpr Shown<sizeof...(S)> shown(S... names) { return {{std::string_view(names)...}}; }

/// What a derived field is computed from: one layer in its packet.
struct LayerContext {
  Bytes packet;                    ///< the whole captured packet
  Bytes header, payload;           ///< of this layer, as far as captured
  u32 payload_length = 0;          ///< as the lengths in the packet say it, whether captured or not
  bool fragment = false;           ///< a fragment of a larger datagram
  bool quoted = false;             ///< in a packet that an error message quotes
  bool truncated = false;          ///< the packet was cut when it was captured
};
/// A field that is computed: `tcp.len`. Absent where the function gives nothing.
struct Derived : FieldInfo {
  struct Value {
    bool exists = false;
    u64 number = 0;
  };
  Value (*value)(const LayerContext&) = nullptr;
  constexpr Derived() = default;
  constexpr Derived(std::string_view field_name, std::string_view where, Value (*compute)(const LayerContext&), Say how = {},
                    Kind shown_as = Kind::number)
      : value(compute) {
    name = field_name, spec = where, say = how, kind = shown_as, type_bytes = 4;
  }
};
template <size_t N> struct DerivedFields {
  Derived item[N ? N : 1];
  static constexpr size_t count = N;
};
template <std::same_as<Derived>... D> constexpr DerivedFields<sizeof...(D)> computed(const D&... d) { return {{d...}}; }

}  // namespace trawl::inline v0::wire
