// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/links.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

namespace trawl::testing_network {
namespace {

constexpr u8 operational = 6;  // IF_OPER_UP

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

/// @return 0 or errno
int ask_interface(unsigned long what, const std::string& name, ifreq& request) {
  std::strncpy(request.ifr_name, name.c_str(), IFNAMSIZ - 1);
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int code = ::ioctl(fd, what, &request) == 0 ? 0 : errno;
  ::close(fd);
  return code;
}

}  // namespace

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

void set_largest_segment(const std::string& name, u32 bytes) {
  constexpr unsigned short gso_max_size = 41, gso_ipv4_max_size = 63;
  for (auto limit : {gso_max_size, gso_ipv4_max_size}) {
    Request request(RTM_NEWLINK, 0);
    request.link().ifi_index = index_of(name);
    request.begin(limit, &bytes, sizeof bytes);
    ASSERT_EQ(request.run(), 0);
  }
}

void rename_link(const std::string& name, const std::string& to) {
  Request request(RTM_NEWLINK, 0);
  request.link().ifi_index = index_of(name);
  request.text(IFLA_IFNAME, to);
  ASSERT_EQ(request.run(), 0);
}

void delete_link(const std::string& name) {
  Request request(RTM_DELLINK, 0);
  request.link().ifi_index = index_of(name);
  ASSERT_EQ(request.run(), 0);
}

int index_of(const std::string& name) { return int(::if_nametoindex(name.c_str())); }

u32 promiscuity(const std::string& name) { return link_attribute<u32>(name, IFLA_PROMISCUITY); }

void wait_until_running(const std::string& name) {
  for (int i = 0; i < 5000 && link_attribute<u8>(name, IFLA_OPERSTATE) != operational; ++i) ::usleep(1000);
}

void move_link(const std::string& name, int network) {
  Request request(RTM_NEWLINK, 0);
  request.link().ifi_index = index_of(name);
  request.begin(IFLA_NET_NS_FD, &network, sizeof network);
  ASSERT_EQ(request.run(), 0);
}

void set_address(const std::string& name, const char* ipv4) {
  ifreq request{};
  auto& address = reinterpret_cast<sockaddr_in&>(request.ifr_addr);
  address.sin_family = AF_INET;
  ASSERT_EQ(::inet_pton(AF_INET, ipv4, &address.sin_addr), 1);
  ASSERT_EQ(ask_interface(SIOCSIFADDR, name, request), 0);
}

void leave_segmentation_to(const std::string& name) {
  ethtool_value on{ETHTOOL_STSO, 1};
  ifreq request{};
  request.ifr_data = reinterpret_cast<char*>(&on);
  ASSERT_EQ(ask_interface(SIOCETHTOOL, name, request), 0);
}

}  // namespace trawl::testing_network
