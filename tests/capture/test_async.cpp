// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>
#include <poll.h>

#include <cerrno>
#include <map>
#include <numeric>
#include <thread>

#include "capture/linux/send/sender_body.hpp"
#include "capture/own_network.hpp"
#include "trawl/capture/async.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

/// The smallest loop there is.
class PollLoop {
 public:
  void when_readable(int fd, std::function<void()> ready) { waiting_.emplace(fd, std::move(ready)); }
  /// Until nobody waits any more, or nothing happens for a while.
  void run(int longest_milliseconds = 5000) {
    while (!waiting_.empty()) {
      std::vector<pollfd> fds;
      for (const auto& [fd, ready] : waiting_) fds.push_back({fd, POLLIN, 0});
      if (::poll(fds.data(), nfds_t(fds.size()), longest_milliseconds) <= 0) return;
      for (const auto& fd : fds) {
        if (!fd.revents) continue;
        const auto ready = std::move(waiting_.extract(fd.fd).mapped());
        ready();
      }
    }
  }
  size_t waiting() const { return waiting_.size(); }

 private:
  std::multimap<int, std::function<void()>> waiting_;
};
static_assert(EventLoop<PollLoop>);

/// A coroutine that runs until it waits.
struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

struct Seen {
  std::vector<u64> numbers;
  std::optional<Reason> error;
  bool ended = false;
};

Task read_all(Capture& capture, PollLoop& loop, Seen& seen, size_t until) {
  while (seen.numbers.size() < until) {
    auto batch = co_await async_next(capture, loop);
    if (!batch) {
      seen.error = batch.error().reason;
      co_return;
    }
    if (!*batch) {
      seen.ended = true;
      co_return;
    }
    for (const auto& frame : **batch) seen.numbers.push_back(number_of(frame.bytes));
  }
}

struct Reader {
  Capture capture;
  Seen seen = {};
};

/// In a network of its own: the two ends of a wire, each read by a coroutine until it has so many packets.
void with_two_readers(size_t until, const std::function<void(PollLoop&, Reader& left, Reader& right)>& body) {
  in_own_network([&] {
    make_pair("left", "right");
    auto at_left = Capture::open("left"), at_right = Capture::open("right");
    ASSERT_TRUE(at_left && at_right);
    Reader left{*std::move(at_left)}, right{*std::move(at_right)};
    PollLoop loop;
    for (auto* one : {&left, &right}) read_all(one->capture, loop, one->seen, until);
    EXPECT_EQ(loop.waiting(), 2u);
    body(loop, left, right);
  });
}

std::vector<u64> up_to(u64 end) {
  std::vector<u64> all(end);
  std::iota(all.begin(), all.end(), u64{0});
  return all;
}

TEST(Async, two_coroutines_read_two_captures_in_one_thread) {
  with_two_readers(100, [](PollLoop& loop, Reader& left, Reader& right) {
    std::thread sender([] {
      for (u64 i = 0; i < 100; i += 10) {
        Wire("left").send_numbered(i, 10);
        std::this_thread::sleep_for(5ms);
      }
    });
    loop.run();
    sender.join();
    EXPECT_EQ(left.seen.numbers, up_to(100));
    EXPECT_EQ(right.seen.numbers, up_to(100));
  });
}

TEST(Async, a_stop_cancels_a_pending_read_and_the_end_of_the_interface_ends_it) {
  with_two_readers(1, [](PollLoop& loop, Reader& stopped, Reader& gone) {
    const auto handle = stopped.capture.stop_handle();
    std::thread other([handle] {
      std::this_thread::sleep_for(20ms);
      handle.stop();
      delete_link("right");
    });
    loop.run();
    other.join();
    EXPECT_TRUE(stopped.seen.ended);
    EXPECT_EQ(gone.seen.error, Reason::interface_gone);
    EXPECT_EQ(loop.waiting(), 0u);
  });
}

/// What the kernel answers to each call that sends: 0 lets it through.
std::vector<int> answers;
size_t calls_made;

linux_capture::SystemCalls full_now_and_then() {
  auto calls = linux_capture::real_system_calls();
  calls.send_many = [](int fd, mmsghdr* messages, unsigned count, int flags) {
    const int code = answers[calls_made++ % answers.size()];
    if (code) return errno = code, -1;
    return ::sendmmsg(fd, messages, std::min(count, 10u), flags);
  };
  return calls;
}

struct Sent {
  std::optional<Result<void>> result;
};
Task send_all(Sender& sender, PollLoop& loop, u64 packets, Sent& sent) {
  std::vector<std::vector<u8>> memory;
  std::vector<Frame> frames;
  memory.reserve(packets);
  frames.reserve(packets);
  for (u64 i = 0; i < packets; ++i) memory.push_back(numbered(i));
  for (const auto& bytes : memory) frames.push_back({.bytes = {bytes.data(), bytes.size()}, .original_length = u32(bytes.size())});
  sent.result = co_await async_send(sender, Batch(frames.data(), u32(frames.size())), loop);
}

TEST(Async, sends_all_in_order_while_others_work_whenever_there_is_no_room) {
  in_own_network([] {
    make_pair("left", "right");
    static const auto calls = full_now_and_then();
    answers = {0, ENOBUFS, EAGAIN, ENOBUFS, 0, EAGAIN}, calls_made = 0;
    auto sender = detail::SenderBody::open(calls, "left", {});
    auto capture = Capture::open("right", {.immediate = Immediate::on});
    ASSERT_TRUE(sender && capture);
    PollLoop loop;
    Sent sent;
    Seen seen;
    read_all(*capture, loop, seen, 200);
    send_all(*sender, loop, 200, sent);
    EXPECT_FALSE(sent.result) << "it waits";
    loop.run();
    ASSERT_TRUE(sent.result);
    EXPECT_TRUE(*sent.result);
    EXPECT_EQ(seen.numbers, up_to(200));
    EXPECT_EQ(sender->statistics().packets, 200u);
    EXPECT_GT(sender->statistics().retries, 0u);
    EXPECT_EQ(sender->statistics().failed, 0u);
  });
}

TEST(Async, a_stop_cancels_a_send_that_waits_and_patience_ends_it) {
  in_own_network([] {
    make_pair("left", "right");
    static const auto calls = full_now_and_then();
    answers = {ENOBUFS}, calls_made = 0;
    auto stopped = detail::SenderBody::open(calls, "left", {.patience = 1h});
    auto given_up = detail::SenderBody::open(calls, "left", {.patience = 5ms});
    auto dropped = detail::SenderBody::open(calls, "left", {.when_full = WhenFull::drop_and_count});
    ASSERT_TRUE(stopped && given_up && dropped);
    PollLoop loop;
    Sent ends[3];
    send_all(*stopped, loop, 20, ends[0]);
    send_all(*given_up, loop, 3, ends[1]);
    send_all(*dropped, loop, 20, ends[2]);
    EXPECT_TRUE(ends[2].result) << "nothing to wait for";
    EXPECT_FALSE(ends[0].result || ends[1].result);
    std::thread other([handle = stopped->stop_handle()] {
      std::this_thread::sleep_for(100ms);
      handle.stop();
    });
    loop.run();
    other.join();
    EXPECT_EQ(loop.waiting(), 0u);
    ASSERT_TRUE(ends[0].result && ends[1].result);
    ASSERT_FALSE(*ends[0].result);
    EXPECT_EQ(ends[0].result->error().reason, Reason::stopped);
    EXPECT_TRUE(*ends[1].result) << "packets that were given up are warnings";
    EXPECT_EQ(given_up->warnings().count(), 3u);
    EXPECT_EQ(stopped->statistics().failed, 20u);
    EXPECT_EQ(given_up->statistics().failed, 3u);
    EXPECT_EQ(dropped->statistics().failed, 20u);
  });
}

TEST(Async, a_callback_gets_batches_until_it_has_enough) {
  in_own_network([] {
    make_pair("left", "right");
    auto capture = Capture::open("right");
    ASSERT_TRUE(capture);
    PollLoop loop;
    std::vector<u64> numbers;
    async_each(*capture, loop, [&](Result<std::optional<Batch>> batch) {
      EXPECT_TRUE(batch && *batch);
      for (const auto& frame : **batch) numbers.push_back(number_of(frame.bytes));
      return numbers.size() < 50;
    });
    std::thread sender([] { Wire("left").send_numbered(0, 50); });
    loop.run();
    sender.join();
    EXPECT_EQ(numbers, up_to(50));
    EXPECT_EQ(loop.waiting(), 0u);

    bool ended = false;
    async_each(*capture, loop, [&](Result<std::optional<Batch>> batch) {
      ended = batch && !*batch;
      return true;
    });
    capture->stop();
    loop.run();
    EXPECT_TRUE(ended);
  });
}

}  // namespace
