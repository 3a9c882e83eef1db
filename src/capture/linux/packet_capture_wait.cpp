// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <linux/if_packet.h>

#include <cerrno>

#include "capture/linux/packet_capture.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {

Result<std::optional<Batch>> PacketCapture::drain() {
  if (closed_ || (gone_ && ended_)) return std::nullopt;
  if (!draining_) {
    auto closed = attach_reject_all(calls_, socket_.get(), interface_.name());
    if (!closed) return fail(closed.error());
    draining_ = true;
  }
  for (;;) {
    const auto batch = fill();
    if (!batch) return fail(batch.error());
    if (!batch->empty()) return *batch;
    if (everything_read()) return std::nullopt;
    wait_for_last_block();
  }
}

Result<bool> PacketCapture::sleep(const Deadline& deadline) {
  if (gone_) {  // only the last block is missing; the kernel hands it over when it is old enough
    wait_for_last_block();
    return false;
  }
  auto news = LiveCapture::sleep(deadline);
  if (news && wake_ups_.fds[WakeUps::packets_at].revents & (POLLERR | POLLHUP | POLLNVAL)) check_socket();
  return news;
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
  if (gone_ || !interface_.index()) return;
  sockaddr_ll address{};
  socklen_t size = sizeof address;
  if (calls_.getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) < 0) return;
  gone_ = address.sll_ifindex != int(interface_.index());
}

/// Or it is given up: the kernel hands over a block that is not full after one or two times its retire time.
bool PacketCapture::everything_read() {
  drops_to_tell_ += kernel_.read(calls_, socket_.get());
  if (captured_ == kernel_.stored()) return true;
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
