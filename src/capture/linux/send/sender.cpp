// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/sender.hpp"

#include <array>
#include <cerrno>
#include <string>

#include "capture/linux/send/sender_body.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0 {
namespace detail {

using namespace linux_capture;

namespace {

constexpr long first_pause = 20'000, longest_pause = 1'000'000;  // nanoseconds
constexpr auto spin = std::chrono::microseconds(80);  // sleeping is about that inexact

bool no_room(int code) { return code == ENOBUFS || code == EAGAIN; }
/// One that is refused for itself, not for the state of the interface.
bool goes_on(Reason reason) { return reason == Reason::too_large || reason == Reason::out_of_range || reason == Reason::would_block; }

}  // namespace

Result<Sender> SenderBody::open(const SystemCalls& calls, std::string_view name, const SenderOptions& options) {
  auto interface = find_link(calls, Operation::open_interface, name);
  if (!interface) return fail(interface.error());
  const auto type = hardware_type(interface->hardware_type);
  if (!interface->index() || type.form == Form::cooked)
    return fail(Operation::open_interface, Reason::not_supported, "sending on " + std::string(name));
  auto body = std::unique_ptr<SenderBody>(new SenderBody(calls, *std::move(interface), type, options));
  if (auto opened = body->open_path(); !opened) return fail(opened.error());
  auto stop = StopState::create();
  if (!stop) return fail(stop.error());
  body->stop_ = *std::move(stop);
  auto room = RoomWatch::create(calls, body->interface_.name(), body->path_->fd(), body->stop_->fd());
  if (!room) return fail(room.error());
  body->room_ = *std::move(room);
  if (const auto drops = link_drops(calls, body->interface_.index())) body->drops_at_open_ = drops->sent;
  return Sender(std::move(body));
}

Result<void> SenderBody::open_path() {
  if (options_.method != SendMethod::automatic) method_ = options_.method;
  const PathRequest request{calls_, interface_, type_, options_};
  auto path = method_ == SendMethod::ring  ? open_send_ring(request)
              : method_ == SendMethod::xdp ? open_send_xdp(request)
                                           : open_send_socket(request);
  if (!path) return fail(path.error());
  path_ = *std::move(path);
  return {};
}

/// Waits a moment. @return false when it is time to give up
bool SenderBody::make_room(long& pause, Deadline& deadline) {
  if (!pause) {
    deadline = Deadline::after(options_.patience);
    pause = first_pause;
  } else if (deadline.passed()) {
    return false;
  }
  if (stop_->requested()) return false;
  ++statistics_.retries;
  calls_.sleep(pause);
  pause = std::min(2 * pause, longest_pause);
  return true;
}

/// Leaves it to the event loop. @return false when it is time to give up
bool SenderBody::try_later(int code) {
  if (!give_up_) give_up_ = Deadline::after(options_.patience);
  if (give_up_->passed() || stop_->requested()) return false;
  ++statistics_.retries;
  room_.begin(calls_, code);
  return true;
}

/// @return how many are settled: taken, or, being the last of them, refused as `refused` says or dropped; none: an event loop is to wait
u32 SenderBody::offer(std::span<const Bytes> frames, Result<void>& refused, Wait wait) {
  auto deadline = Deadline::never();
  long pause = 0;
  for (;;) {
    if (frames[0].size < type_.header_bytes) return refused = refuse(frames[0], EINVAL), 1;
    size_t count = 1;
    while (count < frames.size() && frames[count].size >= type_.header_bytes) ++count;
    const auto offered = path_->offer(frames.first(count));
    for (u32 i = 0; i < offered.taken; ++i) statistics_.bytes += frames[i].size;
    statistics_.packets += offered.taken;
    if (offered.code == ENOBUFS) ++told_of_;
    if (offered.taken) return offered.taken;
    if (offered.code == EINTR || offered.code == 0) continue;
    if (no_room(offered.code)) {
      if (options_.when_full == WhenFull::drop_and_count) {
        path_->skip();
        ++statistics_.failed;
        return 1;
      }
      if (wait == Wait::elsewhere && try_later(offered.code)) return 0;
      if (wait == Wait::here && make_room(pause, deadline)) continue;
    }
    path_->skip();
    refused = refuse(frames[0], stop_->requested() && no_room(offered.code) ? ECANCELED : no_room(offered.code) ? ENOBUFS : offered.code);
    return 1;
  }
}

std::unexpected<Error> SenderBody::refuse(Bytes frame, int code) {
  ++statistics_.failed;
  const std::string name(interface_.name());
  auto error = system_error(Operation::send_packet, name, "send", code);
  const auto size = std::to_string(frame.size) + " bytes on " + name;
  if (code == EBADF) error.reason = Reason::closed, error.with(name);
  if (code == ECANCELED) error.reason = Reason::stopped, error.with(name);
  if (code == ENOBUFS) error.reason = Reason::would_block, error.with("no room on " + name);
  if (code == EINVAL) error.reason = Reason::out_of_range, error.with(size + ", at least " + std::to_string(type_.header_bytes));
  if (code == EMSGSIZE) error.with(size + ", MTU " + std::to_string(interface_.mtu));
  return fail(error);
}

Result<void> SenderBody::send(Bytes frame) {
  if (!path_) return refuse(frame, EBADF);
  Result<void> refused;
  offer({&frame, 1}, refused, Wait::here);
  if (!refused) path_->forget();
  return refused;
}

/// @return how many are settled: all, unless an event loop is to wait
Result<u32> SenderBody::send(const Batch& batch, Wait wait) {
  std::array<Bytes, Batch::max_frames> frames;
  for (u32 i = 0; i < batch.size(); ++i) frames[i] = batch[i].bytes;
  if (stop_->requested()) room_.end(calls_);
  for (u32 settled = 0; settled < batch.size();) {
    Result<void> refused;
    u32 now = 1;
    if (path_ && !stop_->requested()) now = offer({frames.data() + settled, batch.size() - settled}, refused, wait);
    else refused = refuse(frames[settled], path_ ? ECANCELED : EBADF);
    if (!now) return settled;
    settled += now;
    give_up_.reset();
    room_.end(calls_);
    if (refused) continue;
    if (goes_on(refused.error().reason)) {
      warnings_.add(refused.error());
      continue;
    }
    statistics_.failed += batch.size() - settled;
    if (path_) path_->forget();
    return fail(refused.error());
  }
  return batch.size();
}

Result<void> SenderBody::send(const Batch& batch) {
  if (auto all = send(batch, Wait::here); !all) return fail(all.error());
  return {};
}

Result<u32> SenderBody::poll_send(const Batch& batch) { return send(batch, Wait::elsewhere); }

Result<void> SenderBody::flush() {
  if (!path_) return {};
  const auto deadline = Deadline::after(options_.patience);
  for (long pause = first_pause; const u32 busy = path_->in_flight(); pause = std::min(2 * pause, longest_pause)) {
    if (deadline.passed() || stop_->requested())
      return fail(Operation::send_packet, Reason::would_block,
                  std::to_string(busy) + " packets still wait on " + std::string(interface_.name()));
    calls_.sleep(pause);
  }
  return {};
}

bool SenderBody::wait_until(std::chrono::steady_clock::time_point time) {
  using clock = std::chrono::steady_clock;
  while (!stop_->requested()) {
    const auto left = time - clock::now();
    if (left <= clock::duration(0)) return true;
    if (left <= spin) continue;
    timespec storage;
    pollfd fd{stop_->fd(), POLLIN, 0};
    if (calls_.poll(&fd, 1, Deadline::after(left - spin).left(storage)) > 0) stop_->seen();
  }
  return false;
}

SenderStatistics SenderBody::statistics() {
  if (path_) {
    if (const auto drops = link_drops(calls_, interface_.index())) statistics_.dropped_interface = drops->sent - drops_at_open_;
    statistics_.lost =
        statistics_.dropped_interface > told_of_ ? std::min(statistics_.dropped_interface - told_of_, statistics_.packets) : 0;
  }
  return statistics_;
}

Result<void> SenderBody::close() {
  if (!path_) return {};
  const auto flushed = flush();
  statistics();
  const int code = path_->close();
  path_.reset();
  room_ = {};
  if (code) return fail(system_error(Operation::send_packet, interface_.name(), "close", code));
  return flushed;
}

}  // namespace detail

std::string_view name(SendMethod method) {
  switch (method) {
    case SendMethod::automatic: return "automatic";
    case SendMethod::socket: return "socket";
    case SendMethod::ring: return "ring";
    case SendMethod::xdp: return "xdp";
  }
  return {};
}

Result<Sender> Sender::open(std::string_view interface, const SenderOptions& options) {
  return detail::SenderBody::open(linux_capture::real_system_calls(), interface, options);
}
Sender::Sender(std::unique_ptr<detail::SenderBody> body) : body_(std::move(body)) {}
Sender::Sender(Sender&&) noexcept = default;
Sender& Sender::operator=(Sender&&) noexcept = default;
Sender::~Sender() = default;
Result<void> Sender::send(Bytes frame) { return body_->send(frame); }
Result<void> Sender::send(const Batch& batch) { return body_->send(batch); }
Result<u32> Sender::poll_send(const Batch& batch) { return body_->poll_send(batch); }
int Sender::fd() const { return body_->fd(); }
Result<void> Sender::flush() { return body_->flush(); }
bool Sender::wait_until(std::chrono::steady_clock::time_point time) { return body_->wait_until(time); }
const InterfaceInfo& Sender::interface() const { return body_->interface(); }
SendMethod Sender::method() const { return body_->method(); }
const Warnings& Sender::warnings() const { return body_->warnings(); }
SenderStatistics Sender::statistics() { return body_->statistics(); }
StopHandle Sender::stop_handle() const { return body_->stop_handle(); }
void Sender::rearm() { body_->rearm(); }
Result<void> Sender::close() { return body_->close(); }

}  // namespace trawl::inline v0
