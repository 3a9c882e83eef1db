// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/sender.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <cerrno>
#include <string>

#include "capture/linux/sender_body.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0 {
namespace detail {

using namespace linux_capture;

namespace {

constexpr long first_pause = 20'000, longest_pause = 1'000'000;  // nanoseconds

sockaddr_ll address_of(const Interface& interface, u16 protocol) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = int(interface.index());
  address.sll_protocol = protocol;
  return address;
}

}  // namespace

Result<Sender> SenderBody::open(const SystemCalls& calls, std::string_view name, const SenderOptions& options) {
  auto interface = find_link(calls, Operation::open_interface, name);
  if (!interface) return fail(interface.error());
  const auto type = hardware_type(interface->hardware_type);
  if (!interface->index() || type.form == Form::cooked)
    return fail(Operation::open_interface, Reason::not_supported, "sending on " + std::string(name));
  Descriptor fd(calls, calls.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd) return fail(system_error(Operation::open_interface, name, "socket", errno));
  const auto address = address_of(*interface, 0);  // protocol 0: nothing is received
  if (calls.bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    return fail(system_error(Operation::open_interface, name, "bind", errno));
  auto body = std::unique_ptr<SenderBody>(new SenderBody(calls, *std::move(interface), type, options, std::move(fd)));
  if (const auto drops = link_drops(calls, body->interface_.index())) body->drops_at_open_ = drops->sent;
  return Sender(std::move(body));
}

Result<void> SenderBody::send(Bytes frame) {
  if (!fd_) return refuse(frame, EBADF);
  if (frame.size < type_.header_bytes) return refuse(frame, EINVAL);
  // Behind a link-layer header the kernel finds the protocol itself; raw IP has none.
  const bool raw = type_.link == LinkType::raw;
  const auto address = address_of(interface_, htons(raw && frame[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP));
  const auto* to = raw ? reinterpret_cast<const sockaddr*>(&address) : nullptr;
  auto deadline = Deadline::never();
  for (long pause = 0;;) {
    if (calls_.send(fd_.get(), frame.data, frame.size, MSG_NOSIGNAL, to, raw ? sizeof address : 0) >= 0) break;
    if (errno == EINTR) continue;
    if (errno != ENOBUFS && errno != EAGAIN) return refuse(frame, errno);
    if (options_.when_full == WhenFull::drop_and_count) {
      ++statistics_.failed;
      return {};
    }
    if (!pause) {
      deadline = Deadline::after(options_.patience);
      pause = first_pause;
    } else if (deadline.passed()) {
      return refuse(frame, ENOBUFS);
    }
    ++statistics_.retries;
    calls_.sleep(pause);
    pause = std::min(2 * pause, longest_pause);
  }
  ++statistics_.packets;
  statistics_.bytes += frame.size;
  return {};
}

std::unexpected<Error> SenderBody::refuse(Bytes frame, int code) {
  ++statistics_.failed;
  const std::string name(interface_.name());
  auto error = system_error(Operation::send_packet, name, "send", code);
  const auto size = std::to_string(frame.size) + " bytes on " + name;
  if (code == EBADF) error.reason = Reason::closed, error.with(name);
  if (code == ENOBUFS) error.reason = Reason::would_block, error.with("no room on " + name);
  if (code == EINVAL) error.reason = Reason::out_of_range, error.with(size + ", at least " + std::to_string(type_.header_bytes));
  if (code == EMSGSIZE) error.with(size + ", MTU " + std::to_string(interface_.mtu));
  return fail(error);
}

Result<void> SenderBody::send(const Batch& batch) {
  for (u32 i = 0; i < batch.size(); ++i) {
    const auto sent = send(batch[i].bytes);
    if (sent) continue;
    switch (sent.error().reason) {
      case Reason::too_large:
      case Reason::out_of_range:
      case Reason::would_block: warnings_.add(sent.error()); break;
      default: statistics_.failed += batch.size() - i - 1; return sent;
    }
  }
  return {};
}

SenderStatistics SenderBody::statistics() {
  if (fd_)
    if (const auto drops = link_drops(calls_, interface_.index())) statistics_.dropped_interface = drops->sent - drops_at_open_;
  return statistics_;
}

Result<void> SenderBody::close() {
  statistics();
  if (const int code = fd_.close()) return fail(system_error(Operation::send_packet, interface_.name(), "close", code));
  return {};
}

}  // namespace detail

Result<Sender> Sender::open(std::string_view interface, const SenderOptions& options) {
  return detail::SenderBody::open(linux_capture::real_system_calls(), interface, options);
}
Sender::Sender(std::unique_ptr<detail::SenderBody> body) : body_(std::move(body)) {}
Sender::Sender(Sender&&) noexcept = default;
Sender& Sender::operator=(Sender&&) noexcept = default;
Sender::~Sender() = default;
Result<void> Sender::send(Bytes frame) { return body_->send(frame); }
Result<void> Sender::send(const Batch& batch) { return body_->send(batch); }
const InterfaceInfo& Sender::interface() const { return body_->interface(); }
const Warnings& Sender::warnings() const { return body_->warnings(); }
SenderStatistics Sender::statistics() { return body_->statistics(); }
Result<void> Sender::close() { return body_->close(); }

}  // namespace trawl::inline v0
