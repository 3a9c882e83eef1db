// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/field_name.hpp"

#include "frame_fields.hpp"
#include "see.hpp"
#include "trawl/dissect/layers_sought.hpp"

namespace trawl::inline v0 {
namespace {

constexpr unsigned max_depth = 6;

/// What is left of "tcp.dstport" behind "tcp."; empty when it is another record's name.
std::string_view behind(std::string_view name, std::string_view record) {
  return name.size() > record.size() + 1 && name.starts_with(record) && name[record.size()] == '.' ? without(name, record.size() + 1)
                                                                                                   : std::string_view{};
}

}  // namespace

bool FieldName::add(const Way& way) {
  for (unsigned i = 0; i < ways_; ++i)
    if (way_[i].layer == way.layer && way_[i].record == way.record && way_[i].field == way.field && way_[i].list == way.list &&
        way_[i].status == way.status)
      return true;
  if (ways_ == max_ways) return false;
  way_[ways_++] = way;
  return true;
}

void FieldName::find_in(const wire::Record& r, std::string_view name, Way way, const wire::Catalog& catalog, unsigned depth) {
  way.record = &r;
  if (const std::string_view rest = behind(name, r.name); !rest.empty()) {
    const auto add_field = [&](const wire::FieldInfo& f) { add({way.layer, &r, &f, nullptr, way.list, false}); };
    for (const wire::FieldInfo& f : r.fields)
      if (f.name == rest) add_field(f);
    for (const wire::PartInfo& f : r.parts)
      if (f.name == rest && f.kind != wire::Kind::list) add_field(f);
    for (const wire::FieldInfo& f : r.bits)
      if (f.name == rest) add_field(f);
    for (const wire::Alias& a : r.aliases)
      if (a.name == rest)
        for (const wire::Ref& ref : a.field)
          if (const wire::FieldInfo* f = ref.exists() ? wire::field_at(r, ref) : nullptr) add_field(*f);
    for (const wire::Derived& f : r.derived)
      if (f.name == rest) add({way.layer, &r, &f, &f, way.list, false});
    if (r.rules->sum.algorithm != wire::Algorithm::none && rest.ends_with(".status"))
      if (const wire::FieldInfo* f = wire::field_at(r, r.rules->sum.into);
          f && f->name.size() + 7 == rest.size() && rest.starts_with(f->name))
        add({way.layer, &r, f, nullptr, way.list, true});
  }
  find_in_lists(r, name, way, catalog, depth);
}

void FieldName::find_in_lists(const wire::Record& r, std::string_view name, const Way& way, const wire::Catalog& catalog, unsigned depth) {
  if (depth == max_depth) return;
  for (const wire::PartInfo& part : r.parts) {
    if (part.kind != wire::Kind::list) continue;
    Way inside = way;
    if (inside.list < 0) inside.list = part.part;
    const wire::Record& family = *part.element;
    find_in(family, name, inside, catalog, depth + 1);
    for (wire::ProtocolIndex i = 1; i < catalog.size(); ++i)
      if (wire::number_in(*catalog[i].record, family.rules->next)) find_in(*catalog[i].record, name, inside, catalog, depth + 1);
  }
}

Result<FieldName> FieldName::resolve(std::string_view name, const wire::Catalog& catalog) {
  FieldName result;
  result.frame_field_ = i8(detail::find_frame_field(name));
  if (result.frame_field_ >= 0) return result;
  for (wire::ProtocolIndex i = 1; i < catalog.size(); ++i) {
    const wire::Record& r = *catalog[i].record;
    Way way;
    way.layer = i, way.record = &r;
    if ((r.rules->listed_as.empty() ? r.name : r.rules->listed_as) == name) result.add(way);
    result.find_in(r, name, way, catalog, 0);
  }
  if (result.ways_) return result;
  Error error{.operation = Operation::parse_name, .reason = Reason::unknown_name};
  if (&catalog == &wire::standard_catalog)
    error.valid_names = [](void (*each)(void*, std::string_view), void* context) {
      each_field_name(wire::standard_catalog, each, context);
    };
  return fail(error.with(name));
}

namespace {

using detail::Place;

void visit_field(const wire::Record& r, const wire::FieldInfo& f, const Place& in, Bytes b, const Visit& visit) {
  if (f.part < 0) {
    if (detail::is_there(f, b)) visit(detail::see(r, f, in, b, f.bit, f.width));
    return;
  }
  if (b.size < r.size) return;
  wire::Layout where;
  wire::lay_out(where, r, b, f.part);
  const int i = f.part;
  if (!where.has(i)) return;
  const bool bits = f.depth != 0;
  const u32 width = bits ? f.width : where.size[i] * 8;
  if (width == 0 || where.size[i] * 8u < (bits ? u32{f.bit} + f.width : f.width)) return;
  visit(detail::see(r, f, in, b, where.at[i] * 8 + (bits ? f.bit : 0u), width));
}

/// Looks for the field in the elements of a list, whatever their depth.
void visit_list(const wire::Record& target, const wire::FieldInfo& f, const wire::Record& family, const Place& in, Bytes list,
                const wire::Catalog& c, const Visit& visit, unsigned depth);

void visit_inside(const wire::Record& target, const wire::FieldInfo& f, const wire::Record& r, const Place& in, Bytes b,
                  const wire::Catalog& c, const Visit& visit, unsigned depth) {
  if (&r == &target || (r.id == target.id && r.name == target.name)) visit_field(r, f, in, b, visit);
  bool lists = false;
  for (const wire::PartInfo& part : r.parts) lists = lists || part.kind == wire::Kind::list;
  if (!lists || depth == max_depth || b.size < r.size) return;
  wire::Layout where;
  wire::lay_out(where, r, b);
  for (const wire::PartInfo& part : r.parts)
    if (part.kind == wire::Kind::list && where.has(part.part))
      visit_list(target, f, *part.element, in, b.slice(where.at[part.part], where.size[part.part]), c, visit, depth + 1);
}

void visit_list(const wire::Record& target, const wire::FieldInfo& f, const wire::Record& family, const Place& in, Bytes list,
                const wire::Catalog& c, const Visit& visit, unsigned depth) {
  for (const wire::Element& e : wire::Elements{&family, list}) {
    if (e.alone) {
      if (&f == family.fields.data()) visit(detail::see(family, f, in, e.bytes, 0, 8));
      continue;
    }
    visit_inside(target, f, family, in, e.bytes.first(e.header), c, visit, depth);
    const wire::Record* body = c.find(family.rules->next, e.number);
    if (body && body->size <= e.body().size) visit_inside(target, f, *body, in, e.body(), c, visit, depth);
  }
}

}  // namespace

void FieldName::visit_layer(const Way& way, const Dissection& d, const LayerAt* layer, Bytes header, const Visit& visit) const {
  const wire::Record& r = *(*d.catalog)[way.layer].record;
  const Place in{d.packet, header};
  if (way.list >= 0) {
    if (header.size < r.size) return;
    wire::Layout where;
    wire::lay_out(where, r, header, way.list);
    if (where.has(way.list))
      visit_list(*way.record, *way.field, *r.parts[size_t(way.list)].element, in, header.slice(where.at[way.list], where.size[way.list]),
                 *d.catalog, visit, 0);
  } else if (!way.field) {
    static constexpr wire::FieldInfo presence = [] {
      wire::FieldInfo f;
      f.kind = wire::Kind::text;
      return f;
    }();
    visit(Seen{&r, &presence, header, Bytes::of(r.name), u64(header.data - d.packet.data) * 8, u32(header.size * 8), 0, false});
  } else if (way.derived) {
    if (!layer) return;
    if (const auto value = way.derived->value(context_of(d, *layer)); value.exists)
      visit(Seen{&r, way.field, header, {}, 0, 0, value.number, false});
  } else if (way.status) {
    if (!layer) return;
    const ChecksumStatus status = checksum_status(d, *layer);
    if (way.field->part < 0 || status != ChecksumStatus::not_present) visit(Seen{&r, way.field, header, {}, 0, 0, u64(status), true});
  } else {
    visit_field(r, *way.field, in, header, visit);
  }
}

void FieldName::in(const LayerAt& layer, const Dissection& d, const Visit& visit) const {
  for (unsigned i = 0; i < ways_; ++i)
    if (way_[i].layer == layer.protocol) visit_layer(way_[i], d, &layer, d.header(layer), visit);
}

void FieldName::each(const Dissection& d, const Visit& visit) const {
  for (const LayerAt& layer : d) in(layer, d, visit);
  if (!d.fault || d.fault.kind == FaultKind::too_deep || d.fault.kind == FaultKind::unexpected_value || d.fault.available == 0) return;
  const Bytes rest = detail::shown_at_fault(d);
  for (unsigned i = 0; i < ways_; ++i)
    if (way_[i].layer == d.fault.protocol) visit_layer(way_[i], d, nullptr, rest, visit);
}

void FieldName::seek(LayersSought& sought) const {
  if (frame_field_ >= 0 && detail::needs_layers(frame_field_)) sought.add_all();
  for (unsigned i = 0; i < ways_; ++i) sought.add(way_[i].layer);
}

const wire::FieldInfo* FieldName::info() const { return frame_field_ >= 0 ? &detail::frame_fields()[size_t(frame_field_)] : way_[0].field; }

void FieldName::each(const Dissection& d, const Frame& frame, const FrameContext& context, const Visit& visit) const {
  if (frame_field_ >= 0) detail::visit_frame_field(frame_field_, d, frame, context, visit);
  else each(d, visit);
}

void each_field_name(const wire::Catalog& catalog, void (*each)(void*, std::string_view), void* context) {
  char text[128];
  const auto say = [&](std::string_view record, std::string_view field, std::string_view more = {}) {
    TextOut out(text);
    out.put(record).put('.').put(field).put(more);
    each(context, out.view());
  };
  for (const wire::FieldInfo& f : detail::frame_fields()) say("frame", f.name);
  const auto of_record = [&](const wire::Record& r) {
    for (const wire::FieldInfo& f : r.fields) say(r.name, f.name);
    for (const wire::PartInfo& f : r.parts)
      if (f.kind != wire::Kind::list) say(r.name, f.name);
    for (const wire::FieldInfo& f : r.bits) say(r.name, f.name);
    for (const wire::Alias& a : r.aliases) say(r.name, a.name);
    for (const wire::Derived& f : r.derived) say(r.name, f.name);
    if (r.rules->sum.algorithm != wire::Algorithm::none)
      if (const wire::FieldInfo* f = wire::field_at(r, r.rules->sum.into)) say(r.name, f->name, ".status");
  };
  for (wire::ProtocolIndex i = 1; i < catalog.size(); ++i) {
    const wire::Record& r = *catalog[i].record;
    of_record(r);
    for (const wire::PartInfo& part : r.parts)   // families have no number of their own
      if (part.kind == wire::Kind::list && catalog.find(*part.element) == wire::unknown_protocol) of_record(*part.element);
  }
}

}  // namespace trawl::inline v0
