// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/walk.hpp"

#include "see.hpp"

namespace trawl::inline v0 {
namespace detail {
namespace {

constexpr unsigned max_depth = 8;

void walk_record(const wire::Record& r, const Place& in, Bytes b, const wire::Catalog& c, const Visit& visit, unsigned depth);

void walk_element(const wire::Record& family, const wire::FieldInfo& list, const wire::Element& e, const Place& in, const wire::Catalog& c,
                  const Visit& visit, unsigned depth) {
  const wire::Record* body = c.find(family.rules->next, e.number);
  visit.enter({body ? body : &family, nullptr, &list, e.bytes, u64(e.bytes.data - in.packet.data), false});
  if (e.alone) {
    visit(see(family, family.fields[0], in, e.bytes, 0, 8));
  } else {
    walk_record(family, in, e.bytes.first(e.header), c, visit, depth);
    if (body && body->size <= e.body().size) walk_record(*body, in, e.body(), c, visit, depth);
  }
  visit.leave();
}

void walk_parts(const wire::Record& r, const Place& in, Bytes b, const wire::Catalog& c, const Visit& visit, unsigned depth) {
  wire::Layout where;
  wire::lay_out(where, r, b);
  for (const wire::PartInfo& part : r.parts) {
    const int i = part.part;
    if (!where.has(i) || where.size[i] * 8 < part.width) continue;
    if (part.kind == wire::Kind::list) {
      for (const wire::Element& e : wire::Elements{part.element, b.slice(where.at[i], where.size[i])})
        walk_element(*part.element, part, e, in, c, visit, depth + 1);
      continue;
    }
    if (where.size[i] == 0) continue;
    visit(see(r, part, in, b, where.at[i] * 8, where.size[i] * 8));
    for (const wire::FieldInfo& bits : r.bits)
      if (bits.part == i && where.size[i] * 8u >= u32{bits.bit} + bits.width)
        visit(see(r, bits, in, b, where.at[i] * 8 + bits.bit, bits.width));
  }
}

void walk_record(const wire::Record& r, const Place& in, Bytes b, const wire::Catalog& c, const Visit& visit, unsigned depth) {
  if (depth > max_depth) return;
  for (const wire::FieldInfo& f : r.fields)
    if (is_there(f, b)) visit(see(r, f, in, b, f.bit, f.width));
  if (!r.parts.empty() && b.size >= r.size) walk_parts(r, in, b, c, visit, depth);
}

void walk_computed(const Dissection& d, const LayerAt& layer, const wire::Record& r, const Visit& visit) {
  if (r.rules->sum.algorithm != wire::Algorithm::none) {
    if (const wire::FieldInfo* f = wire::field_at(r, r.rules->sum.into)) {
      Seen s{&r, f, d.header(layer), {}, 0, 0, u64(checksum_status(d, layer)), true};
      if (f->part < 0 || checksum_status(d, layer) != ChecksumStatus::not_present) visit(s);
    }
  }
  if (r.derived.empty()) return;
  const wire::LayerContext context = context_of(d, layer);
  for (const wire::Derived& f : r.derived)
    if (const auto value = f.value(context); value.exists) visit(Seen{&r, &f, d.header(layer), {}, 0, 0, value.number, false});
}

}  // namespace
}  // namespace detail

void walk(const Dissection& d, const Visit& visit) {
  for (const LayerAt& layer : d) {
    const wire::Record& r = d.record(layer);
    const Bytes header = d.header(layer);
    visit.enter({&r, &layer, nullptr, header, layer.offset, false});
    detail::walk_record(r, {d.packet, header}, header, *d.catalog, visit, 0);
    detail::walk_computed(d, layer, r, visit);
    visit.leave();
  }
  if (!d.fault || d.fault.kind == FaultKind::too_deep || d.fault.kind == FaultKind::unexpected_value ||
      d.fault.protocol == wire::unknown_protocol)
    return;
  const wire::Record& r = *(*d.catalog)[d.fault.protocol].record;
  const Bytes rest = detail::shown_at_fault(d);
  if (rest.empty()) return;
  visit.enter({&r, nullptr, nullptr, rest, d.fault.offset, true});
  detail::walk_record(r, {d.packet, rest}, rest, *d.catalog, visit, 0);
  visit.leave();
}

wire::LayerContext context_of(const Dissection& d, const LayerAt& layer) {
  wire::LayerContext c{d.packet, d.header(layer), d.payload(layer), layer.end > layer.payload() ? layer.end - layer.payload() : 0};
  c.truncated = d.packet.size < d.original_length;
  c.quoted = layer.quoted;
  for (const LayerAt& below : d) {
    if (&below == &layer) break;
    const wire::Condition& when = d.record(below).rules->fragment_when;
    if (when.exists() && wire::holds(when, d.packet.data + below.offset, below.header)) c.fragment = true;
  }
  return c;
}

}  // namespace trawl::inline v0
