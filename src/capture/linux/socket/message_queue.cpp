// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/socket/message_queue.hpp"

#include <ctime>

#include <linux/errqueue.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>
#include <tuple>

#include "capture/linux/ring/frame_builder.hpp"
#include "capture/linux/system_error.hpp"
#include "capture/poison.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

/// The kernel doubles what it is asked for, and tells the double.
size_t ask_for_buffer(const SystemCalls& calls, int fd, size_t bytes) {
  const int wanted = int(std::min<size_t>(bytes, INT_MAX / 2));
  // More than the usual size needs CAP_NET_ADMIN.
  if (calls.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) < 0)
    calls.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  int granted = 0;
  socklen_t size = sizeof granted;
  if (calls.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &granted, &size) < 0) return 0;
  return size_t(granted) / 2;
}

template <class T> T value_of(const cmsghdr& control) {
  T value{};
  const size_t size = control.cmsg_len > CMSG_LEN(0) ? size_t(control.cmsg_len) - CMSG_LEN(0) : 0;
  std::memcpy(&value, CMSG_DATA(&control), std::min(size, sizeof value));
  return value;
}

}  // namespace

Result<MessageQueue> MessageQueue::create(const SystemCalls& calls, int fd, std::string_view interface, size_t buffer_bytes, u32 snaplen,
                                          u32 in_front) {
  const int yes = 1;
  const std::tuple<int, int, std::string_view> told[] = {{SOL_PACKET, PACKET_AUXDATA, "PACKET_AUXDATA"},
                                                         {SOL_SOCKET, SO_TIMESTAMPNS, "SO_TIMESTAMPNS"},
                                                         {SOL_SOCKET, SO_RXQ_OVFL, "SO_RXQ_OVFL"}};
  for (const auto& [level, option, name] : told)
    if (calls.setsockopt(fd, level, option, &yes, sizeof yes) < 0)
      return fail(system_error(Operation::open_interface, interface, name, errno));
  MessageQueue queue;
  queue.buffer_bytes_ = ask_for_buffer(calls, fd, buffer_bytes);
  queue.slot_bytes_ = snaplen;
  queue.front_ = sll2_bytes + tag_bytes + in_front;
  queue.messages_.resize(messages_at_once);
  queue.parts_.resize(messages_at_once);
  queue.addresses_.resize(messages_at_once);
  queue.controls_.resize(messages_at_once);
  for (u32 i = 0; i < messages_at_once; ++i) queue.memory_.push_back(std::make_unique_for_overwrite<u8[]>(size_t{queue.front_} + snaplen));
  return queue;
}

std::expected<u32, int> MessageQueue::receive(const SystemCalls& calls, int fd, std::span<Frame> frames, LinkType link, Form form) {
  if constexpr (detail::poison)
    for (u32 i = 0; i < used_; ++i)
      std::memset(memory_[i].get(), detail::poison_byte, front_ + std::min(messages_[i].msg_len, slot_bytes_));
  for (u32 i = 0; i < messages_at_once; ++i) {
    parts_[i] = {memory_[i].get() + front_, slot_bytes_};
    auto& message = messages_[i].msg_hdr;
    message = {};
    message.msg_name = &addresses_[i], message.msg_namelen = sizeof addresses_[i];
    message.msg_iov = &parts_[i], message.msg_iovlen = 1;
    message.msg_control = controls_[i].bytes, message.msg_controllen = sizeof controls_[i].bytes;
  }
  int got = 0;
  do { got = calls.receive_many(fd, messages_.data(), messages_at_once, MSG_DONTWAIT | MSG_TRUNC); } while (got < 0 && errno == EINTR);
  for (int i = 0; i < got; ++i) read(u32(i), frames[size_t(i)], link, form);
  used_ = got > 0 ? u32(got) : 0;
  if (got < 0 && errno != EAGAIN) return std::unexpected(errno);
  return used_;
}

void MessageQueue::read(u32 index, Frame& frame, LinkType link, Form form) {
  auto& message = messages_[index].msg_hdr;
  const u32 length = messages_[index].msg_len;
  const auto& address = addresses_[index];
  frame = Frame{.bytes = {memory_[index].get() + front_, std::min(length, slot_bytes_)},
                .original_length = length,
                .link = link,
                .info = {.packet_type = packet_type(address.sll_pkttype),
                         .direction = address.sll_pkttype == PACKET_OUTGOING ? Direction::outbound : Direction::inbound}};
  frame.info.has_time = false;
  std::optional<Timestamp> adapter_time;
  for (cmsghdr* at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at)) {
    if (at->cmsg_level == SOL_PACKET && at->cmsg_type == PACKET_AUXDATA) {
      const auto said = value_of<tpacket_auxdata>(*at);
      frame.original_length = said.tp_len;
      read_status(frame.info, said.tp_status, said.tp_vlan_tci, said.tp_vlan_tpid);
    } else if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_TIMESTAMPNS) {
      const auto time = value_of<timespec>(*at);
      frame.time = Timestamp::from_parts(time.tv_sec, u32(time.tv_nsec));
      frame.info.has_time = true;
    } else if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_TIMESTAMPING) {
      const auto hardware = value_of<scm_timestamping>(*at).ts[2];
      if (hardware.tv_sec || hardware.tv_nsec) adapter_time = Timestamp::from_parts(hardware.tv_sec, u32(hardware.tv_nsec));
    } else if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SO_RXQ_OVFL) {
      const u32 drops = value_of<u32>(*at);
      losing_ |= drops != drops_;
      drops_ = drops;
    }
  }
  if (adapter_time) frame.time = *adapter_time;
  if (form == Form::cooked) write_sll2(frame, address);
}

}  // namespace trawl::inline v0::linux_capture
