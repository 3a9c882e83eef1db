// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/dissection.hpp"

#include "chain.hpp"
#include "loop.hpp"

namespace trawl::inline v0 {
namespace detail {

template <class Purpose> void go_on(Dissection& d, u32 at, u32 end, u32 count, wire::ProtocolIndex protocol, Purpose purpose) {
  const wire::Catalog& c = *d.catalog;
  Progress now{at, end, protocol, count};
  while (now.protocol != wire::unknown_protocol && purpose.wants(now.protocol)) {
    const wire::Catalog::Entry& e = c[now.protocol];
    const wire::Step s = e.step(d.packet.data + now.at, there(d.packet, now));
    if (const Taken taken = take_layer(d, s, now, purpose.rigor); taken != Taken::more) {
      if (!e.may_be_empty && taken == Taken::empty) end_here(d, c, e, s, now);
      if (!purpose.wants(d.fault.protocol)) d.fault = {};
      break;
    }
    if (!purpose.goes_past(now.protocol)) break;
    now.protocol = find_next(c, e, s);
    now.quoted = now.quoted || e.quotes;
  }
  d.count = now.count;
}

namespace {

using Common =
    Chain<Link<wire::Ethernet, 0>, Link<wire::Ipv4, 2>, Link<wire::Ipv6, 2>, Link<wire::Vlan, 1>, Link<wire::Tcp, 3>, Link<wire::Udp, 3>>;

constexpr wire::ProtocolIndex ethernet = Common::index<wire::Ethernet>();
constexpr size_t longest = 0x7fffffff;

/// Packets that are not Ethernet, other catalogs, and packets that are not as long as they were on the wire.
template <class Purpose> [[gnu::noinline]] void dissect_other(Dissection& d, LinkType link, Purpose purpose) {
  d.packet = d.packet.first(longest);
  if (d.original_length < d.packet.size) d.original_length = u32(d.packet.size);
  const u32 end = purpose.rigor == Rigor::strict ? u32(d.packet.size) : d.original_length;
  if (d.catalog == &wire::standard_catalog && link == LinkType::ethernet && purpose.wants(ethernet))
    Common::layer<wire::Ethernet, false>(d, d.packet, purpose, {0, end, 0});
  else go_on(d, 0, end, 0, d.catalog->find(wire::space<LinkType>.id, u32(link)), purpose);
}
template <class Purpose>
[[gnu::always_inline]] inline Dissection dissect_frame(const Frame& frame, const wire::Catalog& catalog, Purpose purpose) {
  Dissection d{frame.bytes, frame.original_length, frame.info.checksum, catalog};
  if (&catalog != &wire::standard_catalog || frame.link != LinkType::ethernet || frame.bytes.size != frame.original_length) [[unlikely]]
    dissect_other(d, frame.link, purpose);
  else if (purpose.wants(ethernet)) Common::layer<wire::Ethernet, true>(d, frame.bytes, purpose, {0, frame.original_length, 0});
  return d;
}
Dissection dissect_bytes(Bytes bytes, const wire::Record& first, const wire::Catalog& catalog, Rigor rigor) {
  bytes = bytes.first(longest);
  Dissection d{bytes, u32(bytes.size), ChecksumState::unknown, catalog};
  go_on(d, 0, d.original_length, 0, catalog.find(first), EveryLayer{rigor});
  return d;
}

}  // namespace
}  // namespace detail

Dissection dissect(const Frame& frame, const wire::Catalog& catalog) {
  return detail::dissect_frame(frame, catalog, detail::EveryLayer{detail::Rigor::lax});
}
Dissection dissect(const Frame& frame, const wire::Catalog& catalog, const LayersSought& sought) {
  return detail::dissect_frame(frame, catalog, detail::SomeLayers{sought});
}
Dissection dissect_strict(const Frame& frame, const wire::Catalog& catalog) {
  return detail::dissect_frame(frame, catalog, detail::EveryLayer{detail::Rigor::strict});
}
Dissection dissect(Bytes bytes, const wire::Record& first, const wire::Catalog& catalog) {
  return detail::dissect_bytes(bytes, first, catalog, detail::Rigor::lax);
}
Dissection dissect_strict(Bytes bytes, const wire::Record& first, const wire::Catalog& catalog) {
  return detail::dissect_bytes(bytes, first, catalog, detail::Rigor::strict);
}

}  // namespace trawl::inline v0
