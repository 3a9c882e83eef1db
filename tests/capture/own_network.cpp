// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/own_network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::testing_network {
namespace {

constexpr int skipped = 77;
constexpr u8 operational = 6;  // IF_OPER_UP
constexpr u16 ethertype = 0x88b5;
constexpr u8 destination[] = {2, 0, 0, 0, 0, 2}, source[] = {2, 0, 0, 0, 0, 1};

void write_file(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const auto written = ::write(fd, text.data(), text.size());
  ::close(fd);
}

bool enter_namespace() {
  if (::unshare(CLONE_NEWNET) == 0) return true;
  const auto uid = std::to_string(::getuid()), gid = std::to_string(::getgid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", "0 " + uid + " 1");
  write_file("/proc/self/gid_map", "0 " + gid + " 1");
  return true;
}

bool rings_work() {
  const int fd = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const int version = TPACKET_V3;
  const bool works = ::setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) == 0;
  ::close(fd);
  return works;
}

/// A netlink request under construction.
class Request {
 public:
  Request(u16 type, u16 flags) {
    head().nlmsg_type = type;
    head().nlmsg_flags = u16(NLM_F_REQUEST | NLM_F_ACK | flags);
    head().nlmsg_len = NLMSG_LENGTH(sizeof(ifinfomsg));
  }
  ifinfomsg& link() { return *reinterpret_cast<ifinfomsg*>(bytes_ + NLMSG_HDRLEN); }
  size_t begin(u16 type, const void* data = nullptr, size_t size = 0) {
    const size_t at = NLMSG_ALIGN(head().nlmsg_len);
    auto& attribute = *reinterpret_cast<rtattr*>(bytes_ + at);
    attribute.rta_type = type;
    attribute.rta_len = u16(RTA_LENGTH(size));
    if (size) std::memcpy(bytes_ + at + RTA_LENGTH(0), data, size);
    head().nlmsg_len = u32(at + RTA_ALIGN(attribute.rta_len));
    return at;
  }
  void text(u16 type, const std::string& value) { begin(type, value.c_str(), value.size() + 1); }
  void end(size_t at) { reinterpret_cast<rtattr*>(bytes_ + at)->rta_len = u16(head().nlmsg_len - at); }
  void skip(size_t size) { head().nlmsg_len += u32(size); }
  /// @return 0 or errno. `each` is called for the attributes of a link in the answer.
  int run(const std::function<void(const rtattr&, const void*)>& each = {}) {
    const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    alignas(nlmsghdr) u8 answer[16384];
    int code = EIO;
    ssize_t got = 0;
    if (::send(fd, bytes_, head().nlmsg_len, 0) > 0 && (got = ::recv(fd, answer, sizeof answer, 0)) > 0) {
      const auto& reply = *reinterpret_cast<nlmsghdr*>(answer);
      code = reply.nlmsg_type == NLMSG_ERROR ? -reinterpret_cast<nlmsgerr*>(answer + NLMSG_HDRLEN)->error : 0;
      for (size_t at = NLMSG_SPACE(sizeof(ifinfomsg)); each && !code && at + sizeof(rtattr) <= reply.nlmsg_len;) {
        const auto& attribute = *reinterpret_cast<rtattr*>(answer + at);
        each(attribute, answer + at + RTA_LENGTH(0));
        at += RTA_ALIGN(attribute.rta_len);
      }
    }
    ::close(fd);
    return code;
  }

 private:
  nlmsghdr& head() { return *reinterpret_cast<nlmsghdr*>(bytes_); }
  alignas(nlmsghdr) u8 bytes_[1024] = {};
};

}  // namespace

void in_own_network(const std::function<void()>& body, int longest_seconds) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!enter_namespace() || !rings_work()) ::_exit(skipped);
    write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
    write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    body();
    std::fflush(nullptr);
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  pid_t ended = 0;
  for (int i = 0; !ended && i < longest_seconds * 1000; ++i, ::usleep(1000)) ended = ::waitpid(child, &status, WNOHANG);
  if (!ended) {
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, &status, 0), child);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == skipped) GTEST_SKIP() << "no network namespace, or no packet ring in it, for this user";
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

void make_pair(const std::string& a, const std::string& b) {
  Request request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  request.text(IFLA_IFNAME, a);
  const auto info = request.begin(IFLA_LINKINFO);
  request.text(IFLA_INFO_KIND, "veth");
  const auto data = request.begin(IFLA_INFO_DATA), peer = request.begin(VETH_INFO_PEER);
  request.skip(sizeof(ifinfomsg));
  request.text(IFLA_IFNAME, b);
  request.end(peer), request.end(data), request.end(info);
  ASSERT_EQ(request.run(), 0) << "cannot make a pair of interfaces";
  set_up(a, true);
  set_up(b, true);
  wait_until_running(a);
  wait_until_running(b);
}

void set_up(const std::string& name, bool up) {
  Request request(RTM_NEWLINK, 0);
  request.link().ifi_index = index_of(name);
  request.link().ifi_flags = up ? IFF_UP : 0;
  request.link().ifi_change = IFF_UP;
  ASSERT_EQ(request.run(), 0);
}

void set_mtu(const std::string& name, int mtu) {
  Request request(RTM_NEWLINK, 0);
  request.link().ifi_index = index_of(name);
  request.begin(IFLA_MTU, &mtu, sizeof mtu);
  ASSERT_EQ(request.run(), 0);
}

void delete_link(const std::string& name) {
  Request request(RTM_DELLINK, 0);
  request.link().ifi_index = index_of(name);
  ASSERT_EQ(request.run(), 0);
}

int index_of(const std::string& name) { return int(::if_nametoindex(name.c_str())); }
namespace {

/// An attribute of a link; all ones when there is none.
template <class T> T link_attribute(const std::string& name, u16 type) {
  Request request(RTM_GETLINK, 0);
  request.link().ifi_index = index_of(name);
  T result = T(~T{});
  request.run([&](const rtattr& attribute, const void* value) {
    if (attribute.rta_type == type) std::memcpy(&result, value, sizeof result);
  });
  return result;
}

}  // namespace

u32 promiscuity(const std::string& name) { return link_attribute<u32>(name, IFLA_PROMISCUITY); }

void wait_until_running(const std::string& name) {
  for (int i = 0; i < 5000 && link_attribute<u8>(name, IFLA_OPERSTATE) != operational; ++i) ::usleep(1000);
}

std::vector<u8> numbered(u64 number, size_t size) {
  std::vector<u8> frame(size);
  std::memcpy(frame.data(), destination, 6);
  std::memcpy(frame.data() + 6, source, 6);
  store_be<u16>(frame.data() + 12, ethertype);
  for (size_t i = 14; i < size; ++i) frame[i] = u8(i);
  store_be<u64>(frame.data() + 14, number);
  return frame;
}

u64 number_of(Bytes frame, size_t header) {
  if (frame.size < header + 8 || load_be<u16>(frame.data + header - 2) != ethertype) return ~u64{};
  return load_be<u64>(frame.data + header);
}

Wire::Wire(const std::string& name) : fd_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = index_of(name);
  EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}
Wire::~Wire() { ::close(fd_); }

int Wire::send(Bytes frame) const {
  while (::send(fd_, frame.data, frame.size, 0) < 0) {
    if (errno != ENOBUFS && errno != EINTR) return errno;
    ::usleep(50);
  }
  return 0;
}

void Wire::send_numbered(u64 first, u64 count, size_t size) const {
  auto frame = numbered(first, size);
  for (u64 i = 0; i < count; ++i) {
    store_be<u64>(frame.data() + 14, first + i);
    ASSERT_EQ(send({frame.data(), frame.size()}), 0);
  }
}

std::vector<u64> numbers_until_idle(Capture& capture) {
  std::vector<u64> numbers;
  for (;;) {
    const auto batch = capture.next();
    EXPECT_TRUE(batch) << describe(batch.error());
    if (!batch || !*batch || (*batch)->empty()) return numbers;
    for (const auto& frame : **batch) numbers.push_back(number_of(frame.bytes));
  }
}

}  // namespace trawl::testing_network
