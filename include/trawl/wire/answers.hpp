// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Which packet answers which, as a protocol states it of its own layer. The statements are data; exchange/ reads them.
///
///     static constexpr auto replies = answered(crossed(src_port, dst_port));                                   // UDP
///     static constexpr auto replies = answered(when(type == 8, type == 0).same(id, sequence));                 // ICMP echo
///
/// A packet answers another when all their layers that state something pair up, in order. A layer that states nothing is
/// looked through. Messages that quote the request (Rules::quotes) answer it without a word of the protocol's.
#pragma once
#include "trawl/wire/measure.hpp"

namespace trawl::inline v0::wire {

enum class Compare : u8 {
  equal,        ///< the request's field has the value of the reply's
  between,      ///< addresses of both ends, crossed; a group is answered by anyone
  covers,       ///< the reply's number is behind the request's, by no more than the request took up
  repeats,      ///< a list of the request is in the reply again, or is empty there; the case of letters aside
  when_quoted,  ///< the request's field, where a message quotes it: prefers one of several requests
};
struct Compared {
  Ref request, reply;
  Ref also;                        ///< covers: bits that take up a number each
  Compare how = Compare::equal;
};

void error_too_many_comparisons();                            // never defined
void error_only_a_single_condition_within_four_bytes();       // never defined
constexpr Term single(const Condition& c) {
  if (c.count != 1) error_only_a_single_condition_within_four_bytes();
  return c.any[0];
}
/// A term without a mask always holds.
constexpr bool holds(const Term& t, const u8* p, size_t n) { return ((window(p, n, t.byte) & t.mask) == t.want) != t.differs; }

/// One way in which a protocol's packets answer each other.
struct Answer {
  static constexpr unsigned most = 5;
  Term request = {}, reply = {};   ///< what the fixed headers of both must hold
  Compared compared[most] = {};
  u8 count = 0;

  /// Fields that both have, with the same value.
  template <class... F> constexpr Answer same(const F&... field) const {
    Answer a = *this;
    (a.add({field, field, {}, Compare::equal}), ...);
    return a;
  }
  /// A field of the request that stands in another of the reply.
  constexpr Answer moved(const FieldInfo& from, const FieldInfo& to) const { return with({from, to, {}, Compare::equal}); }
  constexpr Answer crossed(const FieldInfo& a, const FieldInfo& b) const { return moved(a, b).moved(b, a); }
  constexpr Answer between(const FieldInfo& src, const FieldInfo& dst) const { return with({src, dst, {}, Compare::between}); }
  /// `ack` acknowledges what begins at `seq`: payload, and one for each of two neighbouring flags.
  constexpr Answer covers(const FieldInfo& seq, const FieldInfo& ack, const FieldInfo& syn, const FieldInfo& fin) const {
    return with({seq, ack, {Order::big, -1, syn.bit, u16(fin.bit + fin.width - syn.bit)}, Compare::covers});
  }
  constexpr Answer repeats(const FieldInfo& list) const { return with({list, list, {}, Compare::repeats}); }
  constexpr Answer when_quoted(const FieldInfo& field) const { return with({field, {}, {}, Compare::when_quoted}); }

 private:
  constexpr void add(const Compared& c) {
    if (count == most) return error_too_many_comparisons();
    compared[count++] = c;
  }
  constexpr Answer with(const Compared& c) const {
    Answer a = *this;
    a.add(c);
    return a;
  }
};

/// The conditions that tell a request and its reply; each is one comparison within four bytes of the fixed header.
constexpr Answer when(const Condition& request, const Condition& reply) {
  Answer a;
  a.request = single(request), a.reply = single(reply);
  return a;
}
template <class... F> constexpr Answer same(const F&... field) { return Answer{}.same(field...); }
constexpr Answer crossed(const FieldInfo& a, const FieldInfo& b) { return Answer{}.crossed(a, b); }
constexpr Answer between(const FieldInfo& src, const FieldInfo& dst) { return Answer{}.between(src, dst); }

/// All ways of a protocol.
template <size_t N> struct Answers {
  Answer item[N];
  Term only = {};
  static constexpr size_t count = N;
  /// Headers that do not fulfil this are looked through (a tag for priority alone).
  constexpr Answers only_if(const Condition& c) const {
    Answers a = *this;
    a.only = single(c);
    return a;
  }
};
template <std::same_as<Answer>... A> constexpr Answers<sizeof...(A)> answered(const A&... a) { return {{a...}}; }

}  // namespace trawl::inline v0::wire
