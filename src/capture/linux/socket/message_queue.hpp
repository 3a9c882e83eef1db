// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets out of a socket's own queue, many with each system call: where the kernel has no ring to give.
#pragma once
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <expected>
#include <memory>
#include <span>
#include <vector>

#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/system_calls.hpp"
#include "trawl/core/error.hpp"
#include "trawl/core/frame.hpp"

namespace trawl::inline v0::linux_capture {

class MessageQueue {
 public:
  static constexpr u32 messages_at_once = 32;

  MessageQueue() = default;
  /// Has the kernel tell time, VLAN tag and length of each packet, and asks for a queue of so many bytes. Memory is touched
  /// only where packets are.
  /// @param snaplen of which each packet may have so many bytes, and `in_front` free ones before it
  static Result<MessageQueue> create(const SystemCalls& calls, int fd, std::string_view interface, size_t buffer_bytes, u32 snaplen,
                                     u32 in_front);
  explicit operator bool() const { return !memory_.empty(); }
  /// Bytes that the kernel granted; it counts its own structures as well.
  size_t buffer_bytes() const { return buffer_bytes_; }

  /// Fills `frames`, room for messages_at_once, as build_frame() does; they are valid until the next call. Does not wait.
  /// @return how many; errno where it is not EAGAIN
  std::expected<u32, int> receive(const SystemCalls& calls, int fd, std::span<Frame> frames, LinkType link, Form form);
  /// Packets were dropped since the last time that this was asked.
  bool losing() { return std::exchange(losing_, false); }

 private:
  struct Control {
    alignas(cmsghdr) u8 bytes[192];
  };
  void read(u32 index, Frame& frame, LinkType link, Form form);

  size_t buffer_bytes_ = 0;
  u32 slot_bytes_ = 0, front_ = 0, used_ = 0, drops_ = 0;
  bool losing_ = false;
  std::vector<std::unique_ptr<u8[]>> memory_;
  std::vector<mmsghdr> messages_;
  std::vector<iovec> parts_;
  std::vector<sockaddr_ll> addresses_;
  std::vector<Control> controls_;
};

}  // namespace trawl::inline v0::linux_capture
