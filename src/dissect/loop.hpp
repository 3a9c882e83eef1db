// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The generic loop: the same for all protocols, one indirect call and one table probe a layer.
#pragma once
#include "trawl/dissect/layers_sought.hpp"

namespace trawl::inline v0::detail {

/// Strict refuses a layer that claims more bytes than are there; lax reads on with what is there.
enum class Rigor : u8 { strict, lax };

/// What a dissection is for: all the layers ...
struct EveryLayer {
  Rigor rigor;
  static constexpr bool wants(wire::ProtocolIndex) { return true; }
  static constexpr bool goes_past(wire::ProtocolIndex) { return true; }
};
/// ... or some.
struct SomeLayers {
  static constexpr Rigor rigor = Rigor::lax;
  const LayersSought& sought;
  bool wants(wire::ProtocolIndex protocol) const { return sought.wants(protocol); }
  bool goes_past(wire::ProtocolIndex protocol) const { return sought.goes_past(protocol); }
};

/// Where a dissection stands between two layers.
struct Progress {
  u32 at, end;                    ///< end: as the lengths so far say it
  wire::ProtocolIndex protocol;
  u32 count = 0;                  ///< here and not in the Dissection, so that it stays in a register
  bool quoted = false;
};

inline u32 there(Bytes packet, const Progress& now) {
  const u32 end = now.end < packet.size ? now.end : u32(packet.size);
  return end > now.at ? end - now.at : 0;
}
[[gnu::cold, gnu::noinline]] inline void set_fault(Dissection& d, FaultKind kind, const Progress& now, u32 needed) {
  d.fault = {kind, now.protocol, now.at, needed, there(d.packet, now)};
}

enum class Taken : u8 { more, empty, fault };

/// Takes one layer.
[[gnu::always_inline]] inline Taken take_layer(Dissection& d, const wire::Step& s, Progress& now, Rigor rigor) {
  if (s.header == wire::Step::stop) [[unlikely]] {
    set_fault(d, FaultKind(s.total), now, s.number);
    return Taken::fault;
  }
  if (now.count == Dissection::max_layers) [[unlikely]] {
    set_fault(d, FaultKind::too_deep, now, 0);
    return Taken::fault;
  }
  bool cut = false;
  const u32 left = now.end - now.at;
  if (s.total < left) {
    now.end = now.at + s.total;   // what is behind is padding
  } else if (s.total > left && s.total != wire::Step::nothing) [[unlikely]] {
    if (rigor == Rigor::strict) {
      set_fault(d, FaultKind::too_short, now, s.total);
      return Taken::fault;
    }
    cut = true;
  }
  d.layers[now.count++] = {now.protocol, now.quoted, cut, now.at, s.header, now.end};
  now.at += s.header;
  return now.at < now.end && now.at < d.packet.size ? Taken::more : Taken::empty;
}
inline wire::ProtocolIndex find_next(const wire::Catalog& c, const wire::Catalog::Entry& e, const wire::Step& s) {
  if (s.number != wire::Step::nothing)
    if (const wire::ProtocolIndex next = c.find(e.in, s.number)) return next;
  return s.or_number != wire::Step::nothing ? c.find(e.or_in, s.or_number) : wire::unknown_protocol;
}
/// The layer has no payload: is one missing?
[[gnu::noinline]] inline void end_here(Dissection& d, const wire::Catalog& c, const wire::Catalog::Entry& e, const wire::Step& s,
                                       Progress now) {
  now.protocol = find_next(c, e, s);
  if (now.protocol != wire::unknown_protocol && c[now.protocol].record->size)
    set_fault(d, FaultKind::too_short, now, c[now.protocol].record->size);
}
/// Dissects on from a layer that is not quoted. Six numbers, so that a call of it is a jump.
template <class Purpose>
[[gnu::noinline]] void go_on(Dissection& d, u32 at, u32 end, u32 count, wire::ProtocolIndex protocol, Purpose purpose);

}  // namespace trawl::inline v0::detail
