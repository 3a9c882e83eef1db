// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rewrite/sums.hpp"

#include <algorithm>

#include "trawl/core/checksum.hpp"
#include "trawl/wire/layout.hpp"

namespace trawl::inline v0::detail {
namespace {

struct Area {
  size_t at = 0, size = 0;
};

/// The addresses that a pseudo-header is made of: RFC 8200 8.1 has the last hop of a routing header as destination.
struct PseudoHeader {
  Area source, destination;
};
PseudoHeader pseudo_header(const Dissection& d, const LayerAt& layer) {
  const LayerAt *net = nullptr, *redirect = nullptr;
  for (const LayerAt& below : d) {
    if (&below == &layer) break;
    const wire::Rules& rules = *d.record(below).rules;
    if (rules.addresses.size) net = &below, redirect = nullptr;
    if (rules.redirects.exists() && wire::holds(rules.redirects, d.packet.data + below.offset, below.header)) redirect = &below;
  }
  if (!net) return {};
  const wire::Addresses addresses = d.record(*net).rules->addresses;
  const size_t half = addresses.size / 2u, first = net->offset + addresses.at;
  PseudoHeader result{{first, half}, {first + half, half}};
  if (redirect && addresses.size == 32 && redirect->header >= 24) result.destination.at = redirect->payload() - 16;
  return result;
}

/// Where the sum of a layer stands; size 0: it is not there.
Area place_of_sum(const Dissection& d, const LayerAt& layer) {
  const wire::Record& r = d.record(layer);
  const wire::Ref& into = r.rules->sum.into;
  const Bytes header = d.header(layer);
  size_t at = into.bit / 8u;
  if (into.part >= 0) {
    wire::Layout where;
    wire::lay_out(where, r, header);
    if (!where.has(into.part)) return {};
    at += where.at[into.part];
  }
  const size_t size = into.width / 8u;
  return at + size <= header.size ? Area{layer.offset + at, size} : Area{};
}

struct Moved {
  u64 before = 0, after = 0;   ///< running sums
  void add(Bytes real, Bytes now, Area area) {
    before += u16(~folded(sum16(real.slice(area.at, area.size))));
    after += u16(~folded(sum16(now.slice(area.at, area.size))));
  }
};

bool move_internet(const Dissection& d, const LayerAt& layer, Area sum, Bytes real, std::span<u8> bytes) {
  const wire::Sum& rule = d.record(layer).rules->sum;
  const u16 stored = load_be<u16>(bytes.data() + sum.at);
  if (rule.zero_means_absent && stored == 0) return false;
  const size_t end = std::min<size_t>(rule.over == wire::Over::header ? layer.payload() : layer.end, bytes.size());
  Moved moved;
  moved.add(real, bytes, {layer.offset, sum.at - layer.offset});   // the sum stands at an even offset
  if (sum.at + 2 < end) moved.add(real, bytes, {sum.at + 2, end - sum.at - 2});
  if (rule.over == wire::Over::pseudo_and_all) {
    const PseudoHeader pseudo = pseudo_header(d, layer);
    moved.add(real, bytes, pseudo.source);
    moved.add(real, bytes, pseudo.destination);
  }
  if (moved.before % 0xffff == moved.after % 0xffff) return false;
  u16 value = folded(u64{u16(~stored)} + u64{u16(~u16(moved.before % 0xffff))} + moved.after);
  if (value == 0 && rule.zero_means_absent) value = 0xffff;
  store_be(bytes.data() + sum.at, value);
  return true;
}

/// A CRC of the difference is the difference of the CRCs.
bool move_crc32c(const LayerAt& layer, Area sum, Bytes real, std::span<u8> bytes) {
  const size_t end = std::min<size_t>(layer.end, bytes.size());
  u32 state = 0;
  for (size_t i = layer.offset; i < end; ++i) {
    const bool own = i >= sum.at && i < sum.at + sum.size;
    state = crc32c_step(state, own ? 0 : u8(real[i] ^ bytes[i]));
  }
  for (size_t i = end; i < layer.end; ++i) state = crc32c_step(state, 0);   // what was not captured has not changed
  if (!state) return false;
  u8* p = bytes.data() + sum.at;
  store_le(p, load_le<u32>(p) ^ state);
  return true;
}

}  // namespace

// Innermost first: what an outer sum covers holds the inner ones.
u32 move_sums(const Dissection& d, Bytes real, std::span<u8> bytes) {
  u32 moved = 0;
  for (u32 i = d.count; i-- > 0;) {
    const LayerAt& layer = d.layers[i];
    const wire::Sum& rule = d.record(layer).rules->sum;
    if (rule.algorithm == wire::Algorithm::none) continue;
    const Area sum = place_of_sum(d, layer);
    if (!sum.size) continue;
    moved += rule.algorithm == wire::Algorithm::crc32c ? move_crc32c(layer, sum, real, bytes) : move_internet(d, layer, sum, real, bytes);
  }
  return moved;
}

void move_frame_check(Bytes real, std::span<u8> bytes) {
  const size_t end = bytes.size() - 4;
  u32 state = 0;
  for (size_t i = 0; i < end; ++i) {
    state ^= u8(real[i] ^ bytes[i]);
    for (int k = 0; k < 8; ++k) state = state >> 1 ^ (state & 1 ? 0xedb88320u : 0);   // IEEE 802.3 3.2.9
  }
  store_le(bytes.data() + end, load_le<u32>(real.data + end) ^ state);
}

}  // namespace trawl::inline v0::detail
