// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <cerrno>

#include "capture/linux/send/sender_body.hpp"
#include "capture/own_network.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

Bytes bytes_of(const std::vector<u8>& frame) { return {frame.data(), frame.size()}; }

TEST(Sender, puts_packets_on_the_wire_in_order_and_counts_them) {
  in_own_network([] {
    make_pair("left", "right");
    auto sender = Sender::open("left");
    auto capture = Capture::open("right", {.timeout = 100ms});
    ASSERT_TRUE(sender) << describe(sender.error());
    ASSERT_TRUE(capture);
    for (u64 i = 0; i < 300; ++i) ASSERT_TRUE(sender->send(bytes_of(numbered(i, 100))));
    u64 next = 0;
    while (next < 300) {
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch && !(*batch)->empty());
      for (const auto& frame : **batch) ASSERT_EQ(number_of(frame.bytes), next++);
    }
    const auto statistics = sender->statistics();
    EXPECT_EQ(statistics.packets, 300u);
    EXPECT_EQ(statistics.bytes, 30'000u);
    EXPECT_EQ(statistics.failed, 0u);
    EXPECT_EQ(sender->interface().name, "left");
    ASSERT_TRUE(sender->close());
    ASSERT_TRUE(sender->close());
    const auto refused = sender->send(bytes_of(numbered(1)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::closed);
  });
}

TEST(Sender, takes_what_a_capture_gives) {
  in_own_network([] {
    make_pair("left", "right");
    make_pair("out", "end");
    auto capture = Capture::open("right", {.timeout = 100ms}), end = Capture::open("end", {.timeout = 100ms});
    auto sender = Sender::open("out");
    ASSERT_TRUE(capture && end && sender);
    Wire("left").send_numbered(0, 50);
    const SinkRef sink(*sender);
    for (size_t sent = 0; sent < 50;) {
      const auto batch = capture->next();
      ASSERT_TRUE(batch && *batch && !(*batch)->empty());
      ASSERT_TRUE(sink.write(**batch, capture->interfaces()));
      sent += (*batch)->size();
    }
    for (size_t arrived = 0; arrived < 50;) {
      const auto batch = end->next();
      ASSERT_TRUE(batch && *batch && !(*batch)->empty());
      arrived += (*batch)->size();
    }
  });
}

TEST(Sender, refuses_with_a_reason_and_goes_on) {
  in_own_network([] {
    make_pair("left", "right");
    auto sender = Sender::open("left");
    ASSERT_TRUE(sender);
    const std::vector<u8> large(1515), small(13), least(14);
    auto refused = sender->send(bytes_of(large));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::too_large);
    EXPECT_EQ(refused.error().system_error, EMSGSIZE);
    refused = sender->send(bytes_of(small));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::out_of_range);
    EXPECT_TRUE(sender->send(bytes_of(least)));

    const Frame frames[] = {{.bytes = bytes_of(least)}, {.bytes = bytes_of(large)}, {.bytes = bytes_of(least)}};
    EXPECT_TRUE(sender->send(Batch(frames, 3)));
    EXPECT_EQ(sender->warnings().count(), 1u);

    set_up("left", false);
    refused = sender->send(Batch(frames, 3));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::interface_down);
    EXPECT_EQ(refused.error().system_error, ENETDOWN);
    set_up("left", true);
    wait_until_running("left");
    EXPECT_TRUE(sender->send(bytes_of(least)));
    EXPECT_EQ(sender->statistics().packets, 4u);
    EXPECT_EQ(sender->statistics().failed, 6u);

    delete_link("left");
    refused = sender->send(bytes_of(least));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::interface_gone);
    EXPECT_EQ(refused.error().system_error, ENXIO);
  });
}

int sends_refused = 0;

TEST(Sender, waits_or_drops_when_there_is_no_room_as_it_was_told) {
  in_own_network([] {
    make_pair("left", "right");
    auto calls = linux_capture::real_system_calls();
    calls.sleep = [](long) {};
    calls.send_many = [](int fd, mmsghdr* messages, unsigned count, int flags) -> int {
      if (sends_refused-- > 0) return errno = ENOBUFS, -1;
      return ::sendmmsg(fd, messages, count, flags);
    };
    const auto frame = numbered(1);
    auto patient = detail::SenderBody::open(calls, "left", {});
    auto careless = detail::SenderBody::open(calls, "left", {.when_full = WhenFull::drop_and_count});
    auto hasty = detail::SenderBody::open(calls, "left", {.patience = 0ms});
    ASSERT_TRUE(patient && careless && hasty);
    sends_refused = 10;
    EXPECT_TRUE(patient->send(bytes_of(frame)));
    EXPECT_EQ(patient->statistics().packets, 1u);
    EXPECT_EQ(patient->statistics().retries, 10u);
    sends_refused = 1;
    EXPECT_TRUE(careless->send(bytes_of(frame)));
    EXPECT_EQ(careless->statistics().failed, 1u);
    EXPECT_EQ(careless->statistics().packets, 0u);
    sends_refused = 10;
    const auto refused = hasty->send(bytes_of(frame));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::would_block);
    EXPECT_EQ(hasty->statistics().failed, 1u);
  });
}

}  // namespace
