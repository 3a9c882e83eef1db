// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/reader/recovery.hpp"

#include <algorithm>
#include <cstring>

#include "file/pcap/parser.hpp"
#include "file/recognize.hpp"
#include "trawl/file/pcapng/block.hpp"

namespace trawl::inline v0 {
namespace {

constexpr i64 near_seconds = 400LL * 86'400;  // a capture seldom spans more
constexpr unsigned enough_records = 3;

/// The size of the record that would begin here; 0: it cannot be one.
size_t record_size(Bytes bytes, const BeforeDamage& before, i64& seconds) {
  const u8* p = bytes.data;
  u32 captured = load<u32>(p + 8, before.order), original = load<u32>(p + 12, before.order);
  if (before.swapped) std::swap(captured, original);
  const i64 at = load<u32>(p, before.order);
  if (captured > original || captured == 0 || captured > common_snaplen || original > common_snaplen) return 0;
  if (load<u32>(p + 4, before.order) >= before.fractions) return 0;
  if (before.seconds && (at > seconds + near_seconds || at < seconds - near_seconds)) return 0;
  seconds = at;
  return before.header + size_t{captured};
}

bool begins_records(Bytes bytes, bool ended, const BeforeDamage& before) {
  i64 seconds = before.seconds.value_or(0);
  BeforeDamage chain = before;
  for (unsigned found = 0; found < enough_records; ++found) {
    if (ended && bytes.empty()) return found > 0;
    if (bytes.size < before.header) return ended && found > 1;
    const size_t size = record_size(bytes, chain, seconds);
    chain.seconds = seconds;
    if (size == 0 || size > bytes.size) return false;
    bytes = bytes.from(size);
  }
  return true;
}

/// Lengths at both ends that agree.
bool frames_block(Bytes bytes, Order order, u32 least, u32 most) {
  if (bytes.size < least) return false;
  const u32 length = load<u32>(bytes.data + 4, order);
  if (length % 4 || length < least || length > most || length > bytes.size) return false;
  return load<u32>(bytes.data + length - 4, order) == length;
}
bool begins_block(Bytes bytes, Order order, u32 most) {
  constexpr u32 smallest = 12;
  return frames_block(bytes, order, smallest, most) && find_block(BlockType(load<u32>(bytes.data, order)));
}
bool begins_bare_section(Bytes bytes, u32 most) {
  constexpr u32 smallest = 28;
  if (bytes.size < smallest) return false;
  const u8* magic = bytes.data + 8;
  const bool big = load_be<u32>(magic) == byte_order_magic;
  return (big || load_le<u32>(magic) == byte_order_magic) && frames_block(bytes, big ? Order::big : Order::little, smallest, most);
}

}  // namespace

std::optional<Resumption> find_resumption(Bytes bytes, size_t limit, bool ended, const BeforeDamage& before, u32 max_packet_bytes) {
  const u32 most = max_packet_bytes + (1u << 20);
  using Kind = Resumption::Kind;
  for (size_t at = 0; at < std::min(limit, bytes.size); ++at) {
    const Bytes here = bytes.from(at);
    if (here[0] == 0 && here.size >= 64) {  // long runs of zeros are common
      size_t zeros = 1;
      while (zeros < here.size && here[zeros] == 0) ++zeros;
      if (zeros >= 64) {
        at += zeros - 16;
        continue;
      }
    }
    if (here.size >= pcap_header_bytes && is_file_header(here))
      return Resumption{at, load_be<u32>(here.data) == section_header_type ? Kind::section_header : Kind::file_header};
    if (begins_bare_section(here, most)) return Resumption{at, Kind::bare_section_header};
    const bool record = before.records == BeforeDamage::Records::pcap     ? begins_records(here, ended, before)
                        : before.records == BeforeDamage::Records::pcapng ? begins_block(here, before.order, most)
                                                                          : false;
    if (record) return Resumption{at, Kind::record};
  }
  return {};
}

}  // namespace trawl::inline v0
