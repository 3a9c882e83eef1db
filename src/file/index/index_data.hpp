// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What an index knows, and its form in a file.
#pragma once
#include <vector>

#include "file/pcapng/parser.hpp"
#include "trawl/core/sha256.hpp"
#include "trawl/file/file_index.hpp"

namespace trawl::inline v0 {

/// One state of a file.
struct FileState {
  u64 size = 0;
  i64 modified_ns = 0;  ///< not compared: copies have another one
  Sha256Digest ends;    ///< of the first and the last bytes
};
Result<FileState> state_of(std::string_view path);

namespace detail {

struct IndexData {
  struct Place {
    u64 packets;          ///< in front of it
    u64 offset;           ///< of the record, uncompressed
    i64 latest_through;   ///< the latest time of all packets in front of the next place; INT64_MIN: none has one
    i64 earliest_from;    ///< the earliest time from this place on; INT64_MAX: none has one
  };
  struct Other {
    u64 offset;
    u32 type, size;
  };
  struct Descriptor {
    u64 offset;
    size_t at, size;      ///< in `descriptor_bytes`
  };
  FileState state;
  FileFormat format = FileFormat::pcap;
  Compression compression = Compression::none;
  bool in_order = true;
  bool unknown_sections = false;           ///< whose blocks are not listed
  u64 packets = 0, uncopyable_blocks = 0;
  i64 earliest = INT64_MAX, latest = INT64_MIN;
  std::vector<Place> places;               ///< in order
  std::vector<u8> descriptor_bytes;
  std::vector<Descriptor> descriptors;     ///< section headers and interface descriptions, in order
  std::vector<Other> others;               ///< other blocks that are no packets, in order

  /// The last place with no more than `packets` in front of it; null: there is none.
  const Place* place_before(u64 packets) const;
  /// How many descriptors stand in front of a byte, and they.
  size_t descriptors_before(u64 offset) const;
  std::vector<PcapngParser::Descriptor> first_descriptors(size_t count) const;
};

/// The file's bytes: a header of 64 (magic, version, number of sections, size, digest of what follows) and sections, each
/// with a kind, flags, a size and a multiple of 8 bytes. All numbers are little-endian.
std::vector<u8> encode(const IndexData& data);
Result<IndexData> decode_index(Bytes bytes);

}  // namespace detail
}  // namespace trawl::inline v0
