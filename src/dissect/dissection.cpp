// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/dissection.hpp"

#include "chain.hpp"
#include "loop.hpp"

namespace trawl::inline v0 {
namespace detail {

void go_on(Dissection& d, const wire::Catalog& c, Progress now, Rigor rigor) {
  while (now.protocol != wire::unknown_protocol) {
    const wire::Catalog::Entry& e = c[now.protocol];
    const wire::Step s = e.step(d.packet.data + now.at, there(d, now));
    if (const Taken taken = take_layer(d, s, now, rigor); taken != Taken::more) {
      if (!e.may_be_empty && taken == Taken::empty) end_here(d, c, e, s, now);
      break;
    }
    now.protocol = find_next(c, e, s);
    now.quoted = now.quoted || e.quotes;
  }
  d.count = now.count;
}

namespace {

using Common =
    Chain<Link<wire::Ethernet, 0>, Link<wire::Vlan, 1>, Link<wire::Ipv4, 2>, Link<wire::Ipv6, 2>, Link<wire::Tcp, 3>, Link<wire::Udp, 3>>;

[[gnu::always_inline]] inline void start(Dissection& d, Bytes bytes, u32 original_length, const wire::Catalog& catalog) {
  d.packet = bytes.first(0x7fffffff);
  d.original_length = original_length;
  d.catalog = &catalog;
}
template <Rigor rigor> inline Dissection dissect_frame(const Frame& frame, const wire::Catalog& catalog) {
  Dissection d;
  const u32 length = frame.original_length > frame.bytes.size ? frame.original_length : u32(frame.bytes.size);
  start(d, frame.bytes, length, catalog);
  d.checksum = frame.info.checksum;
  Progress now{0, rigor == Rigor::strict ? u32(d.packet.size) : length, wire::unknown_protocol};
  if (&catalog == &wire::standard_catalog && frame.link == LinkType::ethernet) {
    Common::layer<wire::Ethernet, rigor>(d, catalog, now);
  } else {
    now.protocol = catalog.find(wire::space<LinkType>.id, u32(frame.link));
    go_on(d, catalog, now, rigor);
  }
  return d;
}
Dissection dissect_bytes(Bytes bytes, const wire::Record& first, const wire::Catalog& catalog, Rigor rigor) {
  Dissection d;
  start(d, bytes, u32(bytes.size), catalog);
  go_on(d, catalog, {0, u32(d.packet.size), catalog.find(first)}, rigor);
  return d;
}

}  // namespace
}  // namespace detail

Dissection dissect(const Frame& frame, const wire::Catalog& catalog) { return detail::dissect_frame<detail::Rigor::lax>(frame, catalog); }
Dissection dissect_strict(const Frame& frame, const wire::Catalog& catalog) {
  return detail::dissect_frame<detail::Rigor::strict>(frame, catalog);
}
Dissection dissect(Bytes bytes, const wire::Record& first, const wire::Catalog& catalog) {
  return detail::dissect_bytes(bytes, first, catalog, detail::Rigor::lax);
}
Dissection dissect_strict(Bytes bytes, const wire::Record& first, const wire::Catalog& catalog) {
  return detail::dissect_bytes(bytes, first, catalog, detail::Rigor::strict);
}

}  // namespace trawl::inline v0
