// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Values of parts, on their way into a header: `Gre::key = 7`, `Dns::questions(...)`, `Tcp::options(Mss{...}, Nop{})`.
#pragma once
#include "trawl/wire/layer.hpp"

namespace trawl::inline v0::wire {

/// The size of what is known only at run time.
inline constexpr size_t unbounded = size_t(1) << 24;

/// Any number of values, each with its own type.
template <class... V> struct Values {
  constexpr void each(auto&&) const {}
};
template <class V, class... R> struct Values<V, R...> {
  V first;
  Values<R...> rest;
  constexpr void each(auto&& f) const {
    f(first);
    rest.each(f);
  }
};
constexpr Values<> values_from() { return {}; }
template <class V, class... R> constexpr Values<V, R...> values_from(const V& v, const R&... r) { return {v, values_from(r...)}; }

template <class Part, class V> struct PartValue {
  using part = Part;
  static constexpr unsigned index = Part::index;
  static constexpr size_t most = std::same_as<V, Bytes> ? unbounded : sizeof(V);
  V value;
  constexpr u32 size() const {
    if constexpr (std::same_as<V, Bytes>) return u32(value.size);
    else return u32(sizeof(V));
  }
  constexpr u32 count() const { return 1; }
  constexpr void write(u8* p) const {
    if constexpr (std::same_as<V, Bytes>) copy_bytes(p, value.data, value.size);
    else FieldOf<void, V, 0, sizeof(V) * 8, PartType<typename Part::declared>::order>::store(p, value);
  }
};

/// A string literal: characters, or a domain name as labels (RFC 1035 3.1; dots between them, no escapes).
template <size_t N> struct Literal {
  const char* text;
};
template <class Part, size_t N> struct PartValue<Part, Literal<N>> {
  using part = Part;
  static constexpr unsigned index = Part::index;
  static constexpr bool labels = std::same_as<typename Part::declared, DomainName>;
  static constexpr size_t most = N + (labels ? (N ? 2 : 1) : 0);
  Literal<N> value;
  constexpr u32 size() const { return u32(most); }
  constexpr u32 count() const { return 1; }
  constexpr void write(u8* p) const {
    const char* text = value.text;
    if constexpr (!labels) {
      for (size_t i = 0; i < N; ++i) p[i] = u8(text[i]);
    } else {
      size_t label = 0;
      for (size_t i = 0; i <= N; ++i) {
        if (i < N && text[i] != '.') {
          p[i + 1] = u8(text[i]);
          continue;
        }
        p[label] = u8(i - label);
        label = i + 1;
      }
      p[N ? N + 1 : 0] = 0;
    }
  }
};

template <class F> struct FamilyOf;
template <class F> struct FamilyOf<List<F>> {
  using type = F;
};

/// Options or groups. An option given without its family's head gets one; its kind and length are computed.
template <class Part, class... E> struct ListValue {
  using part = Part;
  static constexpr unsigned index = Part::index;
  using Family = FamilyOf<typename Part::declared>::type;
  static constexpr const Rules& rules = *record<Family>.rules;
  Values<E...> elements;
  constexpr ListValue(const E&... e) : elements(values_from(e...)) {}

  /// The one byte of an element that has neither body nor length; -1 for the others.
  static constexpr int alone(const Record& r) {
    const auto n = number_in(r, rules.next);
    return n && (int(*n) == rules.lone.pad || int(*n) == rules.lone.end) ? int(*n) : -1;
  }
  static const size_t most;
  constexpr u32 count() const { return sizeof...(E); }
  constexpr u32 size() const;
  constexpr void write(u8* p) const;

 private:
  template <class T> static consteval size_t most_of();
  static constexpr auto whole(const auto& e);
  static constexpr u32 one(const auto& e);
};

}  // namespace trawl::inline v0::wire
