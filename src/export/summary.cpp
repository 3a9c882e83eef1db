// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/export/summary.hpp"

#include "trawl/export/value.hpp"

namespace trawl::inline v0 {
namespace {

std::string_view last_word(std::string_view name) { return name.substr(name.rfind('.') + 1); }

/// The two values that an alias such as "port" or "addr" names: source and destination.
bool append_pair(std::string& source, std::string& destination, const Dissection& d, const LayerAt& layer, std::string_view alias) {
  const wire::Record& r = d.record(layer);
  for (const wire::Alias& a : r.aliases) {
    if (a.name != alias || !a.field[1].exists()) continue;
    for (const wire::Ref& ref : a.field) {
      const wire::FieldInfo* f = wire::field_at(r, ref);
      const Bytes at = d.header(layer);
      Seen seen{&r,
                f,
                at,
                at.slice(ref.bit / 8u, ref.width / 8u),
                0,
                ref.width,
                ref.width <= 64 ? read_bits(at.data, ref.bit, ref.width, ref.order) : 0,
                false};
      append_value(last_word(f->name).starts_with("s") ? source : destination, seen);
    }
    return true;
  }
  return false;
}

void append_flag_names(std::string& to, const wire::Record& r, const wire::FieldInfo& flags, Bytes header) {
  to += '[';
  bool first = true;
  for (const wire::FieldInfo& f : r.fields) {
    if (f.depth == 0 || f.bit < flags.bit || f.bit + f.width > flags.bit + flags.width || !read_bits(header.data, f.bit, f.width, f.order))
      continue;
    if (!first) to += ' ';
    first = false;
    for (char c : last_word(f.name)) to += char(c >= 'a' && c <= 'z' ? c - 32 : c);
  }
  to += ']';
}

}  // namespace

Summary::Summary(const wire::Catalog& catalog) : fields_(catalog.size()) {
  for (wire::ProtocolIndex i = 1; i < catalog.size(); ++i)
    for (const std::string_view name : catalog[i].record->summary)
      if (const auto field = FieldName::resolve(name, catalog)) fields_[i].push_back({last_word(name), *field});
}

void Summary::append_fields(std::string& to, const Dissection& d, const LayerAt& layer) const {
  const wire::Record& r = d.record(layer);
  for (const Field& field : fields_[layer.protocol]) {
    unsigned count = 0;
    const auto visit = [&](const Seen& seen) {
      if (count == 0) to += ' ';
      if (field.label == "flags" && seen.field->part < 0) {
        append_flag_names(to, r, *seen.field, d.header(layer));
      } else {
        if (count == 0) to.append(field.label).append("=");
        else to += ',';
        if (const std::string_view name = seen.value_name(); !name.empty()) to += name;
        else append_value(to, seen);
      }
      ++count;
    };
    field.name.in(layer, d, visit);
  }
}

void Summary::append(std::string& to, const Frame& frame, const Dissection& d) const {
  const LayerAt* net = nullptr;
  const LayerAt* ports = nullptr;
  const LayerAt* top = nullptr;
  std::string source, destination, source_port, destination_port;
  for (const LayerAt& layer : d) {
    if (layer.quoted) break;
    if (d.record(layer).rules->addresses.size) net = &layer, ports = nullptr;
    for (const wire::Alias& a : d.record(layer).aliases)
      if (a.name == "port") ports = &layer;
    top = &layer;
  }
  if (net) {
    const std::string_view name = d.record(*net).name;
    to += name == "ip" ? "IP " : name == "ipv6" ? "IP6 " : "";
    append_pair(source, destination, d, *net, "addr");
    if (ports && append_pair(source_port, destination_port, d, *ports, "port"))
      source += '.' + source_port, destination += '.' + destination_port;
  } else if (d.count) {
    append_pair(source, destination, d, d.layers[0], "addr");
  }
  if (!source.empty()) to.append(source).append(" > ").append(destination).append(": ");
  if (top) {
    to += d.record(*top).name;
    append_fields(to, d, *top);
  } else {
    to.append("link type ").append(name(frame.link));
  }
  to += " length " + std::to_string(frame.original_length);
  if (frame.truncated()) to += " (" + std::to_string(frame.bytes.size) + " captured)";
  if (d.fault) to.append(" [").append(name(d.fault.kind)).append("]");
}

}  // namespace trawl::inline v0
