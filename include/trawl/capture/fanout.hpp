// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets of an interface shared out among several captures, each of which gets some of them (packet(7), PACKET_FANOUT).
#pragma once
#include <vector>

#include "trawl/capture/capture.hpp"

namespace trawl::inline v0 {

/// Captures on the interface, `size()` of them, that together get each packet exactly once. Each member belongs to one
/// thread at a time; with FanoutMode::hash a flow stays with one member, in order.
class TRAWL_API FanoutCapture {
 public:
  /// Nothing is delivered before all members are there. The group's number is one that nobody else uses;
  /// options.fanout says how packets are shared out, and its `group` means nothing here. Each member has a buffer of
  /// options.buffer_bytes.
  /// @param members 1 to 256 (before Linux 5.10: 255); each holds four descriptors
  /// @return as Capture::open; invalid_option, also from kernels before 6.13 where the interface is down
  static Result<FanoutCapture> open(std::string_view interface, u32 members, const CaptureOptions& options = {});

  std::span<Capture> members() { return members_; }
  size_t size() const { return members_.size(); }
  u16 group() const { return group_; }
  /// From any thread while the object lives; a signal handler uses the members' handles.
  void stop();
  /// The members' sums; dropped_interface, which each of them sees whole, once. Not while other threads use members.
  CaptureStatistics statistics();
  /// All of them; the first failure is returned.
  Result<void> close();

 private:
  FanoutCapture() = default;
  std::vector<Capture> members_;
  u16 group_ = 0;
};

}  // namespace trawl::inline v0
