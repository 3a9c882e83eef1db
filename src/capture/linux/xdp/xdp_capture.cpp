// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/xdp/xdp_capture.hpp"

#include <linux/if_packet.h>

#include <algorithm>
#include <bit>
#include <cerrno>

#include "capture/any_capture.hpp"
#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/interfaces/netlink.hpp"
#include "capture/linux/socket/packet_socket.hpp"
#include "capture/linux/system_error.hpp"
#include "capture/linux/xdp/open_xdp.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr u32 kernel_head_room = 256;  // XDP_PACKET_HEADROOM: in front of each packet
static_assert(kernel_head_room >= CaptureOptions::max_head_room);
constexpr u32 fewest_slots = 64, most_slots = 32768, most_queues = 64;

u32 receive_queues(const SystemCalls& calls, u32 index) {
  u32 count = 1;
  const auto answer = get_link(calls, index, {}, [&](const NetlinkMessage& message) {
    message.attributes<ifinfomsg>().each([&](u16 type, Bytes value) {
      if (type == IFLA_NUM_RX_QUEUES && value.size >= sizeof count) __builtin_memcpy(&count, value.data, sizeof count);
    });
  });
  return answer ? std::clamp(count, 1u, most_queues) : 1;
}

Timestamp now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return Timestamp::from_parts(time.tv_sec, u32(time.tv_nsec));
}

}  // namespace

Result<std::unique_ptr<XdpCapture>> XdpCapture::open(const SystemCalls& calls, std::string_view name, const CaptureOptions& options) {
  auto interface = find_link(calls, Operation::open_interface, name);
  if (!interface) return fail(interface.error());
  const auto type = hardware_type(interface->hardware_type);
  if (!interface->index() || type.form == Form::cooked || type.link != LinkType::ethernet)
    return fail(Operation::open_interface, Reason::not_supported, "AF_XDP on " + std::string(name) + ", which is no Ethernet");
  if (options.fanout || options.direction == CaptureDirection::out)
    return fail(Operation::open_interface, Reason::invalid_option,
                options.fanout ? "fanout with AF_XDP" : "AF_XDP sees what comes in only");
  if (options.head_room > CaptureOptions::max_head_room) return fail(Operation::open_interface, Reason::invalid_option, "head_room");
  if (options.time_stamps != TimeStampType::host) return fail(Operation::open_interface, Reason::not_supported, "adapter time with AF_XDP");
  auto filter = options.filter(LinkType::ethernet, bpf::Target::live);
  if (!filter) return fail(filter.error());
  auto program = XdpProgram::load(calls, name, most_queues);
  if (!program) return fail(program.error());
  std::unique_ptr<XdpCapture> capture(new XdpCapture(calls, *std::move(interface), *std::move(program), options));
  capture->filter_ = *std::move(filter);
  capture->warn_of_no_hash(options);
  if (auto opened = capture->open_queues(options); !opened) return fail(opened.error());
  if (auto watched = capture->watch_queues(options); !watched) return fail(watched.error());
  if (auto attached = capture->program_.attach(name, capture->interface_.index()); !attached) return fail(attached.error());
  return capture;
}

Result<Capture> open_xdp_capture(std::string_view interface, const CaptureOptions& options) {
  auto xdp = XdpCapture::open(real_system_calls(), interface, options);
  if (!xdp) return fail(xdp.error());
  return detail::AnyCapture::wrap(*std::move(xdp));
}

Result<void> XdpCapture::open_queues(const CaptureOptions& options) {
  const auto name = interface_.name();
  const u32 largest = interface_.mtu + 18 + kernel_head_room;  // a header with one tag
  if (largest > 4096)
    return fail(Operation::open_interface, Reason::not_supported,
                "AF_XDP with the MTU of " + std::string(name) + ", " + std::to_string(interface_.mtu));
  const u32 chunk = largest > 2048 ? 4096 : 2048;
  const u32 queues = receive_queues(calls_, interface_.index());
  const size_t wanted = std::clamp<size_t>(options.buffer_bytes / chunk / queues, fewest_slots, most_slots);
  for (u32 queue = 0; queue < queues; ++queue) {
    auto socket = XdpSocket::open(calls_, {.interface = name,
                                           .index = interface_.index(),
                                           .queue = queue,
                                           .chunk_bytes = chunk,
                                           .receive_slots = std::bit_floor(u32(wanted))});
    if (!socket && queue && socket.error().reason == Reason::not_supported) break;  // there, but switched off
    if (!socket) return fail(socket.error());
    for (u32 i = 0; i < socket->chunks; ++i) socket->fill[i] = u64{i} * chunk;
    socket->fill.produce_to(socket->chunks);
    if (auto added = program_.add(name, queue, socket->fd.get()); !added) return added;
    queues_.push_back(*std::move(socket));
  }
  return {};
}

Result<void> XdpCapture::watch_queues(const CaptureOptions& options) {
  const auto name = interface_.name();
  std::vector<int> packets;
  packets.reserve(queues_.size());
  for (const auto& queue : queues_) packets.push_back(queue.fd.get());
  if (auto watched = watch(packets); !watched) return watched;
  if (options.promiscuous == Promiscuous::on) {
    promiscuous_ = Descriptor(calls_, calls_.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (!promiscuous_) return fail(system_error(Operation::open_interface, name, "socket", errno));
    if (auto joined = join_promiscuous(calls_, promiscuous_.get(), interface_); !joined) return joined;
  }
  read_link_drops();
  return {};
}

/// The packets of the last batch may be overwritten now.
void XdpCapture::forget_batch() {
  LiveCapture::forget_batch();
  if (!batch_slots_) return;
  auto& queue = queues_[batch_queue_];
  const u32 first = queue.received.consumed();
  u32 fill = queue.fill.produced();
  const u64 chunk = queue.chunk_bytes;
  for (u32 i = 0; i < batch_slots_; ++i) queue.fill[fill++] = queue.received[first + i].addr & ~(chunk - 1);
  queue.fill.produce_to(fill);
  queue.received.consume_to(first + std::exchange(batch_slots_, 0));
}

Result<Batch> XdpCapture::fill() {
  forget_batch();
  for (size_t i = 0; i < queues_.size(); ++i) {
    batch_queue_ = (turn_ + i) % queues_.size();
    auto& queue = queues_[batch_queue_];
    const u32 first = queue.received.consumed(), there = std::min(queue.received.produced() - first, frames_at_once);
    if (!there) continue;
    turn_ = batch_queue_ + 1;
    const Timestamp time = now();
    const bpf::Surroundings surroundings{.interface_index = interface_.index(), .hardware_type = interface_.hardware_type};
    u32 wanted = 0;
    for (u32 k = 0; k < there; ++k) {
      const xdp_desc descriptor = queue.received[first + k];
      Frame& frame = frames_[wanted] = Frame{.bytes = {queue.packets.data() + descriptor.addr, descriptor.len},
                                             .original_length = descriptor.len,
                                             .time = time,
                                             .link = LinkType::ethernet,
                                             .info = {.direction = Direction::inbound, .has_queue = true, .queue = u32(batch_queue_)}};
      const u32 kept = bpf::run(filter_->view(), frame, surroundings);
      if (!kept) continue;
      frame.bytes.size = std::min({frame.bytes.size, size_t{kept}, size_t{snaplen_}});
      ++wanted;
    }
    batch_slots_ = there;
    count(there, wanted);
    if (wanted) return batch();
    forget_batch();
    i = size_t(-1);  // nothing of it was wanted: from the front
  }
  return Batch();
}

Result<std::optional<Batch>> XdpCapture::drain() {
  if (closed_) return std::nullopt;
  if (!draining_) program_.detach();
  draining_ = true;
  const auto batch = fill();
  return batch && !batch->empty() ? *batch : std::optional<Batch>();
}

CaptureStatistics XdpCapture::statistics() {
  if (closed_) return at_close_;
  read_link_drops();
  CaptureStatistics result = counted();
  for (const auto& queue : queues_) {
    xdp_statistics kernel{};
    socklen_t size = sizeof kernel;
    if (calls_.getsockopt(queue.fd.get(), SOL_XDP, XDP_STATISTICS, &kernel, &size) < 0) continue;
    result.dropped_kernel += kernel.rx_dropped + kernel.rx_ring_full;
    result.discarded += queue.received.produced() - queue.received.consumed();
  }
  result.discarded -= batch_slots_;
  result.received = result.captured + result.dropped_kernel + result.discarded;
  return result;
}

Result<void> XdpCapture::give_up() {
  program_.detach();
  at_close_ = statistics();
  batch_slots_ = 0;
  queues_.clear();
  promiscuous_.close();
  return {};
}

}  // namespace trawl::inline v0::linux_capture
