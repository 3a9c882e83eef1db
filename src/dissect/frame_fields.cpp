// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "frame_fields.hpp"

namespace trawl::inline v0 {
namespace detail {
namespace {

consteval wire::FieldInfo frame_field(std::string_view name, wire::Kind kind, u8 bytes = 4) {
  wire::FieldInfo f;
  f.name = name, f.spec = "the capture", f.kind = kind, f.type_bytes = bytes;
  return f;
}
enum FrameField { number, length, captured_length, epoch, relative, delta, delta_displayed, protocols, interface_id, interface_name };
constexpr wire::FieldInfo fields[] = {
    frame_field("number", wire::Kind::number),
    frame_field("len", wire::Kind::number),
    frame_field("cap_len", wire::Kind::number),
    frame_field("time_epoch", wire::Kind::time),
    frame_field("time_relative", wire::Kind::time),
    frame_field("time_delta", wire::Kind::time),
    frame_field("time_delta_displayed", wire::Kind::time),
    frame_field("protocols", wire::Kind::text),
    frame_field("interface_id", wire::Kind::number),
    frame_field("interface_name", wire::Kind::text),
};
constexpr wire::Record frame_record{
    .name = "frame", .title = "Frame", .type_name = "Frame", .id = wire::id_of("Frame"), .rules = &wire::no_rules};

}  // namespace

std::span<const wire::FieldInfo> frame_fields() { return fields; }

int find_frame_field(std::string_view name) {
  if (!name.starts_with("frame.")) return -1;
  for (size_t i = 0; i < std::size(fields); ++i)
    if (fields[i].name == without(name, 6)) return int(i);
  return -1;
}

bool needs_layers(int index) { return index == protocols; }

void visit_frame_field(int index, const Dissection& d, const Frame& frame, const FrameContext& context, const Visit& visit) {
  Seen s{&frame_record, &fields[index], frame.bytes, {}, 0, 0, 0, false};
  char text[512];
  TextOut out(text);
  const auto since = [&](Timestamp from) { return u64(frame.time.nanoseconds - from.nanoseconds); };
  switch (FrameField(index)) {
    case number: s.number = context.number; break;
    case length: s.number = frame.original_length; break;
    case captured_length: s.number = frame.bytes.size; break;
    case epoch: s.number = u64(frame.time.nanoseconds); break;
    case relative: s.number = since(context.first); break;
    case delta: s.number = since(context.previous); break;
    case delta_displayed: s.number = since(context.previous_displayed); break;
    case interface_id: s.number = frame.interface; break;
    case protocols:
      put_protocols(out, d);
      s.bytes = Bytes::of(out.view());
      break;
    case interface_name:
      if (frame.interface >= context.interfaces.size() || context.interfaces[frame.interface].name.empty()) return;
      s.bytes = Bytes::of(context.interfaces[frame.interface].name);
      break;
  }
  if (fields[index].kind == wire::Kind::time && !frame.info.has_time) return;
  visit(s);
}

}  // namespace detail

void put_protocols(TextOut& out, const Dissection& d) {
  bool first = true;
  const auto add = [&](std::string_view name) {
    if (name.empty()) return;
    if (!first) out.put(':');
    out.put(name);
    first = false;
  };
  for (const LayerAt& layer : d) {
    const wire::Record& r = d.record(layer);
    if (!r.rules->unlisted) add(r.rules->listed_as.empty() ? r.name : r.rules->listed_as);
    const bool more = &layer + 1 != d.end() || d.fault || !d.payload(layer).empty();
    if (more && !(r.rules->length_below && layer.header >= 2 && load_be<u16>(d.packet.data + layer.payload() - 2) < r.rules->length_below))
      add(r.rules->via);
  }
  if (d.fault && d.fault.kind != FaultKind::too_deep && d.fault.available) {
    if (d.fault.protocol != wire::unknown_protocol) add((*d.catalog)[d.fault.protocol].record->name);
    return;
  }
  if (d.count == 0) return;
  const LayerAt& last = d.layers[d.count - 1];
  if (!d.payload(last).empty() && d.record(last).rules->next.exists()) add("data");
}

}  // namespace trawl::inline v0
