// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <linux/if_packet.h>

#include <cerrno>

#include "capture/linux/interfaces/netlink.hpp"
#include "capture/linux/packet_capture.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {

Result<std::optional<Batch>> PacketCapture::next() { return take(Deadline::after(timeout_)); }
Result<std::optional<Batch>> PacketCapture::poll_next() { return take(Deadline::after(std::chrono::nanoseconds(0))); }

Result<std::optional<Batch>> PacketCapture::take(const Deadline& deadline) {
  for (;;) {
    if (ended_ || wake_ups_.stop->requested()) {
      forget_batch();
      return std::nullopt;
    }
    if (const Batch batch = fill(); !batch.empty()) return batch;
    if (read_error_) {
      ended_ = true;
      return fail(*read_error_);
    }
    if (link_ == Link::gone && (everything_read() || give_up_waiting())) {
      ended_ = true;
      link_ = Link::reported;
      return fail(Operation::read_interface, Reason::interface_gone, interface_.name());
    }
    const auto woken = wait(deadline);
    if (!woken) {
      ended_ = true;
      return fail(woken.error());
    }
    if (*woken == Woken::timed_out) {
      if (const Batch batch = fill(); !batch.empty()) return batch;
      return Batch();
    }
  }
}

Result<std::optional<Batch>> PacketCapture::drain() {
  if (closed_ || link_ == Link::reported) return std::nullopt;
  if (!draining_) {
    auto closed = attach_reject_all(calls_, socket_.get(), interface_.name());
    if (!closed) return fail(closed.error());
    draining_ = true;
  }
  for (;;) {
    if (const Batch batch = fill(); !batch.empty()) return batch;
    if (everything_read() || give_up_waiting()) return std::nullopt;
    wait_for_last_block();
  }
}

Result<PacketCapture::Woken> PacketCapture::wait(const Deadline& deadline) {
  pollfd fds[] = {{socket_.get(), POLLIN, 0}, {wake_ups_.stop->fd(), POLLIN, 0}, {wake_ups_.links.get(), POLLIN, 0}};
  if (link_ == Link::gone) {  // only the last block is missing; the kernel hands it over when it is old enough
    wait_for_last_block();
    return deadline.passed() ? Woken::timed_out : Woken::maybe_packets;
  }
  timespec storage;
  const int ready = calls_.poll(fds, std::size(fds), deadline.left(storage));
  if (ready < 0) {
    if (errno != EINTR) return fail(system_error(Operation::read_interface, interface_.name(), "poll", errno));
    return deadline.passed() ? Woken::timed_out : Woken::maybe_packets;
  }
  if (ready == 0) return Woken::timed_out;
  if (fds[1].revents) {
    wake_ups_.stop->seen();
    return Woken::stopped;
  }
  if (fds[2].revents) {
    clear_watch(calls_, wake_ups_.links.get());
    check_link();
  }
  if (fds[0].revents & (POLLERR | POLLHUP | POLLNVAL)) check_socket();
  return Woken::maybe_packets;
}

/// Takes the pending error of the socket: an interface that went down, or is down when the capture begins.
void PacketCapture::check_socket() {
  int code = 0;
  socklen_t size = sizeof code;
  if (calls_.getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &code, &size) < 0) code = errno;
  note_socket_error(code);
}

void PacketCapture::note_socket_error(int code) {
  if (code) warnings_.add(system_error(Operation::read_interface, interface_.name(), "packet socket", code));
  check_link();
}

/// Down and gone give the same error; a socket whose interface is gone no longer has its index.
void PacketCapture::check_link() {
  if (link_ != Link::there || !interface_.index()) return;
  sockaddr_ll address{};
  socklen_t size = sizeof address;
  if (calls_.getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) < 0) return;
  if (address.sll_ifindex != int(interface_.index())) link_ = Link::gone;
}

bool PacketCapture::everything_read() {
  drops_to_tell_ += kernel_.read(calls_, socket_.get());
  return captured_ == kernel_.stored();
}

/// The kernel hands over a block that is not full after one or two times its retire time.
bool PacketCapture::give_up_waiting() {
  if (!last_block_) last_block_ = Deadline::after(std::chrono::milliseconds(3 * ring_.geometry().retire_milliseconds + 20));
  return last_block_->passed();
}

void PacketCapture::wait_for_last_block() {
  pollfd fd{socket_.get(), POLLIN, 0};
  const timespec moment{.tv_sec = 0, .tv_nsec = 5'000'000};
  calls_.poll(&fd, 1, &moment);
  if (fd.revents & POLLERR) check_socket();
}

}  // namespace trawl::inline v0::linux_capture
