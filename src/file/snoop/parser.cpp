// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/snoop/parser.hpp"

#include <algorithm>

#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {
namespace {

constexpr u32 record_header_bytes = 24;
constexpr u32 microseconds = 1'000'000;

struct Known {
  u32 snoop;
  LinkType link;
};
/// Data link types of RFC 1761 4 that have a LINKTYPE with the same bytes.
constexpr Known known[] = {
    {0, LinkType::ethernet},  // IEEE 802.3
    {2, LinkType(6)},         // IEEE 802.5 token ring
    {4, LinkType::ethernet},
    {8, LinkType(10)},        // FDDI
};

}  // namespace

Result<void> SnoopParser::begin(Bytes header, Findings& findings, FrameRoom& room) {
  constexpr u32 only_version = 2;
  const u32 version = load_be<u32>(header.data + 8), type = load_be<u32>(header.data + 12);
  if (version != only_version) return fail(problem(Reason::unsupported_version, 8, Error::unknown, "version ", version));
  const auto* found = std::ranges::find(known, type, &Known::snoop);
  if (found == std::end(known)) {
    findings.warnings.add(problem(Reason::out_of_range, 12, Error::unknown, "snoop's data link type ", type, " has no link type here"));
    interface_.link_type = LinkType(147);  // USER0: nobody's
  } else {
    interface_.link_type = found->link;
  }
  interface_.resolution = Resolution::microseconds();
  findings.facts.order = Order::big;
  findings.facts.major = u16(version);
  for (auto& frame : room.frames) {
    frame = {};
    frame.link = interface_.link_type;
  }
  return {};
}

Progress SnoopParser::parse(Bytes bytes, u64 offset, FrameRoom& room, Findings& findings) {
  Progress progress;
  size_t at = 0;
  for (; progress.frames < room.most; ++progress.frames) {
    const u8* p = bytes.data + at;
    const size_t left = bytes.size - at;
    const u64 packet = findings.facts.packets + progress.frames + 1;
    progress.stop = Stop::needs_bytes;
    progress.needed = record_header_bytes;
    if (left < record_header_bytes) break;
    const u32 original = load_be<u32>(p), captured = load_be<u32>(p + 4), length = load_be<u32>(p + 8), drops = load_be<u32>(p + 12);
    const auto damage = [&](Reason reason, const auto&... pieces) {
      progress.stop = Stop::damage;
      progress.error = record_damage(bytes.from(at), offset + at, packet, problem(reason, offset + at, packet, pieces...));
    };
    if (length < record_header_bytes || captured > length - record_header_bytes) {
      damage(Reason::damaged, "record length ", length, ", captured length ", captured);
      break;
    }
    if (length > findings.options.max_packet_bytes) {
      damage(Reason::limit_exceeded, "record length ", length);
      break;
    }
    progress.needed = length;
    if (left < length) break;
    const u32 seconds = load_be<u32>(p + 16), fraction = load_be<u32>(p + 20);
    const auto warn = [&](Reason reason, const auto&... pieces) { findings.warnings.add(problem(reason, offset + at, packet, pieces...)); };
    if (captured > original) warn(Reason::damaged, "captured length ", captured, " is above the length ", original);
    if (fraction >= microseconds) warn(Reason::out_of_range, "fraction of a second ", fraction);
    Frame& frame = room.frames[progress.frames];
    frame.bytes = {p + record_header_bytes, captured};
    frame.original_length = original;
    frame.time = {i64{seconds} * Timestamp::per_second + i64{fraction} * 1000};
    const u32 before = drops_.value_or(drops);
    frame.info.has_drops = drops != before;
    frame.info.drops_before = drops - before;
    drops_ = drops;
    room.records[progress.frames] = {u32(at), length};
    at += length;
  }
  if (progress.frames == room.most) progress.stop = Stop::room_full;
  progress.used = at;
  return progress;
}

}  // namespace trawl::inline v0
