// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Several capture files, one after the other, as one source.
#pragma once
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "cli/flags/place.hpp"
#include "trawl/file/file_reader.hpp"

namespace cli {

/// Interfaces are numbered over all files. A file that cannot be opened, or is damaged, is an error of next(); calling
/// next() again goes on with the file behind it.
class Inputs {
 public:
  /// @param place packets that it does not hold may be passed over, where there is an index; the first packets of each file and
  /// the one before each that it holds come always. Lives as long as this object.
  explicit Inputs(std::vector<std::string> paths, trawl::KeepBlocks blocks = trawl::KeepBlocks::none, const PlaceFlags* place = nullptr)
      : paths_(std::move(paths)),
        keep_(blocks),
        place_(place) {}

  trawl::Result<std::optional<trawl::Batch>> next();
  /// Of the last batch: names and secrets once, nothing that must not be copied, no descriptions of interfaces.
  std::span<const trawl::OtherBlock> blocks() const { return blocks_; }
  /// How many packets stand in front of the last batch, in all files.
  trawl::u64 packets_before() const { return before_ + number_ - 1 - last_size_; }
  /// Of all files that have ended: FileFacts::other_blocks and FileFacts::uncopyable_blocks.
  trawl::u64 other_blocks() const { return other_blocks_; }
  trawl::u64 uncopyable_blocks() const { return uncopyable_blocks_; }
  std::span<const trawl::InterfaceInfo> interfaces() const { return interfaces_; }
  const trawl::Warnings& warnings() const { return warnings_; }
  /// Of all files, as FileReader has it.
  trawl::u64 bytes_read() const { return bytes_before_ + (open_ ? readers_.back().bytes_read() : 0); }
  /// The file that the last batch or error is of.
  const std::string& path() const { return current_; }
  bool at_end() const { return next_path_ == paths_.size() && !open_; }

 private:
  void take_interfaces();
  void take_blocks();
  trawl::Result<void> open_next();
  void leave();
  std::vector<std::string> paths_;
  std::string current_;
  std::deque<trawl::FileReader> readers_;   // kept: interfaces borrow from them
  std::vector<trawl::InterfaceInfo> interfaces_;
  std::vector<trawl::Frame> frames_;
  trawl::KeepBlocks keep_;
  const PlaceFlags* place_;
  std::optional<trawl::FileIndex> index_;
  std::vector<trawl::OtherBlock> blocks_;
  std::set<std::string> names_and_secrets_;
  trawl::u64 before_ = 0, number_ = 1, other_blocks_ = 0, uncopyable_blocks_ = 0;  // packets of earlier files; of this one, the next
  trawl::u32 last_size_ = 0;
  trawl::Warnings warnings_;
  size_t next_path_ = 0, first_interface_ = 0;
  bool open_ = false;
  trawl::u64 bytes_before_ = 0;
};
static_assert(trawl::FrameSource<Inputs>);

}  // namespace cli
