// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/compression/seek_table.hpp"

#include <algorithm>

#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {
namespace {

constexpr u32 skippable_magic = 0x184d2a5e, seekable_magic = 0x8f92eab1;
constexpr size_t frame_header = 8, footer = 9, entry = 8, entry_with_checksum = 12;
constexpr u8 has_checksums = 0x80, reserved_bits = 0x7c;
constexpr u32 most_frames = 1u << 27;  // as the format has it

/// False: the source ends before.
Result<bool> read_at(ByteSource& source, u64 offset, std::span<u8> room) {
  if (auto sought = source.seek(offset); !sought) return fail(sought.error());
  while (!room.empty()) {
    const auto got = source.read(room);
    if (!got) return fail(got.error());
    if (*got == 0) return false;
    room = room.subspan(*got);
  }
  return true;
}

}  // namespace

SeekTable::Place SeekTable::find(u64 decompressed) const {
  const auto next = std::ranges::upper_bound(begins_, decompressed, {}, &Place::decompressed);
  return next == begins_.begin() ? Place{} : *std::prev(next);
}

std::vector<u8> SeekTable::encode() const {
  const size_t size = begins_.size() * entry + footer;
  std::vector<u8> bytes(frame_header + size);
  u8* p = bytes.data();
  store_le(p, skippable_magic), store_le(p + 4, u32(size));
  p += frame_header;
  Place before;
  for (const Place& after : begins_) {
    store_le(p, u32(after.compressed - before.compressed)), store_le(p + 4, u32(after.decompressed - before.decompressed));
    p += entry;
    before = after;
  }
  store_le(p, u32(begins_.size()));
  p[4] = 0;
  store_le(p + 5, seekable_magic);
  return bytes;
}

Result<std::optional<SeekTable>> SeekTable::read(ByteSource& source, u64 size) {
  u8 end[footer];
  if (size < frame_header + footer) return std::nullopt;
  const auto got = read_at(source, size - footer, end);
  if (!got) return fail(got.error());
  const u32 frames = load_le<u32>(end);
  if (!*got || load_le<u32>(end + 5) != seekable_magic || (end[4] & reserved_bits) || frames > most_frames) return std::nullopt;
  const size_t each = (end[4] & has_checksums) ? entry_with_checksum : entry;
  const u64 table = u64{frames} * each + frame_header + footer;
  if (table > size) return std::nullopt;
  std::vector<u8> bytes(size_t(table) - footer);
  const auto all = read_at(source, size - table, bytes);
  if (!all) return fail(all.error());
  if (!*all || load_le<u32>(bytes.data()) != skippable_magic || load_le<u32>(bytes.data() + 4) != table - frame_header) return std::nullopt;
  SeekTable made;
  made.begins_.reserve(frames);
  for (const u8* p = bytes.data() + frame_header; p < bytes.data() + bytes.size(); p += each)
    made.add(load_le<u32>(p), load_le<u32>(p + 4));
  if (made.end_.compressed != size - table) return std::nullopt;  // of other frames
  return made;
}

}  // namespace trawl::inline v0
