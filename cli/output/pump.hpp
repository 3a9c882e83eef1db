// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Moves packets from a source through a filter to paper or to a file: what `capture` and `read` do.
#pragma once
#include <atomic>

#include "cli/flags/place.hpp"
#include "cli/output/packet_printer.hpp"
#include "trawl/core/frame_source.hpp"
#include "trawl/file/other_block.hpp"

namespace cli {

struct PumpCounts {
  trawl::u64 seen = 0, filtered = 0, delivered = 0;   ///< delivered: printed or written
  trawl::u64 bytes = 0;   ///< of those
};

/// A writer of any kind, by reference.
class PumpSink {
 public:
  template <class Writer> requires(!std::same_as<std::remove_const_t<Writer>, PumpSink>) PumpSink(Writer& writer)
      : writer_(&writer),
        write_([](void* w, const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces,
                  std::span<const trawl::OtherBlock> blocks) { return static_cast<Writer*>(w)->write(batch, interfaces, blocks); }) {}
  trawl::Result<void> write(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces,
                            std::span<const trawl::OtherBlock> blocks) const {
    return write_(writer_, batch, interfaces, blocks);
  }

 private:
  void* writer_;
  trawl::Result<void> (*write_)(void*, const trawl::Batch&, std::span<const trawl::InterfaceInfo>, std::span<const trawl::OtherBlock>);
};

/// The part of the work that goes on over several batches.
class Pump {
 public:
  /// `filter`: run here, in user space; none when the kernel has done it. `display`: asked of what passes that.
  Pump(const PacketOptions& options, std::optional<trawl::FilterMatcher> filter, std::optional<trawl::DisplayFilter> display,
       PacketPrinter* printer, std::optional<PumpSink> writer, const PlaceFlags* place = nullptr)
      : options_(options),
        filter_(std::move(filter)),
        display_(std::move(display)),
        printer_(printer),
        writer_(writer),
        place_(place) {}

  /// So many packets stand in front of those that take() gets.
  void pass_over(trawl::u64 packets) {
    context_.number += packets;
    counts_.seen += packets;
  }
  /// So many packets stand in front of those that take() gets, which nobody wants: they are not counted.
  void go_to(trawl::u64 packets) { context_.number = packets; }
  /// @param blocks that stand between the packets; they are written, too
  /// @return false when -c packets have been delivered
  trawl::Result<bool> take(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces,
                           std::span<const trawl::OtherBlock> blocks = {});
  const PumpCounts& counts() const { return counts_; }
  /// Per interface: how many were delivered.
  const std::vector<PumpCounts>& by_interface() const { return by_interface_; }

 private:
  trawl::Result<bool> take_whole(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces,
                                 std::span<const trawl::OtherBlock> blocks);
  void note_first(const trawl::Frame& frame) {
    if (frame.info.has_time && !first_seen_) context_.first = context_.previous = frame.time, first_seen_ = true;
  }
  void note_time(const trawl::Frame& frame) {
    note_first(frame);
    if (frame.info.has_time) context_.previous = frame.time;
  }

  const PacketOptions& options_;
  std::optional<trawl::FilterMatcher> filter_;
  std::optional<trawl::DisplayFilter> display_;
  PacketPrinter* printer_;
  std::optional<PumpSink> writer_;
  const PlaceFlags* place_;
  trawl::FrameContext context_;
  PumpCounts counts_;
  std::vector<PumpCounts> by_interface_;
  std::vector<trawl::Frame> kept_;
  std::vector<trawl::OtherBlock> kept_blocks_;
  bool first_seen_ = false, any_shown_ = false;
};

}  // namespace cli
