// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/wire/layout.hpp"

namespace trawl::inline v0::wire {

u32 domain_name_size(Bytes b) {
  for (size_t i = 0; i < b.size;) {
    if (b[i] == 0) return u32(i + 1);
    if (b[i] >= 0xc0) return i + 2 <= b.size ? u32(i + 2) : 0;
    i += b[i] + 1u;
  }
  return 0;
}

std::optional<Element> take(const Record& family, Bytes& rest) {
  if (rest.empty()) return {};
  const Rules& rules = *family.rules;
  if (rest[0] == rules.lone.end || rest[0] == rules.lone.pad) {
    const Element e{rest.first(1), 1, rest[0], true};
    rest = rest[0] == rules.lone.end ? rest.from(rest.size) : rest.from(1);
    return e;
  }
  if (rest.size < family.size) return {};
  Layout where;
  u32 header = family.size;
  if (!family.parts.empty()) {
    lay_out(where, family, rest);
    if (where.cut) return {};
    header = where.end;
  }
  u64 all = header;
  if (rules.total_bytes.exists()) all = measured(rules.total_bytes, rest.data, &where);
  if (rules.payload_bytes.exists()) all += measured(rules.payload_bytes, rest.data, &where);
  if (all < header || all == 0 || all > rest.size) return {};
  Element e{rest.first(size_t(all)), header, 0, false};
  if (rules.next.exists()) e.number = u32(read(rules.next.from, rest.data, &where));
  rest = rules.last >= 0 && e.number == u32(rules.last) ? rest.from(rest.size) : rest.from(round_up(u32(all), rules.align));
  return e;
}

namespace {

/// How many bytes a part takes that starts `rest`. `fits` is cleared when it is cut.
u64 part_size(const PartInfo& part, Bytes record, Bytes rest, const Layout& l, bool& fits) {
  const PartRules& rule = part.rules;
  if (rule.bytes.exists()) return measured(rule.bytes, record.data, &l);
  if (part.width) {
    if (!rule.while_top_bit) return part.width / 8u;
    size_t n = part.width / 8u;
    while (n <= rest.size && rest[n - (part.order == Order::big ? part.width / 8u : 1)] >> 7) n += part.width / 8u;
    return n;
  }
  switch (part.kind) {
    case Kind::domain_name: {
      const u32 n = domain_name_size(rest);
      fits = n != 0;
      return n;
    }
    case Kind::varint: return rest.empty() ? 1 : 1u << (rest[0] >> 6);
    case Kind::list: {
      if (!rule.count.exists()) return rest.size;
      Bytes todo = rest;
      for (u64 k = measured(rule.count, record.data, &l); k; --k)
        if (!take(*part.element, todo)) {
          fits = false;
          break;
        }
      return rest.size - todo.size;
    }
    default: break;
  }
  if (!rule.while_top_bit) return rest.size;
  size_t n = 4;
  while (n <= rest.size && rest[n - 1] >> 7) n += 4;
  return n;
}

}  // namespace

void lay_out(Layout& l, const Record& r, Bytes b, int last) {
  u32 at = r.size;
  for (const PartInfo& part : r.parts) {
    const int i = part.part;
    if (i > last) break;
    const PartRules& rule = part.rules;
    if (rule.when.exists() && !holds(rule.when, b.data, r.size < b.size ? r.size : b.size)) continue;
    at = round_up(at, rule.align);
    if (at > b.size) {
      l.cut = true, l.needed = at;
      break;
    }
    const Bytes rest = b.from(at);
    bool fits = true;
    u64 n = part_size(part, b, rest, l, fits);
    if (n > rest.size || !fits) l.cut = true, l.needed = u32(at + (n > rest.size ? n : rest.size + 1));
    if (n > rest.size) n = rest.size;
    l.at[i] = at, l.size[i] = u32(n), l.present |= 1u << i;
    at += u32(n);
    if (l.cut) break;
  }
  l.end = at;
}

}  // namespace trawl::inline v0::wire
