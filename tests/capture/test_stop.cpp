// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

#include "capture/back_ends.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class CaptureStop : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureStop, testing::ValuesIn(all_back_ends), back_end_name);

using clock_type = std::chrono::steady_clock;

/// A capture that waits for ever on an idle interface.
Capture open_idle() {
  make_pair("left", "right");
  auto capture = open_capture("right");
  EXPECT_TRUE(capture) << describe(capture.error());
  return *std::move(capture);
}

TEST_P(CaptureStop, ends_an_idle_wait_from_another_thread_within_100_ms) {
  in_own_network([] {
    auto capture = open_idle();
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 5; ++i) {
      std::atomic<clock_type::rep> stopped_at = 0;
      std::thread other([&, handle = capture.stop_handle()] {
        std::this_thread::sleep_for(20ms);
        stopped_at = clock_type::now().time_since_epoch().count();
        handle.stop();
      });
      const auto batch = capture.next();
      best = std::min(best, clock_type::now().time_since_epoch() - clock_type::duration(stopped_at.load()));
      other.join();
      ASSERT_TRUE(batch);
      EXPECT_FALSE(*batch);
      capture.rearm();
    }
    EXPECT_LT(best, 100ms) << "the best of five";
  });
}

StopHandle* handle_for_signal = nullptr;
void on_alarm(int) { handle_for_signal->stop(); }

TEST_P(CaptureStop, ends_an_idle_wait_from_a_signal_handler) {
  in_own_network([] {
    auto capture = open_idle();
    auto handle = capture.stop_handle();
    handle_for_signal = &handle;
    struct sigaction action{};
    action.sa_handler = on_alarm;
    action.sa_flags = SA_RESTART;
    ASSERT_EQ(::sigaction(SIGALRM, &action, nullptr), 0);
    const auto start = clock_type::now();
    ::ualarm(50'000, 0);
    const auto batch = capture.next();
    ASSERT_TRUE(batch);
    EXPECT_FALSE(*batch);
    EXPECT_GE(clock_type::now() - start, 40ms);
    EXPECT_TRUE(handle.stopped());
  });
}

TEST_P(CaptureStop, is_not_confused_by_other_signals) {
  in_own_network([] {
    auto capture = open_idle();
    struct sigaction action{};
    action.sa_handler = [](int) {};
    ASSERT_EQ(::sigaction(SIGALRM, &action, nullptr), 0);
    capture.set_timeout(100ms);
    const auto start = clock_type::now();
    ::ualarm(10'000, 10'000);
    const auto batch = capture.next();
    ::ualarm(0, 0);
    ASSERT_TRUE(batch && *batch);
    EXPECT_TRUE((*batch)->empty());
    EXPECT_GE(clock_type::now() - start, 100ms);
  });
}

TEST_P(CaptureStop, is_sticky_until_rearm_and_holds_before_the_first_wait) {
  in_own_network([] {
    auto capture = open_idle();
    capture.stop();
    capture.stop();
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(*capture.next());
    EXPECT_FALSE(*capture.poll_next());
    capture.rearm();
    EXPECT_FALSE(capture.stop_handle().stopped());
    Wire("left").send_numbered(3, 1);
    const auto batch = capture.next();
    ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
    EXPECT_EQ(number_of((**batch)[0].bytes), 3u);
  });
}

TEST_P(CaptureStop, stops_a_capture_that_is_busy) {
  in_own_network([] {
    auto capture = open_idle();
    Wire("left").send_numbered(0, 5000);
    auto batch = capture.next();
    ASSERT_TRUE(batch && *batch && !(*batch)->empty());
    capture.stop();
    EXPECT_FALSE(*capture.next()) << "although packets are waiting";
  });
}

TEST_P(CaptureStop, outlives_its_capture) {
  in_own_network([] {
    StopHandle handle;
    handle.stop();
    {
      auto capture = open_idle();
      handle = capture.stop_handle();
    }
    handle.stop();
    EXPECT_TRUE(handle.stopped());
  });
}

TEST_P(CaptureStop, may_be_used_by_many_threads_while_packets_flow) {
  in_own_network([] {
    auto capture = open_idle();
    std::atomic<bool> over = false;
    std::thread sender([&] {
      const Wire wire("left");
      for (u64 i = 0; !over; i += 10) wire.send_numbered(i, 10);
    });
    for (int round = 0; round < 20; ++round) {
      std::thread a([handle = capture.stop_handle()] { handle.stop(); }), b([handle = capture.stop_handle()] { handle.stop(); });
      for (;;) {
        const auto batch = capture.next();
        ASSERT_TRUE(batch);
        if (!*batch) break;
      }
      a.join(), b.join();
      capture.rearm();
    }
    over = true;
    sender.join();
  });
}

}  // namespace
