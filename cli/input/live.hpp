// SPDX-License-Identifier: Apache-2.0 OR MIT
/// One or several interfaces as one source.
#pragma once
#include <chrono>
#include <deque>

#include "trawl/capture/fanout.hpp"

namespace cli {

/// Interfaces are numbered in the order of -i.
class Live {
 public:
  /// @param members of a fanout group that shares its packets out; 1: no group
  trawl::Result<void> open(const std::string& interface, const trawl::CaptureOptions& options, trawl::u32 members = 1);
  /// At most until `deadline`, and not longer than half a second: an empty batch then.
  trawl::Result<std::optional<trawl::Batch>> next(std::optional<std::chrono::steady_clock::time_point> deadline);
  /// After a stop: what was received before it.
  trawl::Result<std::optional<trawl::Batch>> drain();
  std::span<const trawl::InterfaceInfo> interfaces() const { return interfaces_; }
  std::deque<trawl::Capture>& captures() { return captures_; }
  /// The number of the first interface of a capture.
  size_t interface_of(size_t capture) const { return first_interface_[capture]; }

 private:
  trawl::Batch numbered(const trawl::Batch& batch, size_t capture);
  std::deque<trawl::Capture> captures_;
  std::vector<trawl::InterfaceInfo> interfaces_;
  std::vector<size_t> first_interface_;
  std::vector<trawl::Frame> frames_;
  size_t turn_ = 0;
};

}  // namespace cli
