// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The flags that choose packets by number and by time, and how an index beside the file helps to find them.
#pragma once
#include "cli/command.hpp"
#include "cli/flags/units.hpp"
#include "trawl/file/file_index.hpp"

namespace cli {

class PlaceFlags {
 public:
  /// @param numbers the flag for ranges: "-r", or another where that is taken
  void declare(CLI::App& command, const char* numbers);
  /// False: what is wrong has been said.
  bool prepare(const char* numbers);
  bool any() const { return !ranges_.empty() || from_ || to_; }
  bool holds(trawl::u64 number, const trawl::Frame& frame) const;

  /// The index beside the file, if there is one and it can help. One that cannot be used is warned of.
  std::optional<trawl::FileIndex> index_of(const std::string& path) const;
  /// The first packet from `number` on that these flags may hold; the one behind the last: none.
  trawl::u64 first_kept(trawl::u64 number, const trawl::FileIndex& index) const;
  /// Passes over packets that they do not hold. @param number of the packet that comes next
  trawl::Result<void> go_on(trawl::FileReader& reader, const trawl::FileIndex& index, trawl::u64& number) const;
  /// The same in one of several files, up to the packet in front of the next one that they may hold, or to the file's last: of
  /// this one the time may be asked. @param before packets in the files before
  trawl::Result<void> go_near(trawl::FileReader& reader, const trawl::FileIndex& index, trawl::u64& number, trawl::u64 before) const;

 private:
  trawl::u64 first_kept(trawl::u64 number, const trawl::FileIndex& index, trawl::u64 before) const;

  std::vector<std::string> range_texts_;
  std::string from_text_, to_text_;
  std::vector<Range> ranges_;
  std::optional<trawl::Timestamp> from_, to_;
};

}  // namespace cli
