// SPDX-License-Identifier: Apache-2.0 OR MIT
/// How to capture. Every default is a good one.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "trawl/bpf/program_source.hpp"

namespace trawl::inline v0 {

enum class Promiscuous : u8 { off, on };
/// Whether a packet is handed over as it comes, or waits a little so that many are handed over together.
enum class Immediate : u8 { off, on };
/// As this machine sees it: `out` is what it sends.
enum class CaptureDirection : u8 { inout, in, out };
/// A packet on the loopback interface leaves and arrives: it is there twice.
enum class LoopbackCopies : u8 { received, both };
/// Ask the kernel for a hash over the flow of each packet (FrameInfo::hash). It costs the kernel time.
enum class PacketHash : u8 { off, on };

/// How packets come from the kernel.
enum class CaptureMethod : u8 {
  automatic,  ///< ring
  ring,       ///< a ring shared with the kernel: copies of all packets, coming and leaving
  /// AF_XDP: what comes in on an Ethernet interface, taken away from the rest of the machine; an MTU of at most 3,822;
  /// times are those of reading; needs CAP_NET_ADMIN and CAP_BPF.
  xdp,
};

/// Which member of a fanout group gets a packet.
enum class FanoutMode : u8 {
  hash,          ///< by addresses and ports: a flow stays with one member
  load_balance,  ///< each in turn
  cpu,           ///< by the processor that the packet came on
  rollover,      ///< the first one, until it is full
  random,
  queue,         ///< by the hardware's receive queue
  program,       ///< as Fanout::program says
  ebpf,          ///< as the eBPF program with the descriptor Fanout::ebpf_program says
};

struct Fanout {
  FanoutMode mode = FanoutMode::hash;
  u16 group = 0;            ///< of this network namespace; all members agree in interface, mode and flags
  bool defragment = false;  ///< IPv4 fragments are put together first; what is captured is then the whole datagram
  bool roll_over = false;   ///< to another member when the chosen one is full
  std::optional<bpf::Program> program = {};  ///< its value modulo the number of members is the member
  int ebpf_program = -1;
};

struct CaptureOptions {
  static constexpr u32 max_snaplen = 262144;

  u32 snaplen = max_snaplen;            ///< bytes to keep of each packet; 0: all of them
  size_t buffer_bytes = 32u << 20;      ///< between the kernel and us; rounded up to whole blocks, at least two
  std::optional<std::chrono::nanoseconds> timeout = {};  ///< next() gives an empty batch after it; unset: it waits for ever
  CaptureMethod method = CaptureMethod::automatic;
  Immediate immediate = Immediate::off;
  Promiscuous promiscuous = Promiscuous::on;
  CaptureDirection direction = CaptureDirection::inout;
  LoopbackCopies loopback_copies = LoopbackCopies::received;
  PacketHash packet_hash = PacketHash::off;
  bpf::ProgramSource filter = {};       ///< asked once for (link type, Target::live); nothing it rejects ever gets in
  std::optional<Fanout> fanout = {};    ///< be a member of a group: of several processes, or of a FanoutCapture
  std::string filter_text = {};         ///< for InterfaceInfo::filter; unset: what `filter` was made of, if that was a text
};

}  // namespace trawl::inline v0
