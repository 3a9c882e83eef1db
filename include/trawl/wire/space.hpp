// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Number spaces: where protocols meet.
///
/// EtherTypes, IP protocols, TCP option kinds. A protocol says "I am 6 among the IP protocols", and every header that
/// carries an IP protocol number (IPv4, IPv6, AH ...) then finds it; neither names the other. The enumeration of a space
/// is open: every value of its type is valid, those without a name are kept and printed as numbers.
///
///     struct EtherTypes { enum Number : u16 { ipv4 = 0x0800, ipv6 = 0x86dd }; };   // values read and compare as integers
///     using EtherType = EtherTypes::Number;
///     inline constexpr ValueName ether_type_names[] = {{0x0800, "IPv4"}, {0x86dd, "IPv6"}};
///     template <> inline constexpr Space space<EtherType>{"EtherType", ether_type_names};
#pragma once
#include <span>
#include <type_traits>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::wire {

/// FNV-1a, 32 bits: a fixed id made of a name, equal in every shared object and a constant everywhere.
constexpr u32 id_of(std::string_view name) {
  u32 h = 2166136261u;
  for (char c : name) h = (h ^ u8(c)) * 16777619u;
  return h ? h : 1;
}

/// One named value of a field.
struct ValueName {
  u64 value = 0;
  std::string_view text;
};

/// `value` of this space means what `number` means in another one. So a header with numbers of its own carries protocols that
/// have never heard of it.
struct Same {
  u32 value = 0;
  u32 in = 0;                      ///< id of the other space
  u32 number = 0;
};

struct Space {
  std::string_view name;
  std::span<const ValueName> names;
  std::span<const Same> same;
  u32 id = 0;
  constexpr Space(std::string_view space_name, std::span<const ValueName> value_names = {}, std::span<const Same> same_as = {})
      : name(space_name),
        names(value_names),
        same(same_as),
        id(id_of(space_name)) {}
  /// Empty when the value has no name.
  constexpr std::string_view name_of(u64 value) const {
    for (const ValueName& n : names)
      if (n.value == value) return n.text;
    return {};
  }
};

/// Specialised beside each enumeration.
template <class E> inline constexpr Space space{"unnamed"};
/// `same(GpeProtocol::ipv4, EtherType::ipv4)`
template <class E, class Other> constexpr Same same(E value, Other number) { return {u32(value), space<Other>.id, u32(number)}; }

/// A value in a space. Ids are compared, never pointers: so all of this stays a constant under every sanitizer.
struct Number {
  u32 in = 0;                      ///< id of the space
  u32 value = 0;
  const Space* space = nullptr;
};
template <size_t N> struct Numbers {
  Number item[N ? N : 1] = {};
  static constexpr size_t count = N;
};
/// The numbers that a protocol has: `at(EtherType::ipv4, IpProtocol::ipv4)`.
template <class... E> constexpr Numbers<sizeof...(E)> at(E... e) { return {{Number{space<E>.id, u32(e), &space<E>}...}}; }

}  // namespace trawl::inline v0::wire
