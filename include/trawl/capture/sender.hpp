// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets to an interface.
#pragma once
#include <chrono>

#include "trawl/capture/statistics.hpp"
#include "trawl/capture/stop_handle.hpp"
#include "trawl/core/frame_source.hpp"

namespace trawl::inline v0 {

/// What to do with a packet when the interface has no room for it.
enum class WhenFull : u8 { wait, drop_and_count };

/// How packets are handed to the kernel. All of them send the same bytes in the same order.
enum class SendMethod : u8 {
  automatic,  ///< socket
  socket,     ///< a packet socket; many packets with each system call
  ring,       ///< a ring shared with the kernel (PACKET_TX_RING)
  xdp,        ///< AF_XDP: past queueing discipline and taps; one queue of an Ethernet interface; needs CAP_NET_ADMIN
};
TRAWL_API std::string_view name(SendMethod method);

/// `on`: past the queueing discipline (PACKET_QDISC_BYPASS). Faster, but captures on the sending interface do not see
/// the packets. SendMethod::xdp always does.
enum class QdiscBypass : u8 { off, on };

struct SenderOptions {
  WhenFull when_full = WhenFull::wait;
  std::chrono::nanoseconds patience = std::chrono::seconds(1);  ///< how long to wait for one packet before giving it up
  SendMethod method = SendMethod::automatic;
  QdiscBypass bypass = QdiscBypass::off;
  u32 queue = 0;  ///< of the interface; only for SendMethod::xdp
};

namespace detail {
class SenderBody;
}

/// A FrameSink. Bytes go out as they are, from the link-layer header on. Every packet is sent or counted as failed.
/// Belongs to one thread at a time; only its StopHandle may be used from others.
class TRAWL_API Sender {
 public:
  /// Needs CAP_NET_RAW.
  /// @return unknown_interface (with valid names), no_permission, no_memory, not_supported (a method that the interface
  /// or the kernel does not have, or `any`)
  static Result<Sender> open(std::string_view interface, const SenderOptions& options = {});
  Sender(Sender&&) noexcept;
  Sender& operator=(Sender&&) noexcept;
  ~Sender();

  /// Hands one packet to the kernel.
  /// @return too_large (more than the MTU and the header), out_of_range (less than a header), interface_down,
  /// interface_gone, would_block (patience is over), stopped
  Result<void> send(Bytes frame);
  /// All of them, with as few system calls as the method has. One that is refused for itself is counted and goes to
  /// warnings(); only a stop or an interface that is down or gone ends it, and then the rest is counted as failed.
  Result<void> send(const Batch& batch);
  Result<void> write(const Batch& batch, std::span<const InterfaceInfo>) { return send(batch); }
  /// The same, never blocks. Where there is no room before the patience is over, the rest has to be offered again, first,
  /// when fd() is readable.
  /// @return how many of the batch are settled: sent, or counted as failed
  Result<u32> poll_send(const Batch& batch);
  /// Readable when poll_send() may go on: there is room, it is time to try again, or a stop. For poll, epoll, io_uring.
  int fd() const;
  /// Until the interface is done with all that was sent, at most for the patience: then would_block.
  Result<void> flush();
  /// Waits with nothing to send. @return false after a stop
  bool wait_until(std::chrono::steady_clock::time_point time);

  const InterfaceInfo& interface() const;
  SendMethod method() const;
  const Warnings& warnings() const;
  SenderStatistics statistics();
  /// A stop ends waits: for room, for a time. Sticky until rearm().
  StopHandle stop_handle() const;
  void rearm();
  /// Flushes first.
  Result<void> close();

 private:
  explicit Sender(std::unique_ptr<detail::SenderBody> body);
  friend class detail::SenderBody;
  std::unique_ptr<detail::SenderBody> body_;
};

static_assert(FrameSink<Sender>);

}  // namespace trawl::inline v0
