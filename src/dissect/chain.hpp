// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The compiled chain: the most common protocols, generated from the same declarations as the generic loop, whose answer
/// it gives always.
#pragma once
#include "loop.hpp"

namespace trawl::inline v0::detail {

/// `stage` orders the protocols: only one of a later stage is looked for behind another, the loop does the rest.
template <class P, int Stage> struct Link {
  using protocol = P;
  static constexpr int stage = Stage;
};

/// Known must be the first protocols of the standard catalog, in its order.
template <class... Known> struct Chain {
  template <class P> static consteval wire::ProtocolIndex index() {
    wire::ProtocolIndex i = 0, found = 0;
    ((++i, std::same_as<P, typename Known::protocol> ? void(found = i) : void()), ...);
    return found;
  }
  template <class P> static consteval int stage() {
    int found = 0;
    ((std::same_as<P, typename Known::protocol> ? void(found = Known::stage) : void()), ...);
    return found;
  }
  /// Is `n` one of the numbers that Child has in the space of Parent's next field?
  template <class Parent, class Child> [[gnu::always_inline]] static bool is_number(u32 n) {
    bool yes = false;
    [&]<size_t... I>(std::index_sequence<I...>) {
      ((Child::numbers.item[I].in->id == wire::the_rules<Parent>.next.in->id ? void(yes = yes || n == Child::numbers.item[I].value)
                                                                             : void()),
       ...);
    }(std::make_index_sequence<Child::numbers.count>());
    return yes;
  }
  template <class Parent, class Child, Rigor rigor> [[gnu::always_inline]] static bool try_child(Dissection& d, const wire::Catalog& c,
                                                                                                 Progress& now, u32 n) {
    if constexpr (constexpr auto any = wire::number_in(wire::record<Child>, wire::the_rules<Parent>.next.in);
                  any && stage<Child>() > stage<Parent>()) {
      if (!is_number<Parent, Child>(n)) return false;
      layer<Child, rigor>(d, c, now);
      return true;
    }
    return false;
  }
  /// find_next() with the spaces as constants.
  template <class P> [[gnu::always_inline]] static wire::ProtocolIndex find_child(const wire::Catalog& c, const wire::Step& s) {
    constexpr const wire::Rules& rules = wire::the_rules<P>;
    if constexpr (rules.next.exists())
      if (s.number != wire::Step::nothing)
        if (const wire::ProtocolIndex next = c.find(rules.next.in->id, s.number)) return next;
    if constexpr (rules.or_next.exists())
      if (s.or_number != wire::Step::nothing) return c.find(rules.or_next.in->id, s.or_number);
    return wire::unknown_protocol;
  }
  template <class P, Rigor rigor> [[gnu::always_inline]] static void layer(Dissection& d, const wire::Catalog& c, Progress& now) {
    const wire::Step s = wire::read_step<P>(d.packet.data + now.at, there(d, now));
    now.protocol = index<P>();
    if (const Taken taken = take_layer(d, s, now, rigor); taken != Taken::more) {
      d.count = now.count;
      if (!wire::the_rules<P>.may_be_empty && taken == Taken::empty) end_here(d, c, c[index<P>()], s, now);
      return;
    }
    if ((try_child<P, typename Known::protocol, rigor>(d, c, now, s.number) || ...)) return;
    now.protocol = find_child<P>(c, s);
    if (now.protocol == wire::unknown_protocol) [[likely]]
      d.count = now.count;
    else go_on(d, c, now, rigor);
  }
};

}  // namespace trawl::inline v0::detail
