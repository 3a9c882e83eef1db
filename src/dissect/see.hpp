// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Making one Seen. Shared by the walk and by resolved names.
#pragma once
#include "trawl/dissect/walk.hpp"

namespace trawl::inline v0::detail {

/// Where something lies: in which packet, in which layer.
struct Place {
  Bytes packet, message;
};

inline Seen see(const wire::Record& r, const wire::FieldInfo& f, const Place& in, Bytes at, u32 bit, u32 width) {
  Seen s{&r, &f, in.message, at.slice(bit / 8, (bit % 8 + width + 7) / 8), u64(at.data - in.packet.data) * 8 + bit, width, 0, false};
  if (f.kind == wire::Kind::varint)
    s.number = s.bytes.size && s.bytes.size >= (1u << (s.bytes[0] >> 6)) ? wire::read_varint(s.bytes.data) : 0;
  else if (width && width <= 64 && f.width) s.number = read_bits(at.data, bit, width, f.order) * f.say.times;
  return s;
}
/// The field at `bit` of the bytes, when it is there and means something.
inline bool is_there(const wire::FieldInfo& f, Bytes header) {
  if (header.size * 8 < u64{f.bit} + f.width) return false;
  return !f.say.least || read_bits(header.data, f.bit, f.width, f.order) >= f.say.least;
}

/// What is shown of the layer at fault.
inline Bytes shown_at_fault(const Dissection& d) {
  const wire::Record& r = *(*d.catalog)[d.fault.protocol].record;
  const Bytes rest = d.packet.slice(d.fault.offset, d.fault.available);
  return rest.size < r.size ? rest.first(r.rules->shown_when_cut) : rest;
}

}  // namespace trawl::inline v0::detail
