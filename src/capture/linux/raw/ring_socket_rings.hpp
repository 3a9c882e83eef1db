// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The two rings of a RingSocket in one mapping: what was received and not read, what was put and not sent.
#pragma once
#include <array>
#include <vector>

#include "capture/linux/ring/ring.hpp"
#include "capture/linux/ring/send_slots.hpp"
#include "trawl/capture/sockets/ring_socket.hpp"

namespace trawl::inline v0 {

struct RingSocket::Rings {
  linux_capture::Ring receive;
  u32 packets_in_block = 0;
  tpacket3_hdr* packet = nullptr;  ///< next one of the held block
  u32 left = 0;                    ///< how many are still in it
  std::array<Frame, Batch::max_frames> frames;
  u32 frames_used = 0;

  linux_capture::SendSlots<tpacket3_hdr> send;
  u32 first = 0;    ///< the kernel looks here next
  u32 waiting = 0;  ///< from there on
  u64 put_so_far = 0;
  std::vector<u64> numbers;  ///< of the packet in each slot

  static Result<std::unique_ptr<Rings>> open(const linux_capture::SystemCalls& calls, int fd, const Interface& interface,
                                             const linux_capture::HardwareType& type, const RingSocketOptions& options);
  /// Empty when no block is there.
  Batch fill(LinkType link);
  /// That holds the packet so many behind the first that waits.
  u32 slot(u32 behind) const { return first + behind < send.size() ? first + behind : first + behind - send.size(); }
  u32 end() const { return slot(waiting); }
  u64 put(size_t size);
  /// Of what waited. @return how many the kernel has taken
  u32 note_taken();
  /// The kernel goes on where it refused a packet: those behind it move up.
  RefusedPacket remove_first();
};

}  // namespace trawl::inline v0
