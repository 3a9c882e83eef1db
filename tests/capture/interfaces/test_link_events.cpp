// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>
#include <poll.h>

#include "capture/back_ends.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

class CaptureLink : public BackEnd {};
INSTANTIATE_TEST_SUITE_P(Each, CaptureLink, testing::ValuesIn(all_back_ends), back_end_name);

TEST_P(CaptureLink, goes_on_after_its_interface_was_down) {
  unlike_libpcap("does not say that an interface went down");
  if (IsSkipped()) return;
  with_capture({.timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    for (u64 round = 0; round < 3; ++round) {
      wire.send_numbered(round, 1);
      EXPECT_EQ(numbers_until_idle(capture), std::vector<u64>{round});
      set_up("right", false);
      EXPECT_TRUE(numbers_until_idle(capture).empty());
      ASSERT_EQ(capture.warnings().count(), round + 1);
      EXPECT_EQ(capture.warnings().first().back().reason, Reason::interface_down);
      EXPECT_EQ(capture.warnings().first().back().detail_view(), "right");
      set_up("right", true);
      wait_until_running("left");
    }
    EXPECT_EQ(capture.statistics().delivered, 3u);
  });
}

TEST_P(CaptureLink, opens_an_interface_that_is_down_with_a_warning) {
  unlike_libpcap("does not open one");
  if (IsSkipped()) return;
  in_own_network([] {
    make_pair("left", "right");
    set_up("right", false);
    auto capture = open_capture("right", {.timeout = 100ms});
    ASSERT_TRUE(capture) << describe(capture.error());
    ASSERT_EQ(capture->warnings().count(), 1u);
    EXPECT_EQ(capture->warnings().first()[0].reason, Reason::interface_down);
    set_up("right", true);
    wait_until_running("left");
    Wire("left").send_numbered(5, 1);
    EXPECT_EQ(numbers_until_idle(*capture), std::vector<u64>{5});
  });
}

TEST_P(CaptureLink, delivers_what_is_queued_before_it_reports_that_the_interface_is_gone) {
  unlike_libpcap("gives up what is queued");
  if (IsSkipped()) return;
  with_capture({}, [](Capture& capture, const Wire& wire) {  // waits for ever
    wire.send_numbered(0, 1000);
    delete_link("right");
    size_t count = 0;
    for (;;) {
      const auto batch = capture.next();
      if (!batch) {
        EXPECT_EQ(batch.error().reason, Reason::interface_gone);
        EXPECT_EQ(batch.error().operation, Operation::read_interface);
        EXPECT_EQ(batch.error().detail_view(), "right");
        break;
      }
      ASSERT_TRUE(*batch);
      for (const auto& frame : **batch) ASSERT_EQ(number_of(frame.bytes), count++);
    }
    EXPECT_EQ(count, 1000u);
    const auto after = capture.next();
    ASSERT_TRUE(after);
    EXPECT_FALSE(*after) << "the end, once";
    EXPECT_EQ(capture.statistics().delivered, 1000u);
    EXPECT_EQ(capture.statistics().discarded, 0u);
  });
}

TEST_P(CaptureLink, wakes_an_event_loop_when_the_interface_goes_while_it_is_down) {
  with_capture({}, [](Capture& capture, const Wire&) {
    set_up("right", false);
    pollfd fd{capture.fd(), POLLIN, 0};
    while (::poll(&fd, 1, 100) == 1) ASSERT_TRUE(capture.poll_next());
    delete_link("right");
    ASSERT_EQ(::poll(&fd, 1, 5000), 1);
    Result<std::optional<Batch>> batch;
    for (int i = 0; i < 1000 && batch; ++i) batch = capture.poll_next();
    ASSERT_FALSE(batch);
    EXPECT_EQ(batch.error().reason, Reason::interface_gone);
  });
}

TEST_P(CaptureLink, takes_whole_frames_after_the_mtu_has_grown) {
  with_capture({.timeout = 100ms}, [](Capture& capture, const Wire& wire) {
    set_mtu("left", 9000);
    set_mtu("right", 9000);
    wire.send_numbered(1, 1, 8000);
    const auto batch = capture.next();
    ASSERT_TRUE(batch && *batch && (*batch)->size() == 1);
    EXPECT_EQ((**batch)[0].bytes.size, 8000u);
    EXPECT_FALSE((**batch)[0].truncated());
  });
}

TEST_P(CaptureLink, shares_an_interface_with_another_capture) {
  in_own_network([] {
    make_pair("left", "right");
    auto one = open_capture("right", {.timeout = 100ms}), two = open_capture("right", {.timeout = 100ms});
    ASSERT_TRUE(one && two);
    Wire("left").send_numbered(0, 100);
    EXPECT_EQ(numbers_until_idle(*one).size(), 100u);
    EXPECT_EQ(numbers_until_idle(*two).size(), 100u);
  });
}

}  // namespace
