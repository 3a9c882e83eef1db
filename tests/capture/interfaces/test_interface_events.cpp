// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "capture/own_network.hpp"
#include "trawl/capture/interface_events.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;
using namespace std::chrono_literals;

namespace {

using enum InterfaceChange;

/// "name: change" of all events until none comes for the timeout.
std::vector<std::string> told(InterfaceEvents& events) {
  std::vector<std::string> all;
  for (;;) {
    const auto some = events.next();
    EXPECT_TRUE(some) << describe(some.error());
    if (!some || !*some || (*some)->empty()) return all;
    for (const auto& event : **some) all.push_back(event.name + ": " + std::string(name(event.change)));
  }
}
using Told = std::vector<std::string>;

InterfaceEvents opened(const InterfaceEventsOptions& options = {.timeout = 100ms}) {
  auto events = InterfaceEvents::open(options);
  if (!events) ADD_FAILURE() << describe(events.error());
  return *std::move(events);
}

TEST(InterfaceEvents, tell_each_change_once_in_order) {
  in_own_network([] {
    auto events = opened();
    EXPECT_EQ(told(events), Told{}) << "lo was there before";
    make_pair("left", "right");
    EXPECT_EQ(told(events), (Told{"right: appeared", "left: appeared", "left: up", "right: up"}));
    set_mtu("left", 1400);
    EXPECT_EQ(told(events), Told{"left: mtu"});
    set_address("left", "192.0.2.1");
    EXPECT_EQ(told(events), Told{"left: address_added"});
    set_up("right", false);
    EXPECT_EQ(told(events), Told{"right: down"});
    rename_link("right", "other");
    EXPECT_EQ(told(events), Told{"other: renamed"});
    set_up("other", true);
    EXPECT_EQ(told(events), Told{"other: up"});
    delete_link("left");
    auto gone = told(events);
    std::erase_if(gone, [](const std::string& one) { return one.ends_with(": down"); });  // on the way out
    std::sort(gone.begin(), gone.end());
    EXPECT_EQ(gone, (Told{"left: address_removed", "left: gone", "other: gone"}));
  });
}

TEST(InterfaceEvents, carry_what_has_changed) {
  in_own_network([] {
    make_pair("left", "right");
    auto events = opened();
    set_mtu("left", 1400);
    auto some = events.next();
    ASSERT_TRUE(some && *some && (*some)->size() == 1);
    EXPECT_EQ((**some)[0], (InterfaceEvent{.change = mtu, .index = u32(index_of("left")), .name = "left", .mtu = 1400}));
    set_address("left", "192.0.2.1");
    some = events.next();
    ASSERT_TRUE(some && *some && (*some)->size() == 1);
    ASSERT_TRUE((**some)[0].address);
    EXPECT_EQ(text((**some)[0].address->ipv4).view(), "192.0.2.1");
    EXPECT_EQ((**some)[0].address->prefix_length, 24);
    set_up("right", false);
    EXPECT_EQ(told(events), Told{"right: down"});
    rename_link("right", "other");
    some = events.next();
    ASSERT_TRUE(some && *some && (*some)->size() == 1);
    EXPECT_EQ((**some)[0].old_name, "right");
    EXPECT_EQ((**some)[0].name, "other");
  });
}

TEST(InterfaceEvents, tell_that_an_interface_went_to_another_network_and_came_back) {
  in_own_network([] {
    make_pair("left", "right");
    auto events = opened();
    const OtherNetwork elsewhere;
    move_link("right", elsewhere.fd());
    auto all = told(events);
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.back(), "right: gone");
    const int here = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    elsewhere.start([&] { move_link("right", here); }).join();
    ::close(here);
    all = told(events);
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.front(), "right: appeared");
  });
}

TEST(InterfaceEvents, say_that_they_were_overrun_and_are_right_again_afterwards) {
  in_own_network([] {
    make_pair("left", "right");
    auto events = opened({.timeout = 100ms, .buffer_bytes = 4096});
    for (int mtu = 1000; mtu < 1400; ++mtu) set_mtu("left", mtu);
    const auto all = told(events);
    EXPECT_EQ(std::count(all.begin(), all.end(), ": overrun"), 1);
    EXPECT_LT(all.size(), 400u);
    set_mtu("left", 1399);
    EXPECT_EQ(told(events), Told{}) << "that is what it was";
    set_mtu("left", 1500);
    EXPECT_EQ(told(events), Told{"left: mtu"});
  });
}

TEST(InterfaceEvents, wake_an_event_loop_and_stop_from_another_thread) {
  in_own_network([] {
    auto events = opened({});
    pollfd fd{events.fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&fd, 1, 0), 0);
    make_pair("left", "right");
    EXPECT_EQ(::poll(&fd, 1, 5000), 1);
    std::optional<std::vector<InterfaceEvent>> some;
    do {
      some = *events.poll_next();
      ASSERT_TRUE(some);
    } while (!some->empty());
    EXPECT_EQ(::poll(&fd, 1, 0), 0);
    std::thread stopper([handle = events.stop_handle()] {
      std::this_thread::sleep_for(20ms);
      handle.stop();
    });
    const auto stopped = events.next();
    stopper.join();
    ASSERT_TRUE(stopped);
    EXPECT_FALSE(*stopped);
    EXPECT_EQ(::poll(&fd, 1, 0), 1);
    EXPECT_FALSE(*events.next()) << "until rearm()";
    events.rearm();
    set_mtu("left", 1400);
    EXPECT_TRUE(*events.next());
  });
}

}  // namespace
