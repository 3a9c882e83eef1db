// SPDX-License-Identifier: Apache-2.0 OR MIT
/// An index of a capture file, kept beside it: where its packets are, by number and by time.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "trawl/file/file_reader.hpp"

namespace trawl::inline v0 {

namespace detail {
struct IndexData;
}

struct IndexOptions {
  u64 interval_bytes = 64u << 10;  ///< of the file, uncompressed, between two places that are noted; 32 bytes are kept of each
  ReaderOptions reader = {};       ///< `blocks` and `recovery` are set by build()
  /// Called now and then with the bytes of the file that have been read.
  std::function<void(u64 bytes)> progress = {};
};

/// Knows every 64 KiB or so of a file a packet that begins there, which packets stand before it, and bounds of their
/// times; of pcapng files all blocks that are no packets, too, so that what a packet needs is known wherever one goes.
/// Reading from a place costs at most that interval more than was asked for. A value that is shared, not copied.
///
/// An index belongs to one state of a file: to its size and a digest of its first and last 64 KiB.
class TRAWL_API FileIndex {
 public:
  /// Reads the whole file. Fails where it is damaged, is not a regular file, or changes meanwhile.
  static Result<FileIndex> build(std::string_view path, const IndexOptions& options = {});
  /// The index beside the file; nothing where there is none. Reason::out_of_date: it belongs to another state of the file.
  static Result<std::optional<FileIndex>> open(std::string_view path);
  /// As save() wrote it, wherever it was. @param path of the capture file
  static Result<FileIndex> load(std::string_view index_path, std::string_view path);
  /// "x.pcap" -> "x.pcap.index"
  static std::string path_for(std::string_view path);
  /// Writes it, completely or not at all. @param index_path usually path_for(path)
  Result<void> save(const std::string& index_path) const;

  u64 packets() const;
  /// The earliest and the latest time; none where no packet has a time.
  std::optional<Timestamp> earliest() const;
  std::optional<Timestamp> latest() const;
  /// No packet is earlier than one before it.
  bool in_order() const;
  /// FileFacts::other_blocks and FileFacts::uncopyable_blocks.
  u64 other_blocks() const;
  u64 uncopyable_blocks() const;
  /// How many places are noted.
  size_t places() const;
  /// A packet before which none has this time or a later one: at most an interval in front of the first that has.
  /// packets() + 1 when there is none.
  u64 first_from(Timestamp time) const;
  /// A packet from which on all have this time or a later one (those with a time): at most an interval behind the last that
  /// has an earlier one. packets() + 1 when there is none.
  u64 all_from(Timestamp time) const;

 private:
  friend class FileReader;
  friend class PcapngBlockReader;
  explicit FileIndex(std::shared_ptr<const detail::IndexData> data) : data_(std::move(data)) {}
  std::shared_ptr<const detail::IndexData> data_;
};

}  // namespace trawl::inline v0
