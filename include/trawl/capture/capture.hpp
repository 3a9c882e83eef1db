// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets from an interface.
#pragma once
#include "trawl/capture/capture_options.hpp"
#include "trawl/capture/statistics.hpp"
#include "trawl/capture/stop_handle.hpp"
#include "trawl/core/frame_source.hpp"

namespace trawl::inline v0 {

namespace detail {
class AnyCapture;
}

/// A FrameSource. Belongs to one thread at a time; only its StopHandle may be used from others.
class TRAWL_API Capture {
 public:
  /// Between the arrival of a packet and its being there for next(), at most: the kernel looks every 60 ms whether a block
  /// has waited that long. Doubled, for a busy machine.
  static constexpr std::chrono::milliseconds longest_delay{250};

  /// Needs CAP_NET_RAW. The interface may be down and may lack an address; `any_interface` is all of them.
  /// @return unknown_interface (with valid names), no_permission, invalid_option, no_memory, or the filter's own error
  static Result<Capture> open(std::string_view interface, const CaptureOptions& options = {});
  /// Any source as if it were an interface: snaplen, direction, filter, stop and statistics work as on a live one; the
  /// other options mean nothing. `source` is borrowed and must outlive the capture.
  static Result<Capture> replay(SourceRef source, const CaptureOptions& options = {});
  Capture(Capture&&) noexcept;
  Capture& operator=(Capture&&) noexcept;
  ~Capture();

  /// The next packets: each exactly once, in order.
  ///
  /// Blocks until there is one, or options.timeout passes: then the batch is empty. Frames are valid, and may be changed
  /// with Batch::edit(), until the next call. Costs no system call while the buffer holds packets.
  /// @return no batch after stop(), and after an error; Reason::interface_gone when the interface was removed and what
  /// was queued has been delivered. An interface that goes down is a warning; packets go on when it is up again.
  Result<std::optional<Batch>> next();
  /// The same, never blocks: an empty batch when nothing is there.
  Result<std::optional<Batch>> poll_next();
  /// After stop(): what was received before. Nothing new gets in from the first call on; no batch when the buffer is empty.
  /// Takes at most as long as the kernel holds packets back (60 ms). Those never asked for are counted as `discarded`.
  Result<std::optional<Batch>> drain();

  /// Readable when poll_next() has something to say: packets, a warning, the end, a stop. For poll, epoll, io_uring; call
  /// poll_next() until its batch is empty. -1 for a replay, which never has to wait.
  int fd() const;
  std::span<const InterfaceInfo> interfaces() const;
  LinkType link_type() const { return interfaces().empty() ? LinkType::ethernet : interfaces()[0].link_type; }
  const Warnings& warnings() const;

  StopHandle stop_handle() const;
  void stop() { stop_handle().stop(); }
  /// Takes a stop back.
  void rearm();

  /// Replaces the filter at once, without a gap: packets that are already queued are asked again here. On failure the old
  /// filter stays. Those packets have only the bytes that the old filter kept.
  Result<void> set_filter(const bpf::ProgramSource& filter, std::string_view text = {});
  void set_timeout(std::optional<std::chrono::nanoseconds> timeout);

  CaptureStatistics statistics();
  /// Gives everything back and keeps the statistics; next() gives no batch. Closing twice does nothing.
  /// In a process that was forked afterwards it gives back that process's share and leaves the capture alone.
  Result<void> close();

 private:
  friend class detail::AnyCapture;
  explicit Capture(std::unique_ptr<detail::AnyCapture> body);
  std::unique_ptr<detail::AnyCapture> body_;
};

static_assert(FrameSource<Capture>);

}  // namespace trawl::inline v0
