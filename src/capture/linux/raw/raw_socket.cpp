// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/sockets/raw_socket.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>

#include <cerrno>

#include "capture/linux/raw/raw_socket_body.hpp"
#include "capture/linux/socket/packet_socket.hpp"

namespace trawl::inline v0 {

using linux_capture::attach;
using linux_capture::attach_reject_all;

RawSocket::RawSocket(std::unique_ptr<detail::RawSocketBody> body) : body_(std::move(body)) {}
RawSocket::RawSocket(RawSocket&&) noexcept = default;
RawSocket& RawSocket::operator=(RawSocket&&) noexcept = default;
RawSocket::~RawSocket() = default;

int RawSocket::fd() const { return body_->fd.get(); }

Result<void> RawSocket::set_nonblocking(bool nonblocking) {
  const int now = body_->calls.control(fd(), F_GETFL, 0);
  if (now < 0 || body_->calls.control(fd(), F_SETFL, nonblocking ? now | O_NONBLOCK : now & ~O_NONBLOCK) < 0)
    return body_->failed(Operation::set_option, "fcntl");
  return {};
}

Result<bool> RawSocket::nonblocking() const {
  const int now = body_->calls.control(fd(), F_GETFL, 0);
  if (now < 0) return body_->failed(Operation::set_option, "fcntl");
  return bool(now & O_NONBLOCK);
}

Result<void> RawSocket::set_receive_buffer(u32 bytes) {
  if (body_->set(SOL_SOCKET, SO_RCVBUFFORCE, bytes, "SO_RCVBUFFORCE")) return {};
  return body_->set(SOL_SOCKET, SO_RCVBUF, bytes, "SO_RCVBUF");
}

Result<void> RawSocket::set_send_buffer(u32 bytes) {
  if (body_->set(SOL_SOCKET, SO_SNDBUFFORCE, bytes, "SO_SNDBUFFORCE")) return {};
  return body_->set(SOL_SOCKET, SO_SNDBUF, bytes, "SO_SNDBUF");
}

Result<void> RawSocket::set_filter(const bpf::ProgramSource& filter, Queued queued) {
  const auto program = filter(body_->link, bpf::Target::live);
  if (!program) return fail(program.error());
  if (queued == Queued::drop) {
    if (auto closed = attach_reject_all(body_->calls, fd(), body_->name); !closed) return closed;
    u8 byte = 0;
    while (body_->calls.receive(fd(), &byte, 1, MSG_DONTWAIT | MSG_TRUNC) >= 0) {}
  }
  return attach(body_->calls, fd(), body_->name, program->instructions());
}

Result<void> RawSocket::clear_filter() {
  const int nothing = 0;
  if (body_->calls.setsockopt(fd(), SOL_SOCKET, SO_DETACH_FILTER, &nothing, sizeof nothing) == 0 || errno == ENOENT) return {};
  return body_->failed(Operation::attach_filter, "SO_DETACH_FILTER");
}

Result<void> RawSocket::lock_filter() { return body_->set(SOL_SOCKET, SO_LOCK_FILTER, 1, "SO_LOCK_FILTER"); }

Result<std::vector<bpf::Instruction>> RawSocket::filter() const {
  socklen_t count = 0;  // in instructions, here and below
  if (body_->calls.getsockopt(fd(), SOL_SOCKET, SO_GET_FILTER, nullptr, &count) < 0)
    return body_->failed(Operation::attach_filter, "SO_GET_FILTER");
  std::vector<bpf::Instruction> program(count);
  if (count && body_->calls.getsockopt(fd(), SOL_SOCKET, SO_GET_FILTER, program.data(), &count) < 0)
    return body_->failed(Operation::attach_filter, "SO_GET_FILTER");
  return program;
}

namespace {

u32 timestamping(TimestampSource receive, TimestampSource send) {
  u32 flags = 0;
  if (receive == TimestampSource::software) flags |= SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  if (receive == TimestampSource::hardware) flags |= SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE;
  if (send == TimestampSource::software) flags |= SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  if (send == TimestampSource::hardware) flags |= SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE;
  return flags;
}

}  // namespace

Result<void> RawSocket::set_receive_timestamps(TimestampSource source) {
  if (auto there = body_->require_clock(source); !there) return there;
  body_->receive_times = source;
  return body_->set(SOL_SOCKET, SO_TIMESTAMPING, timestamping(body_->receive_times, body_->send_times), "SO_TIMESTAMPING");
}

Result<void> RawSocket::set_send_timestamps(TimestampSource source) {
  if (auto there = body_->require_clock(source); !there) return there;
  body_->send_times = source;
  return body_->set(SOL_SOCKET, SO_TIMESTAMPING, timestamping(body_->receive_times, body_->send_times), "SO_TIMESTAMPING");
}

Result<void> RawSocket::close() {
  if (const int code = body_->fd.close()) return body_->failed(Operation::set_option, "close", code);
  return {};
}

}  // namespace trawl::inline v0
