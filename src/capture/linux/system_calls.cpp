// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/system_calls.hpp"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace trawl::inline v0::linux_capture {
namespace {

void* map_at(int fd, size_t size, u64 offset) {
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, off_t(offset));
  return memory == MAP_FAILED ? nullptr : memory;
}

void* map_private(size_t size) {
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

int driver_name(int fd, const char* interface, char (&name)[32]) {
  ethtool_drvinfo driver{.cmd = ETHTOOL_GDRVINFO};
  ifreq request{};
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&driver);
  if (::ioctl(fd, SIOCETHTOOL, &request) < 0) return -1;
  static_assert(sizeof driver.driver == sizeof name);
  std::memcpy(name, driver.driver, sizeof name);
  name[sizeof name - 1] = 0;
  return 0;
}

int start_clock(int fd, const char* interface) {
  ifreq request{};
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  ethtool_ts_info clock{};
  clock.cmd = ETHTOOL_GET_TS_INFO;
  request.ifr_data = reinterpret_cast<char*>(&clock);
  if (::ioctl(fd, SIOCETHTOOL, &request) < 0) return -1;
  constexpr u32 needed = SOF_TIMESTAMPING_RAW_HARDWARE;
  if ((clock.so_timestamping & needed) != needed || !(clock.rx_filters & 1u << HWTSTAMP_FILTER_ALL)) return errno = EOPNOTSUPP, -1;
  hwtstamp_config config{.flags = 0, .tx_type = HWTSTAMP_TX_ON, .rx_filter = HWTSTAMP_FILTER_ALL};
  request.ifr_data = reinterpret_cast<char*>(&config);
  return ::ioctl(fd, SIOCSHWTSTAMP, &request);
}

int epoll_add(int epoll, int fd) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  return ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int epoll_control(int epoll, int operation, int fd, u32 events) {
  epoll_event event{.events = events, .data = {.fd = fd}};
  return ::epoll_ctl(epoll, operation, fd, &event);
}

int start_timer(int fd, long nanoseconds) {
  const itimerspec time{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_nsec = nanoseconds}};
  return ::timerfd_settime(fd, 0, &time, nullptr);
}

constexpr SystemCalls table{
    .socket = ::socket,
    .close = ::close,
    .bind = ::bind,
    .setsockopt = ::setsockopt,
    .getsockopt = ::getsockopt,
    .getsockname = ::getsockname,
    .map = [](int fd, size_t size) { return map_at(fd, size, 0); },
    .map_at = map_at,
    .map_private = map_private,
    .unmap = ::munmap,
    .poll = [](pollfd* fds, nfds_t count, const timespec* timeout) { return ::ppoll(fds, count, timeout, nullptr); },
    .send = ::sendto,
    .send_many = [](int fd, mmsghdr* messages, unsigned count, int flags) { return ::sendmmsg(fd, messages, count, flags); },
    .send_message = ::sendmsg,
    .receive_many = [](int fd, mmsghdr* messages, unsigned count, int flags) { return ::recvmmsg(fd, messages, count, flags, nullptr); },
    .receive_message = ::recvmsg,
    .receive = ::recv,
    .control = [](int fd, int command, int value) { return ::fcntl(fd, command, value); },
    .connect = ::connect,
    .start_clock = start_clock,
    .bpf = [](int command, void* attributes, unsigned size) { return int(::syscall(SYS_bpf, command, attributes, size)); },
    .driver_name = driver_name,
    .epoll = [] { return ::epoll_create1(EPOLL_CLOEXEC); },
    .epoll_add = epoll_add,
    .epoll_control = epoll_control,
    .timer = [] { return ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); },
    .start_timer = start_timer,
    .sleep =
        [](long nanoseconds) {
          const timespec time{.tv_sec = 0, .tv_nsec = nanoseconds};
          ::nanosleep(&time, nullptr);
        },
};

}  // namespace

const SystemCalls& real_system_calls() { return table; }

int Descriptor::close() {
  if (fd_ < 0) return 0;
  return calls_->close(std::exchange(fd_, -1)) < 0 ? errno : 0;
}

}  // namespace trawl::inline v0::linux_capture
