// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/xdp/xdp_capture.hpp"

#include <linux/if_packet.h>

#include <algorithm>
#include <bit>
#include <cerrno>

#include "capture/any_capture.hpp"
#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/interfaces/links.hpp"
#include "capture/linux/interfaces/netlink.hpp"
#include "capture/linux/socket/packet_socket.hpp"
#include "capture/linux/system_error.hpp"
#include "capture/linux/xdp/open_xdp.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr u32 kernel_head_room = 256;  // XDP_PACKET_HEADROOM: in front of each packet
static_assert(kernel_head_room >= CaptureOptions::max_head_room);
constexpr u32 fewest_slots = 64, most_slots = 32768, most_queues = 64;
constexpr u32 frames_at_once = 64;

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

XdpCapture::XdpCapture(const SystemCalls& calls, Interface interface, XdpProgram program, const CaptureOptions& options)
    : calls_(calls),
      interface_(std::move(interface)),
      snaplen_(effective_snaplen(options)),
      timeout_(options.timeout),
      program_(std::move(program)) {}

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
  capture->filter_text_ = options.filter_text.empty() ? std::string(options.filter.text()) : options.filter_text;
  capture->interface_.info.filter = capture->filter_text_;
  capture->interface_.info.snaplen = capture->snaplen_;
  if (auto opened = capture->open_queues(options); !opened) return fail(opened.error());
  if (auto watched = capture->watch(options); !watched) return fail(watched.error());
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

Result<void> XdpCapture::watch(const CaptureOptions& options) {
  const auto name = interface_.name();
  std::vector<int> packets;
  for (const auto& queue : queues_) packets.push_back(queue.fd.get());
  auto wake_ups = WakeUps::create(calls_, name, packets);
  if (!wake_ups) return fail(wake_ups.error());
  wake_ups_ = *std::move(wake_ups);
  if (options.promiscuous == Promiscuous::on) {
    promiscuous_ = Descriptor(calls_, calls_.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (!promiscuous_) return fail(system_error(Operation::open_interface, name, "socket", errno));
    if (auto joined = join_promiscuous(calls_, promiscuous_.get(), interface_); !joined) return joined;
  }
  if (const auto drops = link_drops(calls_, interface_.index())) drops_at_open_ = drops->received;
  return {};
}

/// The packets of the last batch may be overwritten now.
void XdpCapture::give_back() {
  if (!batch_slots_) return;
  auto& queue = queues_[batch_queue_];
  const u32 first = queue.received.consumed();
  u32 fill = queue.fill.produced();
  const u64 chunk = queue.chunk_bytes;
  for (u32 i = 0; i < batch_slots_; ++i) queue.fill[fill++] = queue.received[first + i].addr & ~(chunk - 1);
  queue.fill.produce_to(fill);
  queue.received.consume_to(first + std::exchange(batch_slots_, 0));
}

Batch XdpCapture::fill() {
  give_back();
  for (size_t i = 0; i < queues_.size(); ++i) {
    batch_queue_ = (turn_ + i) % queues_.size();
    auto& queue = queues_[batch_queue_];
    const u32 first = queue.received.consumed(), there = std::min(queue.received.produced() - first, frames_at_once);
    if (!there) continue;
    turn_ = batch_queue_ + 1;
    const Timestamp time = now();
    const bpf::Surroundings surroundings{.interface_index = interface_.index(), .hardware_type = interface_.hardware_type};
    u32 count = 0;
    for (u32 k = 0; k < there; ++k) {
      const xdp_desc descriptor = queue.received[first + k];
      Frame& frame = frames_[count] = Frame{.bytes = {queue.packets.data() + descriptor.addr, descriptor.len},
                                            .original_length = descriptor.len,
                                            .time = time,
                                            .link = LinkType::ethernet,
                                            .info = {.direction = Direction::inbound, .has_queue = true, .queue = u32(batch_queue_)}};
      const u32 kept = bpf::run(filter_->view(), frame, surroundings);
      if (!kept) continue;
      frame.bytes.size = std::min({frame.bytes.size, size_t{kept}, size_t{snaplen_}});
      ++count;
    }
    batch_slots_ = there;
    captured_ += there;
    filtered_ += there - count;
    if (count) return {frames_.data(), count, true};
    give_back();
    i = size_t(-1);  // nothing of it was wanted: from the front
  }
  return {};
}

Result<std::optional<Batch>> XdpCapture::take(const Deadline& deadline) {
  for (;;) {
    if (ended_ || wake_ups_.stop->requested()) {
      give_back();
      return std::nullopt;
    }
    if (const Batch batch = fill(); !batch.empty()) return batch;
    if (gone_) {
      ended_ = true;
      return fail(Operation::read_interface, Reason::interface_gone, interface_.name());
    }
    const auto in_time = wait(deadline);
    if (!in_time) {
      ended_ = true;
      return fail(in_time.error());
    }
    if (!*in_time) return Batch();
  }
}

Result<bool> XdpCapture::wait(const Deadline& deadline) {
  std::vector<pollfd> fds{{wake_ups_.stop->fd(), POLLIN, 0}, {wake_ups_.links.get(), POLLIN, 0}};
  for (const auto& queue : queues_) fds.push_back({queue.fd.get(), POLLIN, 0});
  timespec storage;
  const int ready = calls_.poll(fds.data(), fds.size(), deadline.left(storage));
  if (ready < 0 && errno != EINTR) return fail(system_error(Operation::read_interface, interface_.name(), "poll", errno));
  if (ready <= 0) return !deadline.passed();
  if (fds[0].revents) wake_ups_.stop->seen();
  if (fds[1].revents) {
    clear_watch(calls_, wake_ups_.links.get());
    gone_ = !link_drops(calls_, interface_.index());
  }
  return true;
}

Result<std::optional<Batch>> XdpCapture::drain() {
  if (closed_) return std::nullopt;
  if (!draining_) program_.detach();
  draining_ = true;
  if (const Batch batch = fill(); !batch.empty()) return batch;
  return std::nullopt;
}

void XdpCapture::rearm() {
  if (draining_ && !closed_)
    if (auto attached = program_.attach(interface_.name(), interface_.index()); !attached) warnings_.add(attached.error());
  draining_ = false;
  wake_ups_.stop->rearm();
}

Result<void> XdpCapture::set_filter(const bpf::ProgramSource& filter, std::string_view text) {
  if (closed_) return fail(Operation::attach_filter, Reason::closed, interface_.name());
  auto program = filter(LinkType::ethernet, bpf::Target::live);
  if (!program) return fail(program.error());
  filter_ = *std::move(program);
  filter_text_ = text.empty() ? filter.text() : text;
  interface_.info.filter = filter_text_;
  return {};
}

CaptureStatistics XdpCapture::statistics() {
  if (closed_) return at_close_;
  CaptureStatistics result;
  for (const auto& queue : queues_) {
    xdp_statistics kernel{};
    socklen_t size = sizeof kernel;
    if (calls_.getsockopt(queue.fd.get(), SOL_XDP, XDP_STATISTICS, &kernel, &size) < 0) continue;
    result.dropped_kernel += kernel.rx_dropped + kernel.rx_ring_full;
    result.discarded += queue.received.produced() - queue.received.consumed();
  }
  result.discarded -= batch_slots_;
  result.captured = captured_;
  result.filtered = filtered_;
  result.delivered = captured_ - filtered_;
  result.received = result.captured + result.dropped_kernel + result.discarded;
  if (const auto drops = link_drops(calls_, interface_.index())) result.dropped_interface = drops->received - drops_at_open_;
  return result;
}

Result<void> XdpCapture::close() {
  if (closed_) return {};
  program_.detach();
  at_close_ = statistics();
  closed_ = ended_ = true;
  batch_slots_ = 0;
  queues_.clear();
  wake_ups_.close(), promiscuous_.close();
  return {};
}

}  // namespace trawl::inline v0::linux_capture
