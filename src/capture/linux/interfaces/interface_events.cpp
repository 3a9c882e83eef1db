// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/interface_events.hpp"

#include <cerrno>

#include "capture/linux/deadline.hpp"
#include "capture/linux/interfaces/known_interfaces.hpp"
#include "capture/linux/system_error.hpp"
#include "capture/stop_state.hpp"

namespace trawl::inline v0 {

using namespace linux_capture;

namespace detail {

class InterfaceEventsBody {
 public:
  using Events = Result<std::optional<std::vector<InterfaceEvent>>>;

  static Result<std::unique_ptr<InterfaceEventsBody>> open(const SystemCalls& calls, const InterfaceEventsOptions& options) {
    auto body = std::make_unique<InterfaceEventsBody>(calls, options);
    constexpr u32 groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    auto news = watch(calls, groups, options.buffer_bytes);  // before asking: nothing can happen in between
    if (!news) return fail(news.error());
    body->news_ = *std::move(news);
    auto stop = StopState::create();
    if (!stop) return fail(stop.error());
    body->stop_ = *std::move(stop);
    body->all_ = Descriptor(calls, calls.epoll());
    if (!body->all_ || calls.epoll_add(body->all_.get(), body->news_.get()) < 0 || calls.epoll_add(body->all_.get(), body->stop_->fd()) < 0)
      return fail(system_error(Operation::list_interfaces, {}, "epoll", errno));
    if (auto known = body->known_.read_all(calls); !known) return fail(known.error());
    return body;
  }
  InterfaceEventsBody(const SystemCalls& calls, const InterfaceEventsOptions& options) : calls_(calls), timeout_(options.timeout) {}

  Events next() { return take(Deadline::after(timeout_)); }
  Events poll_next() { return take(Deadline::after(std::chrono::nanoseconds(0))); }
  int fd() const { return all_.get(); }
  const std::shared_ptr<StopState>& stop() const { return stop_; }

 private:
  /// News that change nothing that is told here do not end the wait.
  Events take(const Deadline& deadline) {
    for (;;) {
      if (stop_->requested()) return std::nullopt;
      std::vector<InterfaceEvent> events;
      const auto heard = read_changes(calls_, news_.get(), [&](const NetlinkMessage& message) { known_.take(message, events); });
      if (!heard) return fail(heard.error());
      if (*heard == Heard::not_everything) {
        events.push_back({.change = InterfaceChange::overrun, .name = {}});
        if (auto known = known_.read_all(calls_); !known) return fail(known.error());
      }
      if (!events.empty()) return events;
      timespec storage;
      pollfd fds[] = {{news_.get(), POLLIN, 0}, {stop_->fd(), POLLIN, 0}};
      const int ready = calls_.poll(fds, std::size(fds), deadline.left(storage));
      if (ready < 0 && errno != EINTR) return fail(system_error(Operation::list_interfaces, {}, "poll", errno));
      if (ready > 0 && fds[1].revents) stop_->seen();
      if (ready == 0 || (ready < 0 && deadline.passed())) return events;
    }
  }

  const SystemCalls& calls_;
  std::optional<std::chrono::nanoseconds> timeout_;
  Descriptor news_, all_;
  std::shared_ptr<StopState> stop_;
  KnownInterfaces known_;
};

}  // namespace detail

std::string_view name(InterfaceChange change) {
  constexpr std::string_view names[] = {"appeared", "gone", "up", "down", "renamed", "mtu", "address_added", "address_removed", "overrun"};
  return size_t(change) < std::size(names) ? names[size_t(change)] : "unknown";
}

Result<InterfaceEvents> InterfaceEvents::open(const InterfaceEventsOptions& options) {
  auto body = detail::InterfaceEventsBody::open(real_system_calls(), options);
  if (!body) return fail(body.error());
  return InterfaceEvents(*std::move(body));
}
InterfaceEvents::InterfaceEvents(std::unique_ptr<detail::InterfaceEventsBody> body) : body_(std::move(body)) {}
InterfaceEvents::InterfaceEvents(InterfaceEvents&&) noexcept = default;
InterfaceEvents& InterfaceEvents::operator=(InterfaceEvents&&) noexcept = default;
InterfaceEvents::~InterfaceEvents() = default;
Result<std::optional<std::vector<InterfaceEvent>>> InterfaceEvents::next() { return body_->next(); }
Result<std::optional<std::vector<InterfaceEvent>>> InterfaceEvents::poll_next() { return body_->poll_next(); }
int InterfaceEvents::fd() const { return body_->fd(); }
StopHandle InterfaceEvents::stop_handle() const { return detail::StopState::handle(body_->stop()); }
void InterfaceEvents::rearm() { body_->stop()->rearm(); }

}  // namespace trawl::inline v0
