// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Layer<P, Size>: what a protocol, option, TLV head or group derives from; View<P> reads it, Edit<P> writes it in place.
#pragma once
#include "trawl/wire/layout.hpp"
#include "trawl/wire/step.hpp"

namespace trawl::inline v0::wire {

/// Which of P's fixed fields this one is.
template <class F> consteval unsigned index_of() {
  for (unsigned i = 0; i < F::owner::fields.count; ++i)
    if (F::owner::fields.item[i].bit == F::at && F::owner::fields.item[i].width == F::width) return i;
  error_fields_do_not_cover_the_header(F::at);
  return 0;
}

/// A header to send: its fixed bytes, and which fields the sender set (those are never computed).
template <class P, unsigned Size> struct Layer {
  template <class T, unsigned Bit, unsigned Width = width_of<T>()> using Field = FieldOf<P, T, Bit, Width, Order::big>;
  template <class T, unsigned Bit, unsigned Width = width_of<T>()> using LeField = FieldOf<P, T, Bit, Width, Order::little>;
  template <class T, unsigned Index> using Part = PartOf<P, T, Index>;
  template <class T, unsigned Index, unsigned Bit, unsigned Width = width_of<T>()> using Bits = BitsOf<P, T, Index, Bit, Width, Order::big>;
  template <class T, unsigned Index, unsigned Bit, unsigned Width = width_of<T>()> using LeBits =
      BitsOf<P, T, Index, Bit, Width, Order::little>;
  using LayerType = P;   // no field is spelt so
  static constexpr unsigned fixed_size = Size;

  alignas(16) u8 raw[Size ? Size : 1];
  u64 set_by_sender = 0;                          ///< one bit for each fixed field

  template <class... F> constexpr Layer(Assign<F>... a) {
    copy_bytes(raw, P::fields.initial, Size ? Size : 1);
    (set(a), ...);
    // Compilers that remember the single fields write them again after each copy of the layer on its way into a stack, and the
    // next copy waits for those small stores: 155 ns a packet, not 50.
    if !consteval { asm("" : "+m"(*this)); }
  }
  template <class F> requires std::same_as<typename F::owner, P> constexpr void set(Assign<F> a) {
    F::store(raw, a.value);
    set_by_sender |= u64{1} << index_of<F>();
  }
  template <class F> requires std::same_as<typename F::owner, P> constexpr typename F::type operator[](const F&) const {
    return F::load(raw);
  }
  /// Adds parts: `Tcp{...}.with(Tcp::options(Mss{Mss::value = 1460}))`.
  template <class... V> constexpr auto with(V... v) const;
};

/// Reads a header inside a packet. A view that is empty (false) must not be read; reads of fixed fields cannot fail else.
template <class P> struct View {
  Bytes header;                                   ///< the header with its parts, as far as captured
  Bytes payload;                                  ///< what it carries, padding left out

  constexpr View() = default;
  constexpr View(Bytes header_bytes, Bytes payload_bytes) : header(header_bytes), payload(payload_bytes) {}
  /// The header that starts `b`; empty when its fixed part is not there. Lengths in it are followed as far as they hold.
  static View of(Bytes b) {
    if (b.size < P::fixed_size) return {};
    const Step s = step_of<P>(b.data, b.size);
    if (s.header == Step::stop) return {b, {}};
    const size_t end = s.total < b.size ? s.total : b.size;
    return {b.first(s.header), b.first(end).from(s.header)};
  }
  constexpr explicit operator bool() const { return header.data != nullptr; }

  template <class F> requires(std::same_as<typename F::owner, P> && requires { F::at; })
  constexpr typename F::type operator[](const F&) const {
    return F::load(header.data);
  }

  /// An optional value; bytes for texts and blobs; a range for lists.
  template <class T, unsigned I> auto operator[](const PartOf<P, T, I>&) const {
    using Q = PartOf<P, T, I>;
    const Bytes b = part<I>();
    if constexpr (is_list<T>) return Elements{ElementOf<T>::value, b};
    else if constexpr (std::same_as<T, Varint>)
      return b.size && b.size >= (1u << (b[0] >> 6)) ? std::optional<u64>(read_varint(b.data)) : std::nullopt;
    else if constexpr (is_run<T>) return b;
    else {
      using V = typename Q::type;
      return b.size < sizeof(V) ? std::optional<V>() : std::optional<V>(FieldOf<P, V, 0, sizeof(V) * 8, PartType<T>::order>::load(b.data));
    }
  }
  template <class T, unsigned I, unsigned B, unsigned W, Order O> std::optional<T> operator[](const BitsOf<P, T, I, B, W, O>&) const {
    const Bytes b = part<I>();
    if (b.size * 8 < B + W) return {};
    return BitsOf<P, T, I, B, W, O>::load_as::load(b.data);
  }

 private:
  template <unsigned I> Bytes part() const {
    constexpr const PartRules& rules = P::parts.item[I].rules;
    if constexpr (I == 0 && !rules.when.exists() && !rules.bytes.exists() && !rules.count.exists() && rules.align == 1 &&
                  P::parts.item[I].width == 0)
      return header.from(P::fixed_size);
    Layout l;
    lay_out(l, record<P>, header, int(I));
    return l.has(int(I)) ? header.slice(l.at[I], l.size[I]) : Bytes{};
  }
};

/// The first option of type O in a list, empty when there is none: `find<Mss>(tcp[Tcp::options])`.
template <class O> View<O> find(const Elements& list) {
  static_assert(O::numbers.count > 0);
  for (const Element& e : list)
    if (const auto n = number_in(record<O>, list.family->rules->next); n && *n == e.number)
      return e.body().size >= O::fixed_size ? View<O>{e.body(), {}} : View<O>{};
  return {};
}

/// Reads and writes fixed fields in place: `edit[Tcp::dst_port] = 443`. Sums are not touched.
template <class P> struct Edit {
  std::span<u8> header;

  template <class F> struct Slot {
    u8* p;
    constexpr operator typename F::type() const { return F::load(p); }
    constexpr void operator=(typename F::type v) const { F::store(p, v); }
    template <std::integral I> requires std::is_enum_v<typename F::type> constexpr void operator=(I v) const {
      F::store(p, typename F::type(v));
    }
  };
  /// Empty when the fixed header is not there.
  static constexpr Edit of(std::span<u8> bytes) { return {bytes.size() < P::fixed_size ? std::span<u8>{} : bytes}; }
  constexpr explicit operator bool() const { return header.data() != nullptr; }
  template <class F> requires(std::same_as<typename F::owner, P> && requires { F::at; }) constexpr Slot<F> operator[](const F&) const {
    return {header.data()};
  }
};

}  // namespace trawl::inline v0::wire
