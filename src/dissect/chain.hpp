// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The compiled chain: the most common protocols, generated from the same declarations as the generic loop, whose answer
/// it gives always.
#pragma once
#include <algorithm>

#include "loop.hpp"

namespace trawl::inline v0::detail {

/// `stage` orders the protocols: only one of a later stage is looked for behind another, the loop does the rest.
template <class P, int Stage> struct Link {
  using protocol = P;
  static constexpr int stage = Stage;
};

/// Where the chain stands: as Progress.
struct Spot {
  u32 at, end, count;
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
  static constexpr int highest = std::max({Known::stage...});
  /// Is `n` one of the numbers that Child has in the space of Parent's next field?
  template <class Parent, class Child> [[gnu::always_inline]] static bool is_number(u32 n) {
    bool yes = false;
    [&]<size_t... I>(std::index_sequence<I...>) {
      ((Child::numbers.item[I].in == wire::the_rules<Parent>.next.in ? void(yes = yes || n == Child::numbers.item[I].value) : void()), ...);
    }(std::make_index_sequence<Child::numbers.count>());
    return yes;
  }
  template <class Parent, class Child, bool whole, class Purpose>
  [[gnu::always_inline]] static bool try_child(Dissection& d, Bytes packet, Purpose purpose, Spot now, u32 n) {
    if constexpr (constexpr auto any = wire::number_in(wire::record<Child>, wire::the_rules<Parent>.next);
                  any && stage<Child>() > stage<Parent>()) {
      if (!is_number<Parent, Child>(n)) return false;
      if (purpose.wants(index<Child>())) layer<Child, whole>(d, packet, purpose, now);
      else d.count = now.count;
      return true;
    }
    return false;
  }
  template <class P> [[gnu::always_inline]] static bool may_follow(const wire::Step& s) {
    const wire::Catalog& c = wire::standard_catalog;
    constexpr const wire::Rules& rules = wire::the_rules<P>;
    if constexpr (!rules.next.exists()) return false;
    else if constexpr (!rules.or_next.exists()) return c.may_have(rules.next.in, s.number, 0, wire::Step::nothing);
    else return c.may_have(rules.next.in, s.number, rules.or_next.in, s.or_number);
  }
  template <class P, class Purpose> [[gnu::always_inline]] static void leave(Dissection& d, Purpose purpose, Spot now) {
    go_on(d, now.at, now.end, now.count, index<P>(), purpose);
  }
  /// Takes a layer of which nothing has to be said but where it is. A fault, a cut, a missing payload or a protocol that is
  /// not in the chain is left to the loop, which reads the layer again: so little has to be held here that it stays in registers.
  /// `whole`: the packet was captured whole, its lengths end where its bytes do.
  template <class P, bool whole, class Purpose>
  [[gnu::always_inline]] static void layer(Dissection& d, Bytes packet, Purpose purpose, Spot now) {
    constexpr const wire::Rules& rules = wire::the_rules<P>;
    const u32 captured = whole || now.end < packet.size ? now.end : u32(packet.size);
    const wire::Step s = wire::read_step<P>(packet.data + now.at, captured - now.at);
    const u32 left = now.end - now.at;
    Spot next{now.at + s.header, now.end, now.count + 1};
    if (s.header == wire::Step::stop) [[unlikely]]
      return leave<P>(d, purpose, now);
    if constexpr (rules.total_bytes.exists() || rules.payload_bytes.exists()) {
      if (s.total > left) [[unlikely]]
        return leave<P>(d, purpose, now);
      next.end = now.at + s.total;
    } else if (rules.length_below && s.total != wire::Step::nothing) {
      return leave<P>(d, purpose, now);
    }
    constexpr bool last = stage<P>() == highest;
    if (!(last && rules.may_be_empty) && (next.at >= next.end || (!whole && next.at >= packet.size))) [[unlikely]]
      return leave<P>(d, purpose, now);
    d.layers[now.count] = {index<P>(), false, false, now.at, s.header, next.end};
    if (!purpose.goes_past(index<P>())) {
      d.count = next.count;
      return;
    }
    if ((try_child<P, typename Known::protocol, whole>(d, packet, purpose, next, s.number) || ...)) return;
    if (may_follow<P>(s)) return leave<P>(d, purpose, now);
    d.count = next.count;
  }
};

}  // namespace trawl::inline v0::detail
