// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Moves packets from a source through a filter to paper or to a file: what `capture` and `read` do.
#pragma once
#include <atomic>

#include "cli/output/packet_printer.hpp"
#include "trawl/core/frame_source.hpp"

namespace cli {

struct PumpCounts {
  trawl::u64 seen = 0, filtered = 0, delivered = 0;   ///< delivered: printed or written
  trawl::u64 bytes = 0;   ///< of those
};

/// The part of the work that goes on over several batches.
class Pump {
 public:
  /// `filter`: run here, in user space; none when the kernel has done it. `display`: asked of what passes that.
  Pump(const PacketOptions& options, std::optional<trawl::FilterMatcher> filter, std::optional<trawl::DisplayFilter> display,
       PacketPrinter* printer, std::optional<trawl::SinkRef> writer)
      : options_(options),
        filter_(std::move(filter)),
        display_(std::move(display)),
        printer_(printer),
        writer_(writer) {}

  /// So many packets stand in front of those that take() gets.
  void pass_over(trawl::u64 packets) {
    context_.number += packets;
    counts_.seen += packets;
  }
  /// @return false when -c packets have been delivered
  trawl::Result<bool> take(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces);
  const PumpCounts& counts() const { return counts_; }
  /// Per interface: how many were delivered.
  const std::vector<PumpCounts>& by_interface() const { return by_interface_; }

 private:
  const PacketOptions& options_;
  std::optional<trawl::FilterMatcher> filter_;
  std::optional<trawl::DisplayFilter> display_;
  PacketPrinter* printer_;
  std::optional<trawl::SinkRef> writer_;
  trawl::FrameContext context_;
  PumpCounts counts_;
  std::vector<PumpCounts> by_interface_;
  std::vector<trawl::Frame> kept_;
  bool first_seen_ = false, any_shown_ = false;
};

}  // namespace cli
