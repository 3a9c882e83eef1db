// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "exchange/identity.hpp"

namespace trawl::inline v0::exchange_identity {
namespace {

using wire::Compare;
using wire::Record;

void add(Parts& parts, const Record& record, Bytes bytes, u32 payload_length) {
  if (parts.count == Parts::most || record.replies.empty() || !wire::holds(record.replies_only, bytes.data, bytes.size)) return;
  parts.item[parts.count++] = Part(record, bytes, payload_length);
}

}  // namespace

Part::Part(const Record& of, Bytes header, u32 payload) : record(&of), bytes(header), payload_length(payload) {
  if (!of.parts.empty() && bytes.size >= of.size) wire::lay_out(where, of, bytes);
}

std::optional<Value> Part::value(const wire::Ref& field) const {
  const u8* from = bytes.data;
  u32 size = u32(bytes.size);
  if (field.part >= 0) {
    if (!where.has(field.part)) return {};
    from += where.at[field.part], size = where.size[field.part];
  }
  if (size * 8u < field.bit + u32{field.width}) return {};
  const u32 extra = field.width > 64 ? field.width - 64u : 0;
  Value value;
  if (extra) value.high = read_bits(from, field.bit, extra, field.order);
  value.low = read_bits(from, field.bit + extra, field.width - extra, field.order);
  return value;
}

Bytes Part::list(const wire::Ref& field) const {
  return where.has(field.part) ? bytes.slice(where.at[field.part], where.size[field.part]) : Bytes{};
}

bool Part::may_hold(const wire::Term& term) const {
  for (u32 i = 0; i < 4; ++i)
    if ((term.mask >> (24 - 8 * i) & 0xff) && term.byte + i >= bytes.size) return true;
  return wire::holds(term, bytes.data, bytes.size);
}

void find_parts(Parts& parts, const Dissection& d, Quoted quoted) {
  for (const LayerAt& layer : d) {
    if (layer.quoted != (quoted == Quoted::yes)) continue;
    const u32 payload = layer.end > layer.payload() ? layer.end - layer.payload() : 0;
    add(parts, d.record(layer), d.header(layer), payload);
  }
  // Of the innermost header a message may quote no more than eight bytes.
  if (quoted == Quoted::yes && d.fault.kind == FaultKind::too_short && d.count && d.layers[d.count - 1].quoted && d.fault.protocol)
    add(parts, *(*d.catalog)[d.fault.protocol].record, d.packet.from(d.fault.offset), 0);
}

bool quotes(const Dissection& d) { return d.count && d.layers[d.count - 1].quoted; }

const wire::Compared* ends_of(const Record& record) {
  for (const auto& answer : record.replies)
    for (u8 i = 0; i < answer.count; ++i)
      if (answer.compared[i].how == Compare::between) return &answer.compared[i];
  return nullptr;
}

}  // namespace trawl::inline v0::exchange_identity
