// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/sockets/ring_socket.hpp"

#include <cerrno>

#include "capture/linux/deadline.hpp"
#include "capture/linux/interfaces/links.hpp"
#include "capture/linux/raw/raw_socket_body.hpp"
#include "capture/linux/raw/ring_socket_rings.hpp"

namespace trawl::inline v0 {

using namespace linux_capture;

namespace {

Error error(Operation operation, Reason reason, std::string_view detail) { return fail(operation, reason, detail).error(); }

}  // namespace

RingSocket::RingSocket(std::unique_ptr<detail::RawSocketBody> body, std::unique_ptr<Rings> rings)
    : InterfaceSocket(std::move(body)),
      rings_(std::move(rings)) {}
RingSocket::RingSocket(RingSocket&&) noexcept = default;
RingSocket& RingSocket::operator=(RingSocket&&) noexcept = default;
RingSocket::~RingSocket() = default;

Result<RingSocket> RingSocket::open(const RingSocketOptions& options) {
  const auto name = options.interface;
  if (options.head_room > CaptureOptions::max_head_room) return fail(Operation::open_interface, Reason::invalid_option, "head_room");
  if (options.private_bytes > RingSocketOptions::max_private_bytes)
    return fail(Operation::open_interface, Reason::invalid_option, "private_bytes");
  const auto& calls = real_system_calls();
  const auto interface = find_link(calls, Operation::open_interface, name);
  if (!interface) return fail(interface.error());
  const auto type = hardware_type(interface->hardware_type);
  if (options.send_bytes && (!interface->index() || type.form == Form::cooked))
    return fail(Operation::open_interface, Reason::not_supported, "a send ring on " + std::string(name));
  // Of no protocol, so that nothing comes before the rings are there.
  auto body = InterfaceSocket::open(Layer::link, {.interface = name, .protocol = 0, .filter = options.filter});
  if (!body) return fail(body.error());
  auto rings = Rings::open(calls, (*body)->fd.get(), *interface, type, options);
  if (!rings) return fail(rings.error());
  RingSocket socket(*std::move(body), *std::move(rings));
  if (auto bound = socket.bind(name, options.protocol); !bound) return fail(bound.error());
  return socket;
}

Result<Batch> RingSocket::next(std::optional<std::chrono::nanoseconds> timeout) {
  if (!rings_) return fail(Operation::read_interface, Reason::closed, body().name);
  if (!rings_->receive.geometry().blocks)
    return fail(Operation::read_interface, Reason::not_supported, "no receive ring on " + body().name);
  if (const auto batch = rings_->fill(body().link); !batch.empty()) return batch;
  if (const auto at_once = nonblocking(); at_once && *at_once) timeout = std::chrono::nanoseconds(0);
  const auto deadline = Deadline::after(timeout);
  for (;;) {
    pollfd packets{fd(), POLLIN, 0};
    timespec storage;
    const int ready = body().calls.poll(&packets, 1, deadline.left(storage));
    if (ready < 0 && errno != EINTR) return body().failed(Operation::read_interface, "poll");
    if (const auto batch = rings_->fill(body().link); !batch.empty()) return batch;
    if (ready > 0 && packets.revents & (POLLERR | POLLHUP | POLLNVAL)) {
      int code = 0;
      socklen_t size = sizeof code;
      if (body().calls.getsockopt(fd(), SOL_SOCKET, SO_ERROR, &code, &size) < 0) code = errno;
      if (const auto there = bound(); !there) return fail(there.error());
      if (code) return body().failed(Operation::read_interface, "packet socket", code);
    }
    if (deadline.passed()) return Batch();
  }
}

std::optional<RingBlock> RingSocket::block() const {
  if (!rings_ || !rings_->receive.holding()) return {};
  return RingBlock{rings_->receive.sequence(), rings_->packets_in_block, rings_->receive.private_area()};
}

Result<std::span<u8>> RingSocket::free_frame() {
  if (!rings_) return fail(Operation::send_packet, Reason::closed, body().name);
  auto& ring = *rings_;
  if (!ring.send.size()) return fail(Operation::send_packet, Reason::not_supported, "no send ring on " + body().name);
  if (ring.waiting == ring.send.size() || !ring.send.is_free(ring.end()))
    return fail(Operation::send_packet, Reason::would_block, body().name);
  return std::span<u8>(ring.send.data(ring.end()), ring.send.most_bytes());
}

Result<u64> RingSocket::put(size_t size) {
  const auto frame = free_frame();
  if (!frame) return fail(frame.error());
  if (size > frame->size()) return fail(Operation::send_packet, Reason::too_large, std::to_string(size) + " bytes on " + body().name);
  return rings_->put(size);
}

Result<u64> RingSocket::put(Bytes packet) {
  const auto frame = free_frame();
  if (!frame) return fail(frame.error());
  if (packet.size <= frame->size()) copy_bytes(frame->data(), packet.data, packet.size);
  return put(packet.size);
}

Kicked RingSocket::kick() {
  Kicked result;
  if (!rings_) {
    result.why = error(Operation::send_packet, Reason::closed, body().name);
    return result;
  }
  auto& ring = *rings_;
  while (ring.waiting) {
    const int code = body().calls.send(fd(), nullptr, 0, MSG_DONTWAIT | MSG_NOSIGNAL, nullptr, 0) < 0 ? errno : 0;
    const u32 taken = ring.note_taken();
    result.taken += taken;
    if (!ring.waiting) break;
    if (ring.send.is_refused(ring.first)) {
      auto refused = ring.remove_first();
      const auto size = std::to_string(refused.bytes.size()) + " bytes on " + body().name;
      refused.why = error(Operation::send_packet, code == EMSGSIZE ? Reason::too_large : Reason::out_of_range, size);
      refused.why.system_error = code;
      result.refused.push_back(std::move(refused));
      continue;
    }
    if (code == EINTR || (code == 0 && taken)) continue;
    result.why = body().failed(Operation::send_packet, "send", code ? code : EAGAIN).error();
    break;
  }
  result.waiting = ring.waiting;
  return result;
}

u32 RingSocket::waiting() const { return rings_ ? rings_->waiting : 0; }
u32 RingSocket::in_flight() const { return rings_ ? rings_->send.busy() - rings_->waiting : 0; }
size_t RingSocket::receive_bytes() const { return rings_ ? rings_->receive.geometry().bytes() : 0; }
u32 RingSocket::send_slots() const { return rings_ ? rings_->send.size() : 0; }

Result<void> RingSocket::flush(std::chrono::nanoseconds patience) {
  const auto deadline = Deadline::after(patience);
  while (rings_ && rings_->send.busy()) {
    const auto kicked = kick();
    const auto reason = kicked.why.reason;
    if (kicked.waiting && reason != Reason::would_block) return fail(kicked.why);
    if (!rings_->send.busy()) break;
    if (deadline.passed())
      return fail(Operation::send_packet, Reason::would_block,
                  std::to_string(rings_->send.busy()) + " packets still wait on " + body().name);
    body().calls.sleep(50'000);
  }
  return {};
}

Result<void> RingSocket::close() {
  if (!rings_) return {};
  const auto flushed = flush();
  const int unmapped = rings_->receive.close();
  rings_.reset();
  if (auto closed = RawSocket::close(); !closed) return closed;
  if (unmapped) return body().failed(Operation::set_option, "munmap", unmapped);
  return flushed;
}

}  // namespace trawl::inline v0
