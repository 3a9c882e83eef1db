// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/input/inputs.hpp"

#include "cli/flags/limits.hpp"
#include "cli/output/report.hpp"

namespace cli {

void Inputs::take_interfaces() {
  const auto now = readers_.back().interfaces();
  interfaces_.resize(first_interface_);
  interfaces_.insert(interfaces_.end(), now.begin(), now.end());
}

trawl::Result<std::optional<trawl::Batch>> Inputs::next() {
  for (;;) {
    if (!open_) {
      if (next_path_ == paths_.size()) return std::optional<trawl::Batch>();
      current_ = paths_[next_path_++];
      auto reader = trawl::FileReader::open(current_, reader_options());
      if (!reader) return std::unexpected(reader.error());
      readers_.push_back(std::move(*reader));
      first_interface_ = interfaces_.size();
      open_ = true;
    }
    auto batch = readers_.back().next();
    take_interfaces();
    if (!batch || !*batch) {
      open_ = false;
      bytes_before_ += readers_.back().bytes_read();
      for (const trawl::Error& w : readers_.back().warnings().first()) warnings_.add(w);
      report_warnings(current_, readers_.back().warnings());
      if (!batch) return std::unexpected(batch.error());
      continue;
    }
    if (first_interface_ == 0) return *batch;
    frames_.assign((*batch)->begin(), (*batch)->end());
    for (trawl::Frame& frame : frames_) frame.interface += trawl::u32(first_interface_);
    return trawl::Batch(frames_.data(), trawl::u32(frames_.size()));
  }
}

}  // namespace cli
