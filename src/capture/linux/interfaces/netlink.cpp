// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/interfaces/netlink.hpp"

#include <cerrno>
#include <vector>

#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr int most_restarts = 8;
enum class Answer : u8 { complete, interrupted };

struct Request {
  nlmsghdr head;
  ifinfomsg link;
  u8 attribute[RTA_SPACE(16)];
};

Error failed(std::string_view call, int code) { return system_error(Operation::list_interfaces, {}, call, code); }

Result<Descriptor> open_netlink(const SystemCalls& calls, int flags) {
  Descriptor fd(calls, calls.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE));
  if (!fd) return fail(failed("netlink socket", errno));
  return fd;
}

/// Reads answers until the last one.
Result<Answer> read_answer(const SystemCalls& calls, int fd, u32 sequence, const EachMessage& each) {
  std::vector<u8> buffer(64 << 10);
  Answer answer = Answer::complete;
  for (;;) {
    const ssize_t got = calls.receive(fd, buffer.data(), buffer.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return fail(failed("netlink answer", errno));
    }
    for (Bytes rest{buffer.data(), size_t(got)}; rest.size >= sizeof(nlmsghdr);) {
      nlmsghdr head;
      __builtin_memcpy(&head, rest.data, sizeof head);
      if (head.nlmsg_len < sizeof head || head.nlmsg_len > rest.size) return fail(failed("netlink answer", EBADMSG));
      const NetlinkMessage message{head.nlmsg_type, rest.slice(NLMSG_HDRLEN, head.nlmsg_len - NLMSG_HDRLEN)};
      rest = rest.from(NLMSG_ALIGN(head.nlmsg_len));
      if (head.nlmsg_seq != sequence) continue;
      if (head.nlmsg_flags & NLM_F_DUMP_INTR) answer = Answer::interrupted;
      if (head.nlmsg_type == NLMSG_DONE) return answer;
      if (head.nlmsg_type == NLMSG_ERROR) {
        const int code = -message.fixed<nlmsgerr>().error;
        if (code) return fail(failed("netlink", code));
        return answer;
      }
      each(message);
      if (!(head.nlmsg_flags & NLM_F_MULTI)) return answer;
    }
  }
}

Result<Answer> ask(const SystemCalls& calls, const Request& request, const EachMessage& each) {
  auto fd = open_netlink(calls, 0);
  if (!fd) return fail(fd.error());
  const sockaddr_nl kernel{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 0};
  if (calls.send(fd->get(), &request, request.head.nlmsg_len, MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) < 0)
    return fail(failed("netlink request", errno));
  return read_answer(calls, fd->get(), request.head.nlmsg_seq, each);
}

}  // namespace

Result<void> dump(const SystemCalls& calls, u16 kind, const std::function<void()>& restart, const EachMessage& each) {
  Request request{};
  request.head = {.nlmsg_len = NLMSG_LENGTH(sizeof(ifinfomsg)),
                  .nlmsg_type = kind,
                  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                  .nlmsg_seq = 1,
                  .nlmsg_pid = 0};
  for (int i = 0; i < most_restarts; ++i) {
    restart();
    const auto answer = ask(calls, request, each);
    if (!answer) return fail(answer.error());
    if (*answer == Answer::complete) return {};
  }
  return fail(failed("netlink: the interfaces keep changing", EAGAIN));
}

Result<void> get_link(const SystemCalls& calls, u32 index, std::string_view name, const EachMessage& each) {
  Request request{};
  request.head = {.nlmsg_len = NLMSG_LENGTH(sizeof(ifinfomsg)),
                  .nlmsg_type = RTM_GETLINK,
                  .nlmsg_flags = NLM_F_REQUEST,
                  .nlmsg_seq = 1,
                  .nlmsg_pid = 0};
  request.link.ifi_index = int(index);
  if (!index) {
    if (name.size() >= 16) return fail(failed("netlink", ENODEV));
    const rtattr attribute{.rta_len = u16(RTA_LENGTH(name.size() + 1)), .rta_type = IFLA_IFNAME};
    __builtin_memcpy(request.attribute, &attribute, sizeof attribute);
    copy_bytes(request.attribute + RTA_LENGTH(0), Bytes::of(name).data, name.size());
    request.head.nlmsg_len += u32(RTA_SPACE(name.size() + 1));
  }
  const auto answer = ask(calls, request, each);
  if (!answer) return fail(answer.error());
  return {};
}

Result<Descriptor> watch(const SystemCalls& calls, u32 groups, u32 buffer_bytes) {
  auto fd = open_netlink(calls, SOCK_NONBLOCK);
  if (!fd) return fd;
  if (const int size = int(buffer_bytes); size && calls.setsockopt(fd->get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size) < 0)
    return fail(failed("SO_RCVBUF", errno));
  const sockaddr_nl address{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = groups};
  if (calls.bind(fd->get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    return fail(failed("netlink subscription", errno));
  return fd;
}

void clear_watch(const SystemCalls& calls, int fd) {
  u8 ignored[64];
  for (;;) {
    if (calls.receive(fd, ignored, sizeof ignored, MSG_DONTWAIT) >= 0) continue;
    if (errno == EINTR || errno == ENOBUFS) continue;
    return;
  }
}

Result<Heard> read_changes(const SystemCalls& calls, int fd, const EachMessage& each) {
  Heard heard = Heard::everything;
  std::vector<u8> buffer(64 << 10);
  for (;;) {
    const ssize_t got = calls.receive(fd, buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (got < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return heard;
      if (errno != ENOBUFS) return fail(failed("netlink", errno));
      heard = Heard::not_everything;
      continue;
    }
    if (size_t(got) > buffer.size()) heard = Heard::not_everything;
    for (Bytes rest = Bytes{buffer.data(), buffer.size()}.first(size_t(got)); rest.size >= sizeof(nlmsghdr);) {
      nlmsghdr head;
      __builtin_memcpy(&head, rest.data, sizeof head);
      if (head.nlmsg_len < sizeof head || head.nlmsg_len > rest.size) break;
      each({head.nlmsg_type, rest.slice(NLMSG_HDRLEN, head.nlmsg_len - NLMSG_HDRLEN)});
      rest = rest.from(NLMSG_ALIGN(head.nlmsg_len));
    }
  }
}

}  // namespace trawl::inline v0::linux_capture
