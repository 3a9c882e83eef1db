// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets in and out without a thread that waits: coroutines and callbacks over an event loop of the user's (Asio, libuv, epoll, ...).
#pragma once
#include <coroutine>
#include <functional>

#include "trawl/capture/capture.hpp"
#include "trawl/capture/sender.hpp"

namespace trawl::inline v0 {

/// Calls `ready` once, from the loop's own thread and not from within when_readable(), when `fd` is readable. A loop that
/// drops the function instead of calling it cancels the wait.
template <class L> concept EventLoop = requires(L& loop, int fd, std::function<void()> ready) { loop.when_readable(fd, std::move(ready)); };

namespace detail {

/// Whether next() would have something to give: packets, the end, an error.
inline bool look(Capture& capture, Result<std::optional<Batch>>& result) {
  result = capture.poll_next();
  return !result || !*result || !(*result)->empty();
}

}  // namespace detail

/// What `co_await async_next(capture, loop)` waits with; lives in the coroutine's frame.
template <EventLoop Loop> class [[nodiscard]] AsyncNext {
 public:
  AsyncNext(Capture& capture, Loop& loop) : capture_(capture), loop_(loop) {}
  AsyncNext(const AsyncNext&) = delete;
  AsyncNext& operator=(const AsyncNext&) = delete;
  bool await_ready() { return detail::look(capture_, result_); }
  void await_suspend(std::coroutine_handle<> coroutine) { wait(coroutine); }
  Result<std::optional<Batch>> await_resume() { return std::move(result_); }

 private:
  void wait(std::coroutine_handle<> coroutine) {
    loop_.when_readable(capture_.fd(), [this, coroutine] {
      if (detail::look(capture_, result_)) coroutine.resume();
      else wait(coroutine);
    });
  }
  Capture& capture_;
  Loop& loop_;
  Result<std::optional<Batch>> result_;
};

/// As Capture::next(), without blocking and without an empty batch: the capture's time-out means nothing here. A stop from
/// anywhere cancels a pending read: it gives no batch then. The frames are valid until the next read.
/// @pre one read at a time; capture and loop outlive it; not a replay, which has nothing to wait for
template <EventLoop Loop> AsyncNext<Loop> async_next(Capture& capture, Loop& loop) { return {capture, loop}; }

/// What `co_await async_send(sender, batch, loop)` waits with; lives in the coroutine's frame.
template <EventLoop Loop> class [[nodiscard]] AsyncSend {
 public:
  AsyncSend(Sender& sender, const Batch& batch, Loop& loop) : sender_(sender), loop_(loop), left_(batch) {}
  AsyncSend(const AsyncSend&) = delete;
  AsyncSend& operator=(const AsyncSend&) = delete;
  bool await_ready() { return settle(); }
  void await_suspend(std::coroutine_handle<> coroutine) { wait(coroutine); }
  Result<void> await_resume() { return result_; }

 private:
  bool settle() {
    const auto settled = sender_.poll_send(left_);
    if (!settled) return result_ = fail(settled.error()), true;
    left_ = {left_.begin() + *settled, left_.size() - *settled};
    return left_.empty();
  }
  void wait(std::coroutine_handle<> coroutine) {
    loop_.when_readable(sender_.fd(), [this, coroutine] {
      if (settle()) coroutine.resume();
      else wait(coroutine);
    });
  }
  Sender& sender_;
  Loop& loop_;
  Batch left_;
  Result<void> result_;
};

/// As Sender::send(batch), without blocking: while there is no room the loop does other work. A stop cancels it: what is
/// not sent is counted as failed then.
/// @pre one send at a time; sender, loop and the batch's frames outlive it
template <EventLoop Loop> AsyncSend<Loop> async_send(Sender& sender, const Batch& batch, Loop& loop) { return {sender, batch, loop}; }

/// The same with a callback: `each` gets every batch, then the end (no batch) or an error, once. It returns whether it
/// wants more.
/// @pre capture and loop outlive the last call
template <EventLoop Loop> void async_each(Capture& capture, Loop& loop, std::function<bool(Result<std::optional<Batch>>)> each) {
  loop.when_readable(capture.fd(), [&capture, &loop, each = std::move(each)]() mutable {
    // A turn for each readiness: other work of the loop is not kept waiting by a flood.
    Result<std::optional<Batch>> result;
    if (detail::look(capture, result)) {
      const bool more = result && *result;
      if (!each(std::move(result)) || !more) return;
    }
    async_each(capture, loop, std::move(each));
  });
}

}  // namespace trawl::inline v0
