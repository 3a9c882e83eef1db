// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/wake_ups.hpp"

#include <cerrno>

#include "capture/linux/interfaces/netlink.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {

Result<WakeUps> WakeUps::create(const SystemCalls& calls, std::string_view interface, std::span<const int> packets) {
  WakeUps result;
  auto stop = detail::StopState::create();
  if (!stop) return fail(stop.error());
  result.stop = *std::move(stop);
  auto links = watch_links(calls);
  if (!links) return fail(links.error());
  result.links = *std::move(links);
  result.all = Descriptor(calls, calls.epoll());
  const auto add = [&](int fd) {
    result.fds.push_back({fd, POLLIN, 0});
    return result.all && calls.epoll_add(result.all.get(), fd) >= 0;
  };
  bool added = add(result.stop->fd()) && add(result.links.get());
  for (const int fd : packets) added = added && add(fd);
  if (!added) return fail(system_error(Operation::open_interface, interface, "epoll", errno));
  return result;
}

}  // namespace trawl::inline v0::linux_capture
