// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/send/room_watch.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>

#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {
constexpr long first_pause = 50'000, longest_pause = 1'000'000;  // nanoseconds
}

Result<RoomWatch> RoomWatch::create(const SystemCalls& calls, std::string_view interface, int socket, int stop) {
  RoomWatch watch;
  watch.socket_ = socket;
  watch.all_ = Descriptor(calls, calls.epoll());
  watch.timer_ = Descriptor(calls, calls.timer());
  const int all = watch.all_.get();
  if (!watch.all_ || !watch.timer_ || calls.epoll_add(all, stop) < 0 || calls.epoll_add(all, watch.timer_.get()) < 0 ||
      calls.epoll_control(all, EPOLL_CTL_ADD, socket, EPOLLONESHOT) < 0)
    return fail(system_error(Operation::open_interface, interface, "epoll", errno));
  return watch;
}

void RoomWatch::begin(const SystemCalls& calls, int code) {
  pause_ = code == EAGAIN ? longest_pause : std::clamp(2 * pause_, first_pause, longest_pause);
  calls.start_timer(timer_.get(), pause_);
  calls.epoll_control(all_.get(), EPOLL_CTL_MOD, socket_, code == EAGAIN ? EPOLLOUT | EPOLLONESHOT : EPOLLONESHOT);
}

void RoomWatch::end(const SystemCalls& calls) {
  if (!pause_) return;
  pause_ = 0;
  calls.start_timer(timer_.get(), 0);
  calls.epoll_control(all_.get(), EPOLL_CTL_MOD, socket_, EPOLLONESHOT);
}

}  // namespace trawl::inline v0::linux_capture
