// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A link-layer packet socket that receives and sends through memory shared with the kernel (packet_mmap, TPACKET_V3).
#pragma once
#include "trawl/capture/sockets/interface_socket.hpp"
#include "trawl/core/frame_source.hpp"

namespace trawl::inline v0 {

struct RingSocketOptions {
  std::string_view interface;                               ///< a send ring needs one, and one with a link layer
  u16 protocol = InterfaceSocketOptions::all_protocols;     ///< EtherType of what is received; 0: nothing
  bpf::ProgramSource filter = {};                           ///< set before the first packet can come
  size_t receive_bytes = 32u << 20;                         ///< of blocks; 0: no receive ring
  size_t send_bytes = 4u << 20;                             ///< of frames; 0: no send ring
  /// How long packets may wait in a block that is not full: at most 60 ms, at least 1 ms.
  std::optional<std::chrono::nanoseconds> longest_delay = {};
  u32 head_room = 0;                                        ///< as CaptureOptions::head_room
  u32 private_bytes = 0;                                    ///< of each block, see RingBlock; at most max_private_bytes
  PacketHash packet_hash = PacketHash::off;
  TimeStampType time_stamps = TimeStampType::host;
  static constexpr u32 max_private_bytes = 4096;
};

/// A block of the receive ring.
struct RingBlock {
  u64 sequence = 0;           ///< 1, 2, ... in the order that the kernel filled them
  u32 packets = 0;            ///< that came in it
  std::span<u8> private_area; ///< private_bytes of the user's own: they stay with the block from lap to lap
};

/// A packet of the send ring that the kernel does not send as it is (TP_STATUS_WRONG_FORMAT): taken out of the ring.
struct RefusedPacket {
  u64 number = 0;  ///< as put() said
  std::vector<u8> bytes;
  Error why;       ///< out_of_range: shorter than a header; too_large
};

/// What a call to kick() did. Everything that was put is in one of the three.
struct Kicked {
  u32 taken = 0;  ///< by the interface, or its queue
  std::vector<RefusedPacket> refused;
  u32 waiting = 0;  ///< still to be sent, by the next kick()
  Error why = {};   ///< of the first that waits: would_block, interface_down, interface_gone, closed
};

/// One descriptor with a receive ring and a send ring behind it. What it sends it does not receive. Programs that answer
/// or forward packets need no second socket; those that only capture or send have more help from Capture and Sender.
/// Moved, not copied; belongs to one thread at a time. Needs CAP_NET_RAW.
class TRAWL_API RingSocket final : InterfaceSocket {
 public:
  /// Rings are smaller where memory is short: receive_bytes(), send_slots().
  /// @return unknown_interface, no_permission, no_memory, invalid_option, not_supported, the filter's own error
  static Result<RingSocket> open(const RingSocketOptions& options);

  /// The next packets of a block, at most 256; of the whole packet, with its VLAN tag. Valid, and changeable by Batch::edit(),
  /// until the next call. An empty batch when none comes in time; unset: it waits for ever, unless nonblocking.
  /// @return interface_down, once for each time that it goes down; interface_gone
  Result<Batch> next(std::optional<std::chrono::nanoseconds> timeout = {});
  /// That the last batch came from. Nothing before the first batch, or after next() gave none.
  std::optional<RingBlock> block() const;

  /// Memory of the next free frame of the send ring, for a packet to be written in place.
  /// @return would_block when none is free; not_supported without a send ring; closed
  Result<std::span<u8>> free_frame();
  /// Has the first `size` bytes of what free_frame() gave wait for kick(). @return the packet's number: 0, 1, 2, ...
  Result<u64> put(size_t size);
  /// The same for a copy of `packet`. @return would_block; too_large for a frame of the ring
  Result<u64> put(Bytes packet);
  /// Has the kernel send, in order, what waits, as far as it can now. A refused packet does not hold up those behind it.
  Kicked kick();
  /// Packets that wait for kick().
  u32 waiting() const;
  /// Packets that the interface has and will give back.
  u32 in_flight() const;
  /// Until all is sent, refused packets left out, or time is over: then would_block.
  Result<void> flush(std::chrono::nanoseconds patience = std::chrono::seconds(1));

  size_t receive_bytes() const;
  u32 send_slots() const;

  using InterfaceSocket::bind;
  using InterfaceSocket::bound;
  using InterfaceSocket::join;
  using InterfaceSocket::join_fanout;
  using InterfaceSocket::leave;
  using InterfaceSocket::set_ignore_outgoing;
  using InterfaceSocket::set_qdisc_bypass;
  using InterfaceSocket::statistics;
  using RawSocket::clear_filter;
  /// Readable: a block is there; writable: the kernel has room for what waits.
  using RawSocket::fd;
  using RawSocket::filter;
  using RawSocket::lock_filter;
  using RawSocket::nonblocking;
  using RawSocket::set_nonblocking;
  /// In one step. What is in the ring by then still comes.
  Result<void> set_filter(const bpf::ProgramSource& filter) { return RawSocket::set_filter(filter); }
  /// Flushes first.
  Result<void> close();

  RingSocket(RingSocket&&) noexcept;
  RingSocket& operator=(RingSocket&&) noexcept;
  ~RingSocket();

 private:
  struct Rings;
  RingSocket(std::unique_ptr<detail::RawSocketBody> body, std::unique_ptr<Rings> rings);
  std::unique_ptr<Rings> rings_;
};

}  // namespace trawl::inline v0
