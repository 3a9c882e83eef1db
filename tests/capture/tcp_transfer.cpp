// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/tcp_transfer.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace trawl::testing_network {
namespace {

constexpr size_t at_once = 256 << 10;

sockaddr_in address_of(const char* ipv4, u16 port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  EXPECT_EQ(::inet_pton(AF_INET, ipv4, &address.sin_addr), 1);
  return address;
}

}  // namespace

TcpReceiver::TcpReceiver(const char* ipv4) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = address_of(ipv4, 0);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::listen(fd_, 1), 0);
  EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
}
TcpReceiver::~TcpReceiver() { ::close(fd_); }

size_t TcpReceiver::receive() {
  const int fd = ::accept(fd_, nullptr, nullptr);
  EXPECT_GE(fd, 0);
  std::vector<u8> data(at_once);
  size_t received = 0;
  ssize_t got = 0;
  while ((got = ::recv(fd, data.data(), data.size(), 0)) > 0) received += size_t(got);
  ::close(fd);
  return received;
}

void send_over_tcp(const char* ipv4, u16 port, size_t bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = address_of(ipv4, port);
  EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const std::vector<u8> data(at_once);
  for (size_t at = 0; at < bytes;) {
    const auto sent = ::send(fd, data.data(), std::min(data.size(), bytes - at), MSG_NOSIGNAL);
    if (sent <= 0) break;
    at += size_t(sent);
  }
  ::close(fd);
}

}  // namespace trawl::testing_network
