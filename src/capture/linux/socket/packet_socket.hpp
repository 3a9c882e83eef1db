// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A packet socket set up for a capture, in the order that lets nothing unwanted in.
#pragma once
#include "capture/linux/interfaces/links.hpp"
#include "capture/linux/ring/ring.hpp"
#include "capture/linux/socket/kernel_filter.hpp"
#include "capture/linux/socket/message_queue.hpp"
#include "trawl/capture/capture_options.hpp"

namespace trawl::inline v0::linux_capture {

/// The filter that is attached, and whether it has to be run here as well.
struct AttachedFilter {
  bpf::Program program;  ///< the user's
  KernelFilter kernel;
};

struct PacketSocket {
  Descriptor fd;
  Ring ring;           ///< one of the two: CaptureMethod
  MessageQueue queue;
  AttachedFilter filter;
  size_t wanted_bytes;   ///< of the ring or queue; it has less when memory is short
  Unwanted unwanted;     ///< what the attached program rejects because of direction and loopback
  std::optional<Error> no_ring = {};  ///< why there is a queue instead
};

/// Socket for no protocol, options, filter, ring or queue, then bind: until then no packet can come.
Result<PacketSocket> open_packet_socket(const SystemCalls& calls, const Interface& interface, bool cooked, const CaptureOptions& options);

/// Replaces the program in one step. A program that the kernel has no memory for is run here instead.
Result<KernelFilter> attach(const SystemCalls& calls, int fd, std::string_view interface, const bpf::ProgramView& program, u32 snaplen,
                            const Unwanted& unwanted, bool cooked);
/// Lets nothing in any more.
Result<void> attach_reject_all(const SystemCalls& calls, int fd, std::string_view interface);
Result<void> attach(const SystemCalls& calls, int fd, std::string_view interface, std::span<const bpf::Instruction> instructions);

/// Has packets carry the times that are wanted. @return not_supported where the interface has no such clock
Result<void> choose_clock(const SystemCalls& calls, int fd, const Interface& interface, TimeStampType type);

/// As long as the socket lives.
Result<void> join_promiscuous(const SystemCalls& calls, int fd, const Interface& interface);
Result<void> bind_to(const SystemCalls& calls, int fd, const Interface& interface);
/// Whether outgoing packets are not wanted at all.
bool ignores_outgoing(const Interface& interface, const CaptureOptions& options);

/// What the options mean by "all bytes".
inline u32 effective_snaplen(const CaptureOptions& options) { return options.snaplen ? options.snaplen : CaptureOptions::max_snaplen; }

}  // namespace trawl::inline v0::linux_capture
