// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/value_text.hpp"

namespace trawl::inline v0 {

void put_time(TextOut& out, Timestamp time) {
  const u64 magnitude = time.nanoseconds < 0 ? u64(-(time.nanoseconds + 1)) + 1 : u64(time.nanoseconds);
  if (time.nanoseconds < 0) out.put('-');
  out.number(magnitude / 1'000'000'000).put('.').number(magnitude % 1'000'000'000, 10, 9);
}

void put_domain_name(TextOut& out, Bytes message, Bytes name) {
  constexpr unsigned max_jumps = 64;
  size_t at = size_t(name.data - message.data), length = 0;
  unsigned jumps = 0;
  while (at < message.size && message[at]) {
    const u8 n = message[at];
    if (n >= 0xc0) {
      if (at + 2 > message.size) return;
      if (++jumps > max_jumps) {
        out.put("<Name contains a pointer that loops>");
        return;
      }
      at = size_t(n & 63u) << 8 | message[at + 1];
      continue;
    }
    if (n >= 0x40 || (length += n + 1u) > 255) return;
    if (length > n + 1u) out.put('.');
    for (u8 i = 1; i <= n && at + i < message.size; ++i) {
      const u8 c = message[at + i];
      if (c >= 0x20 && c != 0x7f) out.put(char(c));
      else out.put('\\').number(c, 10, 3);
    }
    at += n + 1u;
  }
  if (length == 0 && jumps <= max_jumps) out.put("<Root>");
}

void put_name(TextOut& out, const Seen& seen) {
  out.put(seen.record->name).put('.').put(seen.field->name);
  if (seen.status) out.put(".status");
}

namespace {

template <class A> void put_octets(TextOut& out, Bytes b) {
  A address;
  if (b.size != sizeof address.octet) return;
  copy_bytes(address.octet, b.data, b.size);
  put(out, address);
}

}  // namespace

void put_value(TextOut& out, const Seen& s) {
  const Bytes& b = s.bytes;
  if (s.status) {
    out.number(s.number);
    return;
  }
  switch (s.field->kind) {
    case wire::Kind::mac: return put_octets<MacAddress>(out, b);
    case wire::Kind::ipv4: return put_octets<Ipv4Address>(out, b);
    case wire::Kind::ipv6: return put_octets<Ipv6Address>(out, b);
    case wire::Kind::eui64: return put_octets<Eui64>(out, b);
    case wire::Kind::integer: {
      const u64 sign = s.width && s.width <= 64 ? u64{1} << (s.width - 1) : u64{1} << 63;
      out.integer(s.number & sign ? i64(s.number | ~(sign * 2 - 1)) : i64(s.number));
      return;
    }
    case wire::Kind::text: out.put(b.text()); return;
    case wire::Kind::octets:
      for (u8 byte : b) out.number(byte, 16, 2);
      return;
    case wire::Kind::domain_name: return put_domain_name(out, s.message, b);
    case wire::Kind::time: return put_time(out, {i64(s.number)});
    case wire::Kind::flag: out.put(s.number ? '1' : '0'); return;
    default: break;
  }
  if (s.field->say.show == wire::Show::hex) {
    out.put("0x").number(s.number, 16, s.field->say.digits ? s.field->say.digits : s.field->type_bytes * 2u);
  } else {
    out.number(s.number);
  }
}

}  // namespace trawl::inline v0
