// SPDX-License-Identifier: Apache-2.0 OR MIT
// The life of the back end: opening, filters, counters, closing. Packets: packet_capture_frames.cpp; waiting: packet_capture_wait.cpp.
#include "capture/linux/packet_capture.hpp"

#include <cerrno>

#include "capture/linux/interfaces/netlink.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {

Result<std::unique_ptr<PacketCapture>> PacketCapture::open(const SystemCalls& calls, std::string_view name, const CaptureOptions& options) {
  auto interface = find_link(calls, Operation::open_interface, name);
  if (!interface) return fail(interface.error());
  const Form form = interface->index() ? hardware_type(interface->hardware_type).form : Form::cooked;
  auto socket = open_packet_socket(calls, *interface, form == Form::cooked, options);
  if (!socket) return fail(socket.error());
  std::unique_ptr<PacketCapture> ring(new PacketCapture(calls, *std::move(interface), form, options));
  auto prepared = ring->prepare(*std::move(socket));
  if (!prepared) return fail(prepared.error());
  if (ring->queue_) ring->warn_of_no_hash(options);
  return ring;
}

Result<void> PacketCapture::prepare(PacketSocket socket) {
  socket_ = std::move(socket.fd);
  warn_about_memory(socket);
  ring_ = std::move(socket.ring);
  queue_ = std::move(socket.queue);
  unwanted_ = socket.unwanted;
  filter_ = std::move(socket.filter);
  if (filter_->kernel.test_here) test_until_ = ~u64{};
  frames_.fill(Frame{.link = interface_.info.link_type});  // set_packet() leaves it so
  const int packets[] = {socket_.get()};
  if (auto watched = watch(packets); !watched) return watched;
  check_socket();
  read_link_drops();
  return {};
}

void PacketCapture::warn_about_memory(const PacketSocket& socket) {
  if (socket.no_ring) warnings_.add(Error(*socket.no_ring).with("a ring; the socket's queue instead, which is slower"));
  const size_t has = socket.queue ? socket.queue.buffer_bytes() : socket.ring.geometry().bytes();
  if (has >= socket.wanted_bytes) return;
  Error smaller{.operation = Operation::open_interface, .reason = socket.queue ? Reason::limit_exceeded : Reason::no_memory};
  warnings_.add(smaller.with("buffer of " + std::to_string(has >> 10) + " KiB instead" + (socket.queue ? ": net.core.rmem_max" : "")));
}

Result<void> PacketCapture::use(bpf::Program program) {
  auto attached = attach(calls_, socket_.get(), interface_.name(), program, snaplen_, unwanted_, form_ == Form::cooked);
  if (!attached) return fail(attached.error());
  filter_ = AttachedFilter{std::move(program), *std::move(attached)};
  // What the old program let in ends in the block being filled now, or in the one behind it: another processor may still
  // be running that program. To ask a packet twice does no harm, so of the queue there are some more.
  constexpr u64 under_way = 4096;
  if (queue_) drops_to_tell_ += kernel_.read(calls_, socket_.get());
  test_until_ = filter_->kernel.test_here ? ~u64{} : queue_ ? kernel_.stored() + under_way : ring_.taken() + ring_.ready() + 2;
  return {};
}

Result<void> PacketCapture::let_in() {
  last_block_.reset();
  return attach(calls_, socket_.get(), interface_.name(), filter_->kernel.instructions);
}

CaptureStatistics PacketCapture::statistics() {
  if (!closed_) {
    kernel_.read(calls_, socket_.get());
    read_link_drops();
  }
  CaptureStatistics result = counted();
  result.received = kernel_.received();
  result.dropped_kernel = kernel_.dropped();
  result.discarded = kernel_.stored() - captured_;
  return result;
}

Result<void> PacketCapture::give_up() {
  if (!is_copy()) {
    forget_batch();
    if (auto attached = attach_reject_all(calls_, socket_.get(), interface_.name()); !attached) warnings_.add(attached.error());
    statistics();
  }
  packet_ = nullptr;
  left_ = 0;
  const int unmapped = ring_.close();
  const int shut = socket_.close();
  if (const int code = unmapped ? unmapped : shut)
    return fail(system_error(Operation::read_interface, interface_.name(), unmapped ? "munmap" : "close", code));
  return {};
}

}  // namespace trawl::inline v0::linux_capture
