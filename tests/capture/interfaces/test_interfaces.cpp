// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "capture/own_network.hpp"
#include "trawl/capture/interfaces.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace trawl::testing_network;

namespace {

TEST(Interfaces, lists_what_is_there_with_its_properties) {
  in_own_network([] {
    make_pair("left", "right");
    set_mtu("left", 1400);
    set_up("lo", true);
    const auto list = interfaces();
    ASSERT_TRUE(list) << describe(list.error());
    ASSERT_EQ(list->size(), 3u);
    const auto& lo = (*list)[0];
    EXPECT_EQ(lo.name(), "lo");
    EXPECT_EQ(lo.index(), 1u);
    EXPECT_EQ(lo.hardware_type, 772u);
    EXPECT_EQ(hardware_type_name(lo.hardware_type), "loopback");
    EXPECT_EQ(lo.info.link_type, LinkType::ethernet);
    EXPECT_TRUE(lo.flags.up && lo.flags.loopback && !lo.flags.broadcast);
    ASSERT_FALSE(lo.info.addresses.empty());
    const auto& address = lo.info.addresses[0];
    EXPECT_EQ(address.family, InterfaceAddress::Family::ipv4);
    EXPECT_EQ(text(address.ipv4).view(), "127.0.0.1");
    EXPECT_EQ(address.prefix_length, 8u);
    EXPECT_FALSE(address.has_peer);

    const auto left = find_interface("left");
    ASSERT_TRUE(left) << describe(left.error());
    EXPECT_EQ(left->mtu, 1400u);
    EXPECT_EQ(left->kind, "veth");
    EXPECT_EQ(left->info.description, "veth");
    EXPECT_EQ(left->hardware_type, 1u);
    EXPECT_TRUE(left->info.has_mac);
    EXPECT_TRUE(left->flags.up && left->flags.running && left->flags.broadcast && left->flags.multicast);
    EXPECT_FALSE(left->flags.loopback || left->flags.point_to_point || left->flags.promiscuous);
    EXPECT_TRUE(left->info.addresses.empty());
    std::string names;
    left->flags.each([&](std::string_view name) { (names += name) += ' '; });
    EXPECT_EQ(names, "up running broadcast multicast ");
  });
}

TEST(Interfaces, lists_the_same_as_the_system_does_here) {
  const auto list = interfaces();
  ASSERT_TRUE(list) << describe(list.error());
  for (const auto& interface : *list) {
    EXPECT_EQ(index_of(std::string(interface.name())), int(interface.index()));
    EXPECT_EQ(*interface_index(interface.name()), interface.index());
    EXPECT_EQ(*interface_name(interface.index()), interface.name());
  }
}

TEST(Interfaces, keep_their_texts_when_copied) {
  Interface copy;
  {
    const auto list = interfaces();
    ASSERT_TRUE(list && !list->empty());
    copy = list->front();
  }
  EXPECT_FALSE(copy.name().empty());
}

TEST(Interfaces, refuses_names_that_cannot_be_and_lists_the_valid_ones) {
  struct Case {
    std::string_view name;
    Reason reason;
  };
  const Case cases[] = {
      {"", Reason::unknown_interface},         {"nosuch0", Reason::unknown_interface},
      {"sixteen_letters_", Reason::too_large}, {{"lo\0x", 4}, Reason::unexpected_character},
      {"a/b", Reason::unexpected_character},   {"a b", Reason::unexpected_character},
  };
  for (const auto& test : cases) {
    const auto found = find_interface(test.name);
    ASSERT_FALSE(found) << test.name;
    EXPECT_EQ(found.error().reason, test.reason) << test.name;
    ASSERT_TRUE(found.error().valid_names);
    std::vector<std::string> names;
    found.error().valid_names([](void* to, std::string_view name) { static_cast<std::vector<std::string>*>(to)->emplace_back(name); },
                              &names);
    EXPECT_EQ(names.size(), interfaces()->size());
  }
  const auto missing = interface_name(0x7ffffff0);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, Reason::unknown_interface);
  EXPECT_NE(describe(find_interface("nosuch0").error()).find("nosuch0"), std::string::npos);
}

TEST(Interfaces, knows_the_one_that_is_all_of_them) {
  const auto any = find_interface("any");
  ASSERT_TRUE(any);
  EXPECT_EQ(any->index(), 0u);
  EXPECT_EQ(any->info.link_type, LinkType::linux_sll2);
}

}  // namespace
