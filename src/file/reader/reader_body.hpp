// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What is behind a FileReader: a window over the file and the parser of what stands there.
#pragma once
#include <deque>
#include <variant>

#include "file/pcap/parser.hpp"
#include "file/pcapng/parser.hpp"
#include "file/reader/reading.hpp"
#include "file/reader/recovery.hpp"
#include "file/snoop/parser.hpp"
#include "trawl/core/switches.hpp"

namespace trawl::inline v0::detail {

struct IndexData;

/// Frames point into the window, which moves only when the next batch is asked for.
class ReaderBody {
 public:
  ReaderBody(Opened opened, const ReaderOptions& options);
  Result<void> begin();
  Result<std::optional<Batch>> next();
  std::span<const InterfaceInfo> interfaces() const;
  Bytes record(u32 i) const { return window_.bytes().slice(skipped_ + room_.records[i].at, room_.records[i].size); }
  std::span<const OtherBlock> blocks() const { return room_.blocks; }
  const Findings& findings() const { return findings_; }
  u64 offset_of(u32 i) const { return window_.offset() + skipped_ + room_.records[i].at; }
  u64 bytes_read() const;
  Result<void> seek(const IndexData& index, u64 packet);
  /// @param from a packet in front of the one that is looked for, or that packet
  Result<u64> seek(const IndexData& index, u64 from, Timestamp time);
  const FileOrigin& origin() const { return origin_; }

 private:
#if TRAWL_WITH_PCAPNG
  using Parser = std::variant<PcapParser, SnoopParser, PcapngParser>;
#else
  using Parser = std::variant<PcapParser, SnoopParser>;
#endif
  Progress parse();
  Result<bool> go_on(const Progress& progress);
  Result<bool> end_of_file(size_t needed);
  Result<bool> finish();
  std::unexpected<Error> break_off(const Error& error);
  std::span<const InterfaceInfo> parsed_interfaces() const;

  Result<void> jump(const IndexData& index, u64 offset, u64 packets);

  // Only with Recovery::search:
  Result<bool> damaged(const Error& error, size_t look_from);
  Result<bool> resume(const Resumption& place, u64 damage_begin, Error error);
  Result<bool> change_parser(Resumption::Kind kind);
  BeforeDamage before_damage() const;

  ReaderOptions options_;
  Window window_;
  std::shared_ptr<Container> container_;
  FileOrigin origin_;
  std::optional<Error> unrecognized_;
  Findings findings_;
  Parser parser_;
  FrameRoom room_;
  Progress last_;                ///< of the batch that is out
  size_t skipped_ = 0;           ///< of the window, in front of that batch: its predecessor's last record
  size_t last_record_ = 0;       ///< that record's size: damage may have begun in it
  bool resumed_ = false;         ///< last_ has a stop that was not dealt with yet
  bool ended_ = false, begun_ = false;
  std::optional<i64> seconds_;   ///< of the last packet

  // Files within the file, when recovery has found some.
  std::deque<Parser> earlier_;   ///< interfaces borrow from them
  std::vector<InterfaceInfo> earlier_interfaces_;
  mutable std::vector<InterfaceInfo> all_interfaces_;
};

}  // namespace trawl::inline v0::detail
