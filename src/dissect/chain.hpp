// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The compiled chain: the most common protocols, generated from the same declarations as the generic loop, whose answer
/// it gives always. Known must be the first protocols of the standard catalog, in its order.
#pragma once
#include "loop.hpp"

namespace trawl::inline v0::detail {

template <class... Known> struct Chain {
  template <class P> static consteval wire::ProtocolIndex index() {
    wire::ProtocolIndex i = 0, found = 0;
    ((++i, std::same_as<P, Known> ? void(found = i) : void()), ...);
    return found;
  }
  /// Is `n` one of the numbers that Child has in the space of Parent's next field?
  template <class Parent, class Child> [[gnu::always_inline]] static bool is_number(u32 n) {
    bool yes = false;
    [&]<size_t... I>(std::index_sequence<I...>) {
      ((Child::numbers.item[I].in->id == wire::the_rules<Parent>.next.in->id ? void(yes = yes || n == Child::numbers.item[I].value) : void()), ...);
    }(std::make_index_sequence<Child::numbers.count>());
    return yes;
  }
  template <class Parent, class Child> [[gnu::always_inline]] static bool try_child(Dissection& d, const wire::Catalog& c, Progress now, u32 n, Rigor rigor) {
    if constexpr (constexpr auto any = wire::number_in(wire::record<Child>, wire::the_rules<Parent>.next.in); any && index<Child>() > index<Parent>()) {
      if (!is_number<Parent, Child>(n)) return false;
      layer<Child>(d, c, now, rigor);
      return true;
    }
    return false;
  }
  template <class P> [[gnu::always_inline]] static void layer(Dissection& d, const wire::Catalog& c, Progress now, Rigor rigor) {
    const wire::Step s = wire::step_of<P>(d.packet.data + now.at, there(d, now));
    now.protocol = index<P>();
    if (const Taken taken = take_layer(d, s, now, rigor); taken != Taken::more) {
      d.count = now.count;
      if (!wire::the_rules<P>.may_be_empty && taken == Taken::empty) end_here(d, c, c[index<P>()], s, now);
      return;
    }
    if ((try_child<P, Known>(d, c, now, s.number, rigor) || ...)) return;
    now.protocol = find_next(c, c[index<P>()], s);
    if (now.protocol == wire::unknown_protocol) [[likely]] d.count = now.count;
    else go_on(d, c, now, rigor);
  }
};

}  // namespace trawl::inline v0::detail
