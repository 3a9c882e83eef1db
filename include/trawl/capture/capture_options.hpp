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
/// Ask the kernel for a hash over the flow of each packet (FrameInfo::hash). It costs the kernel time. Only a ring brings it:
/// what the kernel says of a packet from a socket's queue (PACKET_AUXDATA) has no place for one. The others warn.
enum class PacketHash : u8 { off, on };

/// How packets come from the kernel.
enum class CaptureMethod : u8 {
  automatic,  ///< ring, or, where the kernel has no ring to give, socket with a warning
  ring,       ///< a ring shared with the kernel: copies of all packets, coming and leaving
  /// Reads the socket's own queue, up to 32 packets a system call: the same packets for ten times the processor time, without
  /// a large piece of memory. buffer_bytes is the kernel's accounting then (a small packet counts as about 800 bytes), without
  /// CAP_NET_ADMIN at most net.core.rmem_max; packets are handed over at once.
  socket,
  /// AF_XDP: what comes in on an Ethernet interface, taken away from the rest of the machine; an MTU of at most 3,822;
  /// times are those of reading; needs CAP_NET_ADMIN and CAP_BPF.
  xdp,
  /// libpcap, if it is installed (it is looked for at run time): every device that it knows, such as nflog:5, usbmon1,
  /// bluetooth0, dbus-system. The filter runs here, as on files; direction, tag and checksum of a packet are not known apart
  /// from its bytes; a drain takes as many packets as there were when it began. No fanout or LoopbackCopies::both.
  libpcap,
};

/// Whose clock a packet's time is of.
enum class TimeStampType : u8 {
  host,              ///< the kernel's, in nanoseconds, when it takes the packet from the driver
  adapter,           ///< the interface's, kept in step with the host's: Linux knows none
  adapter_unsynced,  ///< the interface's own, whatever it shows; switched on for all, which needs CAP_NET_ADMIN
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
  u16 group = 0;            ///< of this network namespace; up to 256 members, which agree in interface, mode and flags
  bool defragment = false;  ///< IPv4 fragments are put together first; what is captured is then the whole datagram
  bool roll_over = false;   ///< to another member when the chosen one is full
  std::optional<bpf::Program> program = {};  ///< its value modulo the number of members is the member
  int ebpf_program = -1;
};

struct CaptureOptions {
  static constexpr u32 max_snaplen = 262144, max_head_room = 256;

  u32 snaplen = max_snaplen;            ///< bytes to keep of each packet; 0: all of them
  size_t buffer_bytes = 32u << 20;      ///< between the kernel and us; rounded up to whole blocks, at least two
  std::optional<std::chrono::nanoseconds> timeout = {};  ///< next() gives an empty batch after it; unset: it waits for ever
  CaptureMethod method = CaptureMethod::automatic;
  Immediate immediate = Immediate::off;
  Promiscuous promiscuous = Promiscuous::on;
  CaptureDirection direction = CaptureDirection::inout;
  LoopbackCopies loopback_copies = LoopbackCopies::received;
  /// Bytes in front of each packet that may be written, too: Batch::edit(i).data() - head_room is the first. For a header that
  /// is put in front in place before the packet is sent on. At most max_head_room, else invalid_option.
  u32 head_room = 0;
  PacketHash packet_hash = PacketHash::off;
  TimeStampType time_stamps = TimeStampType::host;  ///< not_supported where the interface or the method cannot
  bpf::ProgramSource filter = {};       ///< asked once for (link type, Target::live); nothing it rejects ever gets in
  std::optional<Fanout> fanout = {};    ///< be a member of a group: of several processes, or of a FanoutCapture
  std::string filter_text = {};         ///< for InterfaceInfo::filter; unset: what `filter` was made of, if that was a text
};

}  // namespace trawl::inline v0
