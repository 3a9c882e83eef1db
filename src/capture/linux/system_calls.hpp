// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The seam to the kernel: everything that capture asks of Linux goes through this table, so that tests can put a model
/// of the kernel in its place. Results and errno are those of the C library.
#pragma once
#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <ctime>
#include <utility>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::linux_capture {

struct SystemCalls {
  int (*socket)(int domain, int type, int protocol);
  int (*close)(int fd);
  int (*bind)(int fd, const sockaddr* address, socklen_t size);
  int (*setsockopt)(int fd, int level, int option, const void* value, socklen_t size);
  int (*getsockopt)(int fd, int level, int option, void* value, socklen_t* size);
  int (*getsockname)(int fd, sockaddr* address, socklen_t* size);
  void* (*map)(int fd, size_t size);  ///< shared, readable and writable; null on failure
  void* (*map_at)(int fd, size_t size, u64 offset);
  void* (*map_private)(size_t size);  ///< zeros, of this process alone; null on failure
  int (*unmap)(void* memory, size_t size);
  int (*poll)(pollfd* fds, nfds_t count, const timespec* timeout);
  ssize_t (*send)(int fd, const void* data, size_t size, int flags, const sockaddr* to, socklen_t to_size);
  int (*send_many)(int fd, mmsghdr* messages, unsigned count, int flags);
  ssize_t (*send_message)(int fd, const msghdr* message, int flags);
  int (*receive_many)(int fd, mmsghdr* messages, unsigned count, int flags);  ///< waits for the first at most
  ssize_t (*receive_message)(int fd, msghdr* message, int flags);
  ssize_t (*receive)(int fd, void* data, size_t size, int flags);
  int (*control)(int fd, int command, int value);  ///< fcntl
  int (*connect)(int fd, const sockaddr* address, socklen_t size);
  /// Switches the clock of an interface on for both directions. -1 with EOPNOTSUPP where it has none.
  int (*start_clock)(int fd, const char* interface);
  int (*bpf)(int command, void* attributes, unsigned size);
  int (*driver_name)(int fd, const char* interface, char (&name)[32]);
  int (*epoll)();
  int (*epoll_add)(int epoll, int fd);
  int (*epoll_control)(int epoll, int operation, int fd, u32 events);
  int (*timer)();
  int (*start_timer)(int fd, long nanoseconds);  ///< readable once then; 0: not any more
  void (*sleep)(long nanoseconds);
};

const SystemCalls& real_system_calls();

/// A descriptor, closed once.
class Descriptor {
 public:
  Descriptor() = default;
  Descriptor(const SystemCalls& calls, int fd) : calls_(&calls), fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : calls_(other.calls_), fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      calls_ = other.calls_;
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  /// @return 0, or errno
  int close();

 private:
  const SystemCalls* calls_ = nullptr;
  int fd_ = -1;
};

}  // namespace trawl::inline v0::linux_capture
