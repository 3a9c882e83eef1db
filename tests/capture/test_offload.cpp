// SPDX-License-Identifier: Apache-2.0 OR MIT
// A TCP transfer through the stack: segments of up to 64 KiB that no wire would carry, with checksums left to hardware.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "capture/own_network.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

constexpr size_t sent_bytes = 4 << 20;

/// Sends and receives over loopback.
void transfer() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::thread sender([&] {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const std::vector<u8> data(256 << 10);
    for (size_t at = 0; at < sent_bytes;) {
      const auto sent = ::send(fd, data.data(), std::min(data.size(), sent_bytes - at), MSG_NOSIGNAL);
      if (sent <= 0) break;
      at += size_t(sent);
    }
    ::close(fd);
  });
  const int fd = ::accept(listener, nullptr, nullptr);
  std::vector<u8> data(256 << 10);
  while (::recv(fd, data.data(), data.size(), 0) > 0) {}
  sender.join();
  ::close(fd);
  ::close(listener);
}

TEST(Capture, takes_64_KiB_segments_whole_and_knows_that_their_checksums_are_not_filled_in) {
  in_own_network([] {
    set_up("lo", true);
    set_mtu("lo", 1500);  // larger frames are segments to be cut
    auto capture = Capture::open("lo", {.timeout = 200ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    std::thread traffic(transfer);
    size_t largest = 0, payload = 0, offloaded = 0, over_mtu = 0;
    bool done = false;
    while (!done) {
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch);
      done = (*batch)->empty();
      for (const auto& frame : **batch) {
        ASSERT_FALSE(frame.truncated());
        ASSERT_EQ(frame.bytes.size, 14u + load_be<u16>(frame.bytes.data + 16)) << "IPv4's total length";
        largest = std::max(largest, frame.bytes.size);
        over_mtu += frame.bytes.size > 1514;
        offloaded += frame.info.checksum == ChecksumState::not_filled_in;
        const size_t header = 14u + 20u + (frame.bytes[46] >> 4) * 4u;
        if (frame.bytes.size > header) payload += frame.bytes.size - header;
      }
    }
    traffic.join();
    EXPECT_GT(largest, 32'000u);
    EXPECT_GT(over_mtu, 10u);
    EXPECT_GT(offloaded, 10u);
    EXPECT_GE(payload, sent_bytes);
    EXPECT_EQ(capture->statistics().dropped_kernel, 0u);
  });
}

}  // namespace
