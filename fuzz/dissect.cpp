// SPDX-License-Identifier: Apache-2.0 OR MIT
// Byte 0: link type. Byte 1: how much longer the packet was on the wire (0x80 and 7 bits); with 0x70 clear everything that renders and edits runs too. Then the packet.
#include <cstdlib>
#include <string>

#include "trawl/dissect/field_name.hpp"
#include "trawl/dissect/layers_sought.hpp"
#include "trawl/dissect/packet.hpp"
#include "trawl/export/json.hpp"
#include "trawl/export/summary.hpp"
#include "trawl/export/tree.hpp"

using namespace trawl;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Everything that is visited lies within the packet.
struct Inside {
  Bytes packet;
  u64 fields = 0;
  void operator()(const Seen& s) {
    ++fields;
    require(s.bytes.empty() || (s.bytes.begin() >= packet.begin() && s.bytes.end() <= packet.end()));
  }
};

void check_layers(const Dissection& d) {
  u32 at = 0;
  for (const LayerAt& layer : d) {
    require(layer.offset == at && layer.end >= layer.payload());
    require(layer.payload() <= d.packet.size);
    at = layer.payload();
  }
  require(d.fault.offset <= d.packet.size && d.fault.available <= d.packet.size - d.fault.offset);
}

bool begins_as(const Dissection& a, const Dissection& b) {
  if (a.count > b.count) return false;
  for (u32 i = 0; i < a.count; ++i) {
    const LayerAt &x = a.layers[i], &y = b.layers[i];
    if (x.protocol != y.protocol || x.offset != y.offset || x.header != y.header || x.end != y.end || x.quoted != y.quoted ||
        x.cut != y.cut)
      return false;
  }
  return true;
}
bool same(const Dissection& a, const Dissection& b) { return a.count == b.count && a.fault == b.fault && begins_as(a, b); }

LayersSought sought_for(const FieldName& name) {
  LayersSought sought;
  name.seek(sought);
  sought.find_ways(wire::standard_catalog);
  return sought;
}

/// An early end leaves out nothing that was asked for.
void check_sought(const Frame& frame, const Dissection& all, const FieldName& name, const LayersSought& sought) {
  const Dissection some = dissect(frame, wire::standard_catalog, sought);
  require(begins_as(some, all));
  Inside there{frame.bytes}, found{frame.bytes};
  name.each(all, there);
  name.each(some, found);
  require(there.fields == found.fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  if (size < 2) return 0;
  constexpr LinkType links[] = {
      LinkType::ethernet, LinkType::ethernet, LinkType::linux_sll, LinkType::linux_sll2, LinkType::raw,
      LinkType::ipv4,     LinkType::ipv6,     LinkType::null,      LinkType::loop,       LinkType::ieee802_11_radiotap};
  static const wire::Catalog copy = wire::standard_catalog;  // another object: the compiled chain is not used
  static const Summary summary;
  static const FieldName names[] = {*FieldName::resolve("tcp.options.sack_le"), *FieldName::resolve("dns.qry.name"),
                                    *FieldName::resolve("sctp.chunk_type"),     *FieldName::resolve("ip.opt.addr"),
                                    *FieldName::resolve("tcp.checksum.status"), *FieldName::resolve("eth.addr")};
  static const LayersSought sought[] = {sought_for(names[0]), sought_for(names[1]), sought_for(names[2]), sought_for(names[3])};
  Frame frame;
  frame.link = links[data[0] % std::size(links)];
  frame.bytes = {data + 2, size - 2};
  frame.original_length = u32(size - 2 + (data[1] & 0x80 ? data[1] & 0x7f : 0));

  const Dissection lax = dissect(frame), strict = dissect_strict(frame);
  check_layers(lax);
  check_layers(strict);
  require(same(lax, dissect(frame, copy)) && same(strict, dissect_strict(frame, copy)));
  require(strict.count <= lax.count);

  Inside inside{frame.bytes};
  walk(lax, inside);
  for (const FieldName& name : names) name.each(lax, inside);
  const u32 asked = data[1] >> 4 & 3;
  check_sought(frame, lax, names[asked], sought[asked]);
  if (data[1] & 0x70) return 0;  // the rest is slow: one input in eight

  std::string text;
  const FrameContext context{.number = 1};
  append_tree(text, frame, lax, context);
  append_json(text, frame, lax, context);
  summary.append(text, frame, lax);

  Packet packet(frame);
  packet.update_checksums();
  const Packet again = packet;
  packet.update_checksums();
  require(packet == again);
  if (packet.layers().count) require(packet.set_payload(frame.bytes.first(7)).has_value() || packet == again);
  return 0;
}
