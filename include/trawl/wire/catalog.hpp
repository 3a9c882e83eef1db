// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A Catalog knows protocols and which number means which of them. It is a value: no globals, nothing registers itself.
///
///     constexpr Catalog mine = Catalog::of<Ethernet, Ipv4, Udp>();         // links only those
///     Catalog more = standard_catalog;                                     // at run time:
///     more.add(record<Acme>);                                              // one protocol more
///     more.bind(space<UdpPort>, 4790, record<Vxlan>);                      // "decode as"
#pragma once
#include "trawl/wire/layer.hpp"

namespace trawl::inline v0::wire {

using ProtocolIndex = u16;
inline constexpr ProtocolIndex unknown_protocol = 0;

class Catalog {
 public:
  static constexpr unsigned max_records = 512, slots = 2048, filter = 4096;

  struct Entry {
    Step (*step)(const u8*, size_t) = nullptr;
    const Record* record = nullptr;
    u32 in = 0, or_in = 0;                        ///< ids of the spaces of the numbers that say what follows; 0: nothing follows
    u32 id = 0;                                   ///< of the record
    bool quotes = false, may_be_empty = false;
  };

  template <class... P> static constexpr Catalog of() {
    Catalog c;
    (c.add(record<P>), ...);
    return c;
  }
  /// Adds a protocol with the numbers it states; a number that is taken gets the new owner.
  /// @return its index, or unknown_protocol when the catalog is full
  constexpr ProtocolIndex add(const Record& r) {
    if (count_ == max_records) return unknown_protocol;
    const ProtocolIndex index = count_++;
    const Rules& rules = *r.rules;
    entries_[index] = {r.step, &r, rules.next.in, rules.or_next.in, r.id, rules.quotes, rules.may_be_empty};
    for (const Number& n : r.numbers)
      if (!put(n.in, n.value, index)) return unknown_protocol;
    for (const Next* next : {&rules.next, &rules.or_next})
      for (const Same& s : next->same())
        if (const ProtocolIndex known = find(s.in, s.number); known && !put(next->in, s.value, known)) return unknown_protocol;
    return tell_spaces(r, index) ? index : unknown_protocol;
  }
  /// Says what a number means, whoever had it before. @return false when the record is not in the catalog or it is full
  constexpr bool bind(const Space& in, u32 number, const Record& r) {
    const ProtocolIndex index = find(r);
    rebound_ = true;
    return index != unknown_protocol && put(in.id, number, index);
  }
  /// False: neither number means anything in its space. True for few of which that holds.
  constexpr bool may_have(u32 in, u32 a, u32 or_in, u32 b) const { return known_[(in + a) % filter] | known_[(or_in + b) % filter]; }
  /// What `number` means in a space. One probe, nearly always.
  constexpr ProtocolIndex find(u32 space_id, u32 number) const {
    if (!known_[(space_id + number) % filter]) return unknown_protocol;
    for (u32 i = slot(space_id, number);; i = (i + 1) % slots) {
      const Slot& s = table_[i];
      if (s.number == number && s.in == space_id) return s.index;
      if (s.in == 0) return unknown_protocol;
    }
  }
  constexpr ProtocolIndex find(const Record& r) const {
    for (ProtocolIndex i = 1; i < count_; ++i)
      if (entries_[i].id == r.id) return i;
    return unknown_protocol;
  }
  constexpr const Record* find(const Space& in, u32 number) const { return entries_[find(in.id, number)].record; }
  /// The record that `next` means by a number; null when it says nothing or the number is unknown.
  constexpr const Record* find(const Next& next, u32 number) const {
    return next.exists() ? entries_[find(next.in, number)].record : nullptr;
  }

  /// Calls each(space id, number, index) for every number that means a protocol.
  template <class Each> constexpr void each_number(Each each) const {
    for (const Slot& s : table_)
      if (s.in) each(s.in, s.number, s.index);
  }

  /// @pre index < size()
  constexpr const Entry& operator[](ProtocolIndex index) const { return entries_[index]; }
  /// One more than the last index.
  constexpr ProtocolIndex size() const { return count_; }
  /// True after bind(): code that was compiled for the standard numbers must not be used.
  constexpr bool rebound() const { return rebound_; }

 private:
  struct Slot {
    u32 number = 0, in = 0;
    ProtocolIndex index = unknown_protocol;
  };
  static constexpr u32 slot(u32 in, u32 number) { return (number ^ in) * 0x9e3779b1u >> 21; }
  constexpr bool put(u32 in, u32 number, ProtocolIndex index) {
    u32 i = slot(in, number);
    while (table_[i].in && (table_[i].in != in || table_[i].number != number)) i = (i + 1) % slots;
    if (!table_[i].in && ++used_ * 2 > slots) return false;   // at most half full: probes stay short
    table_[i] = {number, in, index};
    known_[(in + number) % filter] = 1;
    return true;
  }

  /// Puts a record under the numbers that mean the same as its own in spaces of protocols that were there before.
  constexpr bool tell_spaces(const Record& r, ProtocolIndex index) {
    for (ProtocolIndex i = 1; i < index; ++i)
      for (const Next* next : {&entries_[i].record->rules->next, &entries_[i].record->rules->or_next})
        for (const Same& s : next->same())
          for (const Number& n : r.numbers)
            if (n.in == s.in && n.value == s.number && !put(next->in, s.value, index)) return false;
    return true;
  }

  Entry entries_[max_records] = {};
  u8 known_[filter] = {};
  Slot table_[slots] = {};
  u16 count_ = 1, used_ = 0;
  bool rebound_ = false;
};

}  // namespace trawl::inline v0::wire
