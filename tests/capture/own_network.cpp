// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/own_network.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "trawl/core/describe.hpp"
#include "trawl/core/endian.hpp"

namespace trawl::testing_network {
namespace {

constexpr int skipped = 77;
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

void switch_ipv6_off() {
  write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
}

}  // namespace

void in_own_network(const std::function<void()>& body, int longest_seconds) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!enter_namespace() || !rings_work()) ::_exit(skipped);
    switch_ipv6_off();
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
  if (WIFEXITED(status) && WEXITSTATUS(status) == skipped)
    GTEST_SKIP() << "no network namespace, or not what the test needs in it, for this user";
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

void skip_here() {
  std::fflush(nullptr);
  ::_exit(testing::Test::HasFailure() ? 1 : skipped);
}

Result<Capture> open_capture(std::string_view interface, CaptureOptions options) {
  if (options.method == CaptureMethod::automatic) options.method = method_under_test;
  return Capture::open(interface, options);
}

OtherNetwork::OtherNetwork() {
  std::thread([this] {
    if (::unshare(CLONE_NEWNET) != 0) return;
    switch_ipv6_off();
    fd_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  }).join();
  EXPECT_GE(fd_, 0) << "cannot make a network namespace";
}
OtherNetwork::~OtherNetwork() { ::close(fd_); }

std::thread OtherNetwork::start(std::function<void()> body) const {
  return std::thread([fd = fd_, run = std::move(body)] {
    ASSERT_EQ(::setns(fd, CLONE_NEWNET), 0);
    run();
  });
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

std::vector<u8> flow_packet(u16 flow, u64 number) {
  std::vector<u8> frame = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 36, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2};
  frame.resize(50);
  store_be<u16>(&frame[34], flow);
  store_be<u16>(&frame[36], 9);
  store_be<u16>(&frame[38], 16);
  store_be<u64>(&frame[42], number);
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

size_t open_descriptors() {
  return size_t(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

int close_in_a_fork(Capture& capture) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(capture.close() ? 0 : 1);
  int status = -1;
  return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void with_capture(const CaptureOptions& options, const std::function<void(Capture&, const Wire&)>& body) {
  in_own_network([&] {
    make_pair("left", "right");
    auto capture = open_capture("right", options);
    ASSERT_TRUE(capture) << describe(capture.error());
    body(*capture, Wire("left"));
  });
}

}  // namespace trawl::testing_network
