// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Composing: `Ethernet{...} / Ipv4{...} / Tcp{...}.with(Tcp::options(Mss{...})) / Payload{bytes}`.
///
/// Sizes are known before the first byte is written; then each byte is written once, outermost header first, and lengths,
/// flags, next-protocol numbers and sums that the sender left unset are filled in by inverting what the protocol states.
#pragma once
#include <utility>

#include "trawl/core/error.hpp"
#include "trawl/wire/fill.hpp"

namespace trawl::inline v0::wire {

/// Bytes behind the last header; borrowed until written.
template <size_t N = unbounded> struct Payload {
  static constexpr size_t most = N;
  const char* text = nullptr;
  Bytes bytes;
  constexpr Payload(Bytes b) : bytes(b) {}
  constexpr Payload(const char (&s)[N + 1]) : text(s), bytes{nullptr, N} {}
  constexpr u32 header() const { return u32(bytes.size); }
  constexpr void write(u8* p) const {
    if (!text) return copy_bytes(p, bytes.data, bytes.size);
    for (size_t i = 0; i < bytes.size; ++i) p[i] = u8(text[i]);
  }
};
template <size_t N> Payload(const char (&)[N]) -> Payload<N - 1>;
Payload(Bytes) -> Payload<>;

template <class T> concept IsLayer = requires(const T& t) {
  t.raw;
  t.set_by_sender;
  typename T::LayerType;
};

/// A layer without parts.
template <class P> struct Plain {
  using protocol = P;
  static constexpr size_t most = P::fixed_size;
  P layer;
  static constexpr u32 header() { return P::fixed_size; }
  static constexpr const Layout* where() { return nullptr; }
  constexpr void write(u8* p) const { copy_bytes(p, layer.raw, P::fixed_size); }
};

/// A layer with parts.
template <class P, class... V> struct With {
  using protocol = P;
  static constexpr size_t most = [] {
    size_t n = P::fixed_size + 64 + (size_t{0} + ... + V::most);
    for (const PartInfo& part : P::parts.item) n += part.width / 8u + part.rules.align - 1u;
    return n;
  }();
  P layer;
  Values<V...> parts;
  Layout layout;
  u32 header_size = 0;

  constexpr With(const P& l, const V&... v) : layer(l), parts(values_from(v...)), layout{} {
    parts.each([&](const auto& value) {
      static_assert(std::same_as<typename std::remove_cvref_t<decltype(value)>::part::owner, P>, "a part of another protocol");
      detail::satisfy<P>(P::parts.item[value.index].rules.when, layer.raw, layer.set_by_sender);
    });
    place();
  }
  constexpr u32 header() const { return header_size; }
  constexpr const Layout* where() const { return &layout; }
  constexpr void write(u8* p) const {
    copy_bytes(p, layer.raw, P::fixed_size);
    for (u32 i = P::fixed_size; i < header_size; ++i) p[i] = 0;
    parts.each([&](const auto& value) {
      if (layout.has(value.index)) value.write(p + layout.at[value.index]);
    });
    write_sizes(p, std::make_index_sequence<P::parts.count>());
  }

 private:
  /// Where each part goes, from what was given; parts that must be there and were not given are zeros.
  constexpr void place() {
    u32 at = P::fixed_size;
    for (const PartInfo& part : P::parts.item) {
      if (!holds(part.rules.when, layer.raw, P::fixed_size)) continue;
      u32 size = part.width / 8u;
      if (part.rules.while_top_bit) size = 4;
      parts.each([&](const auto& v) {
        if (int(v.index) == part.part) size = v.size();
      });
      at = round_up(at, part.rules.align);
      layout.at[part.part] = at, layout.size[part.part] = size, layout.present |= 1u << part.part;
      at += size;
    }
    layout.end = at;
    constexpr Measure m = the_rules<P>.header_bytes;
    header_size = m.exists() ? round_up(at, u32(m.scale)) : at;
  }
  template <size_t... I> constexpr void write_sizes(u8* p, std::index_sequence<I...>) const { (write_size<I>(p), ...); }
  template <size_t I> constexpr void write_size(u8* p) const {
    static constexpr PartRules r = P::parts.item[I].rules;
    if (layout.has(int(I))) detail::fill_measure<P, r.bytes>(p, layer.set_by_sender, &layout, layout.size[I]);
    if constexpr (r.count.exists())
      parts.each([&](const auto& v) {
        if (v.index == I) detail::fill_measure<P, r.count>(p, layer.set_by_sender, &layout, v.count());
      });
  }
};
template <class P, unsigned Size> template <class... V> constexpr auto Layer<P, Size>::with(V... v) const {
  return With<P, V...>(static_cast<const P&>(*this), v...);
}

/// A packet with its bytes in it, at most N.
template <size_t N> struct Built {
  u8 data[N ? N : 1] = {};
  u32 size = 0;
  constexpr Bytes bytes() const { return {data, size}; }
};

/// Layers on the way to a packet.
template <class... N> struct Stack;

template <class N> struct Stack<N> {
  N node;
  static constexpr size_t most = N::most;
  constexpr u32 size() const { return node.header(); }
  /// Writes the headers, outermost first; sums come later, innermost first.
  constexpr void write(u8* p, u32 all) const {
    node.write(p);
    if constexpr (requires { typename N::protocol; })
      detail::fill_lengths<typename N::protocol>(p, node.layer.set_by_sender, node.where(), node.header(), all);
  }
  constexpr void seal(u8* p, u32 all, const Under& under) const {
    if constexpr (requires { typename N::protocol; })
      detail::fill_sum<typename N::protocol>(p, node.layer.set_by_sender, node.where(), node.header(), all, under);
  }
};

template <class N, class C, class... R> struct Stack<N, C, R...> {
  N node;
  Stack<C, R...> above;
  using P = N::protocol;
  static constexpr size_t most = N::most + Stack<C, R...>::most;
  constexpr u32 size() const { return node.header() + above.size(); }
  /// The packet itself, also at compile time: `constexpr auto syn = (Ethernet{} / Ipv4{} / Tcp{}).build();`
  constexpr auto build() const requires(most < unbounded) {
    Built<most> packet;
    packet.size = size();
    write(packet.data, packet.size);
    seal(packet.data, packet.size, {});
    return packet;
  }
  constexpr void write(u8* p, u32 all) const {
    const u32 header = node.header();
    node.write(p);
    detail::fill_lengths<P>(p, node.layer.set_by_sender, node.where(), header, all);
    if constexpr (requires { typename C::protocol; })
      detail::fill_next<P, typename C::protocol>(p, node.layer.set_by_sender, node.where(), all, header);
    above.write(p + header, all - header);
  }
  constexpr void seal(u8* p, u32 all, const Under& under) const {
    const u32 header = node.header();
    Under next = under;
    if constexpr (the_rules<P>.addresses.size != 0) next = {p, the_rules<P>.addresses};
    if constexpr (the_rules<P>.redirects.exists())
      if (header >= P::fixed_size + 16u && holds(the_rules<P>.redirects, p, P::fixed_size)) next.destination = p + header - 16;
    if constexpr (requires { typename C::protocol; })
      if constexpr (constexpr auto n = number_in(record<typename C::protocol>, the_rules<P>.next); n.has_value()) next.number = *n;
    above.seal(p + header, all - header, next);
    detail::fill_sum<P>(p, node.layer.set_by_sender, node.where(), header, all, under);
  }
};

namespace detail {

/// Has parts that are there even when the sender names none, such as a length byte before a string.
template <class P> consteval bool has_sized_parts() {
  if constexpr (requires { P::parts; })
    for (const PartInfo& part : P::parts.item)
      if (part.width && part.part >= 0) return true;
  return false;
}
template <size_t N> constexpr Payload<N> node(const Payload<N>& p) { return p; }
template <IsLayer P> constexpr auto node(const P& p) {
  if constexpr (has_sized_parts<P>()) return With<P>(p);
  else return Plain<P>{p};
}
template <class P, class... V> constexpr With<P, V...> node(const With<P, V...>& w) { return w; }
template <class N> constexpr auto as_stack(const N& n) {
  using T = decltype(node(n));
  return Stack<T>{node(n)};
}
template <class... N> constexpr Stack<N...> as_stack(const Stack<N...>& s) { return s; }
template <class A, class... B> constexpr Stack<A, B...> join(const Stack<A>& a, const Stack<B...>& b) { return {a.node, b}; }
template <class A, class C, class... R, class... B> constexpr Stack<A, C, R..., B...> join(const Stack<A, C, R...>& a,
                                                                                           const Stack<B...>& b) {
  return {a.node, join(a.above, b)};
}
template <class T> inline constexpr bool is_stack = false;
template <class... N> inline constexpr bool is_stack<Stack<N...>> = true;
template <class T> inline constexpr bool is_payload = false;
template <size_t N> inline constexpr bool is_payload<Payload<N>> = true;
template <class T> inline constexpr bool is_with = false;
template <class P, class... V> inline constexpr bool is_with<With<P, V...>> = true;

}  // namespace detail

template <class T> concept Stackable = IsLayer<T> || detail::is_stack<T> || detail::is_with<T> || detail::is_payload<T>;

/// Puts `b` on top of `a`. Any order of layers is accepted: what the parent cannot name is left as it is.
template <Stackable A, Stackable B> requires(!detail::is_payload<A>) constexpr auto operator/(const A& a, const B& b) {
  return detail::join(detail::as_stack(a), detail::as_stack(b));
}

/// How many bytes the layers take.
template <Stackable L> constexpr u32 size_of(const L& layers) { return detail::as_stack(layers).size(); }

/// Writes into the caller's buffer. @return how many bytes; Reason::does_not_fit, and nothing written, when it is too small
template <Stackable L> constexpr Result<u32> compose(const L& layers, std::span<u8> to) {
  const auto stack = detail::as_stack(layers);
  const u32 n = stack.size();
  if (n > to.size()) return fail(Operation::compose_packet, Reason::does_not_fit);
  stack.write(to.data(), n);
  stack.seal(to.data(), n, {});
  return n;
}
template <class Part, class... E> constexpr auto ListValue<Part, E...>::whole(const auto& e) {
  const auto s = detail::as_stack(e);
  if constexpr (std::same_as<typename decltype(s.node)::protocol, Family>) return s;
  else return detail::join(detail::as_stack(Family{}), s);
}
template <class Part, class... E> template <class T> consteval size_t ListValue<Part, E...>::most_of() {
  return decltype(detail::as_stack(std::declval<T>()))::most + Family::fixed_size + rules.align;
}
template <class Part, class... E> constexpr size_t ListValue<Part, E...>::most = (size_t{0} + ... + most_of<E>());
template <class Part, class... E> constexpr u32 ListValue<Part, E...>::one(const auto& e) {
  using P = decltype(detail::as_stack(e).node)::protocol;
  if constexpr (alone(record<P>) >= 0) return 1;
  else return whole(e).size();
}
template <class Part, class... E> constexpr u32 ListValue<Part, E...>::size() const {
  u32 n = 0;
  elements.each([&](const auto& e) { n = round_up(n, rules.align) + one(e); });
  return rules.pads_last ? round_up(n, rules.align) : n;
}
template <class Part, class... E> constexpr void ListValue<Part, E...>::write(u8* p) const {
  u32 at = 0;
  elements.each([&](const auto& e) {
    using P = decltype(detail::as_stack(e).node)::protocol;
    at = round_up(at, rules.align);
    if constexpr (alone(record<P>) >= 0) {
      p[at] = u8(alone(record<P>));
    } else {
      const auto s = whole(e);
      s.write(p + at, s.size());
      s.seal(p + at, s.size(), {});
    }
    at += one(e);
  });
}

}  // namespace trawl::inline v0::wire
