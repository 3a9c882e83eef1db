// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Several capture files, one after the other, as one source.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "trawl/file/file_reader.hpp"

namespace cli {

/// Interfaces are numbered over all files. A file that cannot be opened, or is damaged, is an error of next(); calling
/// next() again goes on with the file behind it.
class Inputs {
 public:
  explicit Inputs(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  trawl::Result<std::optional<trawl::Batch>> next();
  std::span<const trawl::InterfaceInfo> interfaces() const { return interfaces_; }
  const trawl::Warnings& warnings() const { return warnings_; }
  /// Of all files, as FileReader has it.
  trawl::u64 bytes_read() const { return bytes_before_ + (open_ ? readers_.back().bytes_read() : 0); }
  /// The file that the last batch or error is of.
  const std::string& path() const { return current_; }
  bool at_end() const { return next_path_ == paths_.size() && !open_; }

 private:
  void take_interfaces();
  std::vector<std::string> paths_;
  std::string current_;
  std::deque<trawl::FileReader> readers_;   // kept: interfaces borrow from them
  std::vector<trawl::InterfaceInfo> interfaces_;
  std::vector<trawl::Frame> frames_;
  trawl::Warnings warnings_;
  size_t next_path_ = 0, first_interface_ = 0;
  bool open_ = false;
  trawl::u64 bytes_before_ = 0;
};
static_assert(trawl::FrameSource<Inputs>);

}  // namespace cli
