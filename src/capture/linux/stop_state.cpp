// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/stop_state.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

namespace trawl::inline v0 {
namespace detail {

Result<std::shared_ptr<StopState>> StopState::create() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) return fail(Operation::open_interface, Reason::system, "eventfd", errno);
  return std::make_shared<StopState>(fd);
}

StopState::~StopState() { ::close(fd_); }

void StopState::stop() noexcept {
  const int kept = errno;
  requested_.store(true, std::memory_order_relaxed);
  const u64 one = 1;
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);  // fails only when it is readable already
  errno = kept;
}

void StopState::rearm() noexcept {
  requested_.store(false, std::memory_order_relaxed);
  u64 count = 0;
  [[maybe_unused]] const auto taken = ::read(fd_, &count, sizeof count);
}

}  // namespace detail

void StopHandle::stop() const noexcept {
  if (state_) state_->stop();
}
bool StopHandle::stopped() const noexcept { return state_ && state_->requested(); }

}  // namespace trawl::inline v0
