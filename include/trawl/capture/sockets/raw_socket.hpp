// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What sockets that carry whole packets have in common. Linux only; Capture and Sender are there for everybody.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "trawl/bpf/program_source.hpp"
#include "trawl/core/frame.hpp"

namespace trawl::inline v0 {

/// Of one receive or send; combined with |.
enum class MessageFlags : u32 {
  none = 0,
  dont_wait = 1,
  peek = 2,           ///< the packet stays in the queue
  truncate = 4,       ///< Received::original_length is the packet's even where the buffer is shorter; packet sockets always do
  error_queue = 8,    ///< errors and transmit time stamps instead of packets
  out_of_band = 16,
  dont_route = 32,    ///< only to directly connected hosts
  confirm = 64,       ///< the neighbour is known to be alive
  more = 128,         ///< more will follow at once
};
constexpr MessageFlags operator|(MessageFlags a, MessageFlags b) { return MessageFlags(u32(a) | u32(b)); }
constexpr bool operator&(MessageFlags a, MessageFlags b) { return u32(a) & u32(b); }

enum class TimestampSource : u8 { none, software, hardware };
/// What becomes of packets in the queue when a filter is set: those that the old filter let in are given out, or dropped.
enum class Queued : u8 { keep, drop };

struct Received {
  size_t size = 0;          ///< bytes in the buffer
  u32 original_length = 0;  ///< of the packet; more than `size` when it was cut
  Timestamp time;           ///< when info.has_time
  bool hardware_time = false;
  FrameInfo info;           ///< packet type, checksum state and VLAN tag, where the kernel tells them; has_time
  bool truncated() const { return size < original_length; }
};

namespace detail {
struct RawSocketBody;
}

/// Moved, not copied; closed once. Belongs to one thread at a time. Errors are those of the system call, with its name.
class TRAWL_API RawSocket {
 public:
  RawSocket(RawSocket&&) noexcept;
  RawSocket& operator=(RawSocket&&) noexcept;
  ~RawSocket();

  /// For poll, epoll, io_uring. -1 after close().
  int fd() const;
  Result<void> set_nonblocking(bool nonblocking);
  Result<bool> nonblocking() const;
  /// Bytes that the kernel keeps for packets not yet received; more than net.core.rmem_max needs CAP_NET_ADMIN.
  Result<void> set_receive_buffer(u32 bytes);
  Result<void> set_send_buffer(u32 bytes);

  /// Replaces the filter in one step.
  Result<void> set_filter(const bpf::ProgramSource& filter, Queued queued = Queued::keep);
  Result<void> clear_filter();
  /// From now on the filter cannot be changed or removed, by nobody.
  Result<void> lock_filter();
  /// As the kernel has it; nothing when there is none.
  Result<std::vector<bpf::Instruction>> filter() const;

  /// For what is received. @return not_supported where the interface has no clock
  Result<void> set_receive_timestamps(TimestampSource source);
  /// For what is sent: received with MessageFlags::error_queue, in the order of sending, with the packet.
  Result<void> set_send_timestamps(TimestampSource source);

  /// @return what close(2) says; 0 descriptors are left open in any case. Closing twice does nothing.
  Result<void> close();

 protected:
  explicit RawSocket(std::unique_ptr<detail::RawSocketBody> body);
  detail::RawSocketBody& body() const { return *body_; }

 private:
  std::unique_ptr<detail::RawSocketBody> body_;
};

}  // namespace trawl::inline v0
