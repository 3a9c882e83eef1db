// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/export/json.hpp"

#include <vector>

#include "trawl/export/hex.hpp"
#include "trawl/export/value.hpp"

namespace trawl::inline v0 {
namespace {

constexpr u64 exact_in_a_double = u64{1} << 53;

void append_json_value(std::string& to, const Seen& seen, bool& whole) {
  switch (seen.field->kind) {
    case wire::Kind::number:
    case wire::Kind::varint:
      if (seen.number <= exact_in_a_double) to += std::to_string(seen.number);
      else to += '"' + std::to_string(seen.number) + '"';
      return;
    case wire::Kind::flag: to += seen.number ? "1" : "0"; return;
    case wire::Kind::integer: append_value(to, seen); return;
    case wire::Kind::text: whole = append_json_string(to, seen.bytes.text()); return;
    default: break;
  }
  std::string text;
  append_value(text, seen);
  append_json_string(to, text);
}

/// Collects the fields of one layer: those of list elements may occur again and go into arrays.
class JsonLayers {
 public:
  explicit JsonLayers(std::string& to) : to_(to) {}

  void enter(const Entered& e) {
    if (depth_++) return;
    if (!first_) to_ += ',';
    first_ = false;
    to_ += "{\"protocol\":";
    append_json_string(to_, e.record->name);
    to_ += ",\"offset\":" + std::to_string(e.offset) + ",\"length\":" + std::to_string(e.bytes.size);
    if (e.layer && e.layer->quoted) to_ += ",\"quoted\":true";
    to_ += ",\"fields\":{";
    fields_.clear();
  }
  void leave() {
    if (--depth_) return;
    bool first = true;
    for (const Field& f : fields_) {
      if (!first) to_ += ',';
      first = false;
      append_json_string(to_, f.name);
      to_ += ':';
      if (f.list) to_ += '[';
      to_ += f.values;
      if (f.list) to_ += ']';
    }
    to_ += "}}";
  }
  void operator()(const Seen& seen) {
    std::string name;
    append_name(name, seen);
    std::string value;
    bool whole = true;
    append_json_value(value, seen, whole);
    add(name, value);
    if (!whole) {
      std::string raw = "\"";
      append_hex(raw, seen.bytes);
      add(name + ".raw", raw + '"');
    }
  }

 private:
  struct Field {
    std::string name, values;
    bool list;
  };
  void add(const std::string& name, const std::string& value) {
    const bool list = depth_ > 1;
    for (Field& f : fields_)
      if (f.name == name) {
        f.values += ',' + value;
        f.list = true;
        return;
      }
    fields_.push_back({name, value, list});
  }

  std::string& to_;
  std::vector<Field> fields_;
  unsigned depth_ = 0;
  bool first_ = true;
};

}  // namespace

void append_json(std::string& to, const Frame& frame, const Dissection& d, const FrameContext& context) {
  to += "{\"number\":" + std::to_string(context.number) + ",\"time\":";
  if (frame.info.has_time) {
    char text[40];
    TextOut out(text);
    put_time(out, frame.time);
    to.append("\"").append(out.view()).append("\"");
  } else {
    to += "null";
  }
  to += ",\"interface\":" + std::to_string(frame.interface) + ",\"link_type\":";
  const std::string_view link = name(frame.link);
  if (link.empty()) to += std::to_string(u16(frame.link));
  else append_json_string(to, link);
  to +=
      ",\"captured_length\":" + std::to_string(frame.bytes.size) + ",\"length\":" + std::to_string(frame.original_length) + ",\"layers\":[";
  JsonLayers layers(to);
  walk(d, layers);
  to += "],\"fault\":";
  if (d.fault) {
    to += "{\"kind\":";
    append_json_string(to, name(d.fault.kind));
    to += ",\"protocol\":";
    if (d.fault.protocol) append_json_string(to, (*d.catalog)[d.fault.protocol].record->name);
    else to += "null";
    to += ",\"offset\":" + std::to_string(d.fault.offset) + ",\"needed\":" + std::to_string(d.fault.needed) +
          ",\"available\":" + std::to_string(d.fault.available) + "}";
  } else {
    to += "null";
  }
  to += "}\n";
}

}  // namespace trawl::inline v0
