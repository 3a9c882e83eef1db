// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/socket/packet_socket.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/net_tstamp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "capture/linux/ring/frame_builder.hpp"
#include "capture/linux/socket/fanout_group.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr u32 loopback_index = 1;  // in every network namespace

Error failed(std::string_view interface, std::string_view call) { return system_error(Operation::open_interface, interface, call, errno); }

/// What the user does not want, less what the socket can be told not to give.
Unwanted choose_unwanted(const SystemCalls& calls, int fd, const Interface& interface, const CaptureOptions& options) {
  Unwanted unwanted;
  unwanted.incoming = options.direction == CaptureDirection::out;
  unwanted.outgoing = ignores_outgoing(interface, options);
  if (options.direction == CaptureDirection::inout && options.loopback_copies == LoopbackCopies::received && !interface.index())
    unwanted.outgoing_on = loopback_index;
  if (options.fanout) return unwanted;  // the group is asked and not its members
  const int yes = 1;
  if (unwanted.outgoing && calls.setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) == 0) unwanted.outgoing = false;
  return unwanted;
}

Result<Ring> open_ring(const SystemCalls& calls, int fd, std::string_view name, const RingGeometry& wanted, const CaptureOptions& options) {
  if (auto set = set_ring_version(calls, fd, name, TPACKET_V3); !set) return fail(set.error());
  const auto geometry = Ring::ask(calls, fd, name, wanted, head_room + options.head_room, options.packet_hash == PacketHash::on);
  if (!geometry) return fail(geometry.error());
  return Ring::map(calls, fd, name, *geometry);
}

/// On a new socket: the old one may have half a ring.
Result<PacketSocket> open_without_ring(const SystemCalls& calls, const Interface& interface, bool cooked, CaptureOptions options,
                                       const Error& why) {
  options.method = CaptureMethod::socket;
  auto socket = open_packet_socket(calls, interface, cooked, options);
  if (!socket) return fail(why);
  socket->no_ring = why;
  return socket;
}

}  // namespace

bool ignores_outgoing(const Interface& interface, const CaptureOptions& options) {
  const bool doubled = interface.flags.loopback && options.loopback_copies == LoopbackCopies::received;
  return options.direction == CaptureDirection::in || (options.direction == CaptureDirection::inout && doubled);
}

Result<void> choose_clock(const SystemCalls& calls, int fd, const Interface& interface, TimeStampType type) {
  const auto refuse = [&](std::string_view what) {
    return fail(Operation::open_interface, Reason::not_supported, std::string(what) + std::string(interface.name()), EOPNOTSUPP);
  };
  if (type == TimeStampType::host) return {};
  if (type == TimeStampType::adapter) return refuse("adapter time in step with the host's, on ");
  if (!interface.index()) return refuse("adapter time on ");
  if (calls.start_clock(fd, std::string(interface.name()).c_str()) < 0) {
    if (errno == EOPNOTSUPP) return refuse("adapter time on ");
    return fail(failed(interface.name(), "SIOCSHWTSTAMP"));
  }
  // Of a ring, and of a queue; packets that have no such time keep the kernel's.
  const int in_ring = SOF_TIMESTAMPING_RAW_HARDWARE;
  const int in_queue =
      SOF_TIMESTAMPING_RAW_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE;
  if (calls.setsockopt(fd, SOL_PACKET, PACKET_TIMESTAMP, &in_ring, sizeof in_ring) < 0)
    return fail(failed(interface.name(), "PACKET_TIMESTAMP"));
  if (calls.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &in_queue, sizeof in_queue) < 0)
    return fail(failed(interface.name(), "SO_TIMESTAMPING"));
  return {};
}

Result<void> join_promiscuous(const SystemCalls& calls, int fd, const Interface& interface) {
  packet_mreq membership{};
  membership.mr_ifindex = int(interface.index());
  membership.mr_type = PACKET_MR_PROMISC;
  if (calls.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership) < 0)
    return fail(failed(interface.name(), "PACKET_ADD_MEMBERSHIP"));
  return {};
}

Result<void> bind_to(const SystemCalls& calls, int fd, const Interface& interface) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = int(interface.index());
  if (calls.bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) return fail(failed(interface.name(), "bind"));
  return {};
}

Result<void> attach(const SystemCalls& calls, int fd, std::string_view interface, std::span<const bpf::Instruction> instructions) {
  static_assert(sizeof(sock_filter) == sizeof(bpf::Instruction));
  sock_fprog program{};
  program.len = u16(instructions.size());
  program.filter = reinterpret_cast<sock_filter*>(const_cast<bpf::Instruction*>(instructions.data()));
  if (calls.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0)
    return fail(system_error(Operation::attach_filter, interface, "SO_ATTACH_FILTER", errno));
  return {};
}

Result<void> attach_reject_all(const SystemCalls& calls, int fd, std::string_view interface) {
  const bpf::Instruction nothing[] = {bpf::statement(bpf::op::ret | bpf::op::k, 0)};
  return attach(calls, fd, interface, nothing);
}

Result<KernelFilter> attach(const SystemCalls& calls, int fd, std::string_view interface, const bpf::ProgramView& program, u32 snaplen,
                            const Unwanted& unwanted, bool cooked) {
  auto filter = kernel_filter(program, snaplen, unwanted, cooked);
  auto attached = attach(calls, fd, interface, filter.instructions);
  if (!attached && attached.error().reason == Reason::no_memory) {
    filter = kernel_filter_for_all(snaplen, unwanted);
    attached = attach(calls, fd, interface, filter.instructions);
  }
  if (!attached) return fail(attached.error());
  return filter;
}

Result<PacketSocket> open_packet_socket(const SystemCalls& calls, const Interface& interface, bool cooked, const CaptureOptions& options) {
  const auto name = interface.name();
  auto program = options.filter(interface.info.link_type, bpf::Target::live);
  if (!program) return fail(program.error());
  const auto geometry =
      choose_geometry(options.buffer_bytes, size_t(::sysconf(_SC_PAGESIZE)), options.timeout, options.immediate == Immediate::on,
                      std::min(largest_packet(interface), effective_snaplen(options)));
  if (!geometry) return fail(Operation::open_interface, Reason::invalid_option, "buffer_bytes");
  if (options.head_room > CaptureOptions::max_head_room) return fail(Operation::open_interface, Reason::invalid_option, "head_room");

  Descriptor fd(calls, calls.socket(AF_PACKET, (cooked ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC, 0));
  if (!fd) return fail(failed(name, "socket"));
  const auto unwanted = choose_unwanted(calls, fd.get(), interface, options);
  if (options.promiscuous == Promiscuous::on && interface.index()) {
    auto joined = join_promiscuous(calls, fd.get(), interface);
    if (!joined) return fail(joined.error());
  }
  if (auto chosen = choose_clock(calls, fd.get(), interface, options.time_stamps); !chosen) return fail(chosen.error());
  auto filter = attach(calls, fd.get(), name, *program, effective_snaplen(options), unwanted, cooked);
  if (!filter) return fail(filter.error());
  Result<Ring> ring;
  Result<MessageQueue> queue;
  if (options.method == CaptureMethod::socket)
    queue = MessageQueue::create(calls, fd.get(), name, options.buffer_bytes, effective_snaplen(options), options.head_room);
  else ring = open_ring(calls, fd.get(), name, *geometry, options);
  if (!ring && options.method == CaptureMethod::automatic) return open_without_ring(calls, interface, cooked, options, ring.error());
  if (!ring) return fail(ring.error());
  if (!queue) return fail(queue.error());
  // Between bind() and joining a group all packets are for this socket.
  if (options.fanout)
    if (auto closed = attach_reject_all(calls, fd.get(), name); !closed) return fail(closed.error());
  auto bound = bind_to(calls, fd.get(), interface);
  if (!bound) return fail(bound.error());
  if (options.fanout) {
    auto joined = join_fanout(calls, fd.get(), name, *options.fanout, ignores_outgoing(interface, options));
    if (!joined) return fail(joined.error());
    if (auto open = attach(calls, fd.get(), name, filter->instructions); !open) return fail(open.error());
  }

  return PacketSocket{.fd = std::move(fd),
                      .ring = *std::move(ring),
                      .queue = *std::move(queue),
                      .filter = {*std::move(program), *std::move(filter)},
                      .wanted_bytes = options.method == CaptureMethod::socket ? options.buffer_bytes : geometry->bytes(),
                      .unwanted = unwanted};
}

}  // namespace trawl::inline v0::linux_capture
