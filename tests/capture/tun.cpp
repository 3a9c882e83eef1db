// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/tun.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstring>

#include "capture/links.hpp"

namespace trawl::testing_network {
namespace {

int open_device() { return ::open("/dev/net/tun", O_RDWR | O_CLOEXEC); }

}  // namespace

bool Tun::available() {
  const int fd = open_device();
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

Tun::Tun(const std::string& name) : fd_(open_device()) {
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(request.ifr_name, name.c_str(), IFNAMSIZ - 1);
  EXPECT_EQ(::ioctl(fd_, TUNSETIFF, &request), 0);
  set_up(name, true);
}
Tun::~Tun() { ::close(fd_); }

void Tun::send(Bytes packet) const { EXPECT_EQ(::write(fd_, packet.data, packet.size), ssize_t(packet.size)); }

std::vector<u8> Tun::receive() const {
  std::vector<u8> packet(65536);
  pollfd waiting{fd_, POLLIN, 0};
  const ssize_t size = ::poll(&waiting, 1, 5000) == 1 ? ::read(fd_, packet.data(), packet.size()) : -1;
  EXPECT_GE(size, 0) << "no packet came";
  packet.resize(size < 0 ? 0 : size_t(size));
  return packet;
}

}  // namespace trawl::testing_network
