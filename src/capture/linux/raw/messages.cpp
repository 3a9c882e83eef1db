// SPDX-License-Identifier: Apache-2.0 OR MIT
// Packets with what the kernel says beside them: time stamps, a VLAN tag that it took off, the state of the checksum.
#include <algorithm>
#include <ctime>

#include <linux/errqueue.h>
#include <linux/if_packet.h>

#include <cerrno>
#include <cstring>

#include "capture/linux/raw/raw_socket_body.hpp"
#include "capture/linux/ring/frame_builder.hpp"

namespace trawl::inline v0::detail {
namespace {

constexpr std::pair<MessageFlags, int> flag_table[] = {
    {MessageFlags::dont_wait, MSG_DONTWAIT},   {MessageFlags::peek, MSG_PEEK},       {MessageFlags::truncate, MSG_TRUNC},
    {MessageFlags::error_queue, MSG_ERRQUEUE}, {MessageFlags::out_of_band, MSG_OOB}, {MessageFlags::dont_route, MSG_DONTROUTE},
    {MessageFlags::confirm, MSG_CONFIRM},      {MessageFlags::more, MSG_MORE},
};

int native(MessageFlags flags) {
  int result = 0;
  for (const auto& [ours, theirs] : flag_table)
    if (flags & ours) result |= theirs;
  return result;
}

template <class T> T value_of(cmsghdr& control) {
  T value{};
  const size_t size = control.cmsg_len > CMSG_LEN(0) ? size_t(control.cmsg_len) - CMSG_LEN(0) : 0;
  std::memcpy(&value, CMSG_DATA(&control), std::min(size, sizeof value));
  return value;
}

void read_auxiliary(const tpacket_auxdata& said, const sockaddr_storage& from, Received& received) {
  // The kernel keeps the length where it writes the address for the first reader: after a peek it is gone.
  if (std::memcmp(&said.tp_len, &from, sizeof said.tp_len) != 0) received.original_length = said.tp_len;
  linux_capture::read_status(received.info, said.tp_status, said.tp_vlan_tci, said.tp_vlan_tpid);
}

void read_times(const scm_timestamping& times, Received& received) {
  const timespec& hardware = times.ts[2];
  received.hardware_time = hardware.tv_sec || hardware.tv_nsec;
  const timespec& time = received.hardware_time ? hardware : times.ts[0];
  received.info.has_time = time.tv_sec || time.tv_nsec;
  received.time = Timestamp::from_parts(time.tv_sec, u32(time.tv_nsec));
}

}  // namespace

std::unexpected<Error> RawSocketBody::failed(Operation operation, std::string_view call, int code) const {
  const int why = code ? code : errno;
  auto error = linux_capture::system_error(operation, name, call, why);
  if (why == EAGAIN || why == ENOBUFS) error.reason = Reason::would_block, error.with(name);
  if (why == EBADF) error.reason = Reason::closed, error.with(name);
  return fail(error);
}

Result<void> RawSocketBody::require_clock(TimestampSource source) const {
  if (source != TimestampSource::hardware) return {};
  if (!on_interface) return fail(Operation::set_option, Reason::not_supported, "hardware time stamps without an interface");
  if (calls.start_clock(fd.get(), name.c_str()) == 0) return {};
  if (errno == EOPNOTSUPP) return fail(Operation::set_option, Reason::not_supported, "hardware time stamps of " + name, errno);
  return failed(Operation::set_option, "SIOCSHWTSTAMP");
}

Result<Received> RawSocketBody::receive(std::span<u8> buffer, sockaddr_storage& from, MessageFlags flags) const {
  alignas(cmsghdr) char control[512];
  iovec part{buffer.data(), buffer.size()};
  msghdr message{};
  ssize_t size = 0;
  do {
    message.msg_name = &from, message.msg_namelen = sizeof from;
    message.msg_iov = &part, message.msg_iovlen = 1;
    message.msg_control = control, message.msg_controllen = sizeof control;
    size = calls.receive_message(fd.get(), &message, native(flags | MessageFlags::truncate));
  } while (size < 0 && errno == EINTR);
  if (size < 0) return failed(Operation::read_interface, "recvmsg");
  Received received{.size = std::min(size_t(size), buffer.size()), .original_length = u32(size)};
  received.info.has_time = false;
  for (cmsghdr* at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at)) {
    if (at->cmsg_level == SOL_PACKET && at->cmsg_type == PACKET_AUXDATA) read_auxiliary(value_of<tpacket_auxdata>(*at), from, received);
    if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_TIMESTAMPING) read_times(value_of<scm_timestamping>(*at), received);
  }
  return received;
}

Result<size_t> RawSocketBody::send(Bytes packet, const sockaddr* to, socklen_t to_size, MessageFlags flags) const {
  for (;;) {
    const ssize_t sent = calls.send(fd.get(), packet.data, packet.size, native(flags) | MSG_NOSIGNAL, to, to_size);
    if (sent >= 0) return size_t(sent);
    if (errno != EINTR) return failed(Operation::send_packet, "sendto");
  }
}

}  // namespace trawl::inline v0::detail
