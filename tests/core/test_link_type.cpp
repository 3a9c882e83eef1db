// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "trawl/core/link_type.hpp"

using namespace trawl;

TEST(LinkType, table_rises_and_has_no_gaps_in_its_texts) {
  int last = -1;
  for (const auto& entry : link_types()) {
    EXPECT_GT(int(entry.number), last);
    last = int(entry.number);
    EXPECT_FALSE(entry.linktype_name.empty()) << last;
    EXPECT_FALSE(entry.dlt_name.empty()) << last;
    EXPECT_FALSE(entry.description.empty()) << last;
    EXPECT_EQ(find_link_type(entry.number), &entry);
  }
  EXPECT_GE(link_types().size(), 210u);
}

TEST(LinkType, constants_stand_in_the_table_under_their_names) {
  const std::pair<LinkType, std::string_view> constants[] = {
      {LinkType::null, "NULL"},
      {LinkType::ethernet, "ETHERNET"},
      {LinkType::ppp, "PPP"},
      {LinkType::raw, "RAW"},
      {LinkType::ieee802_11, "IEEE802_11"},
      {LinkType::loop, "LOOP"},
      {LinkType::linux_sll, "LINUX_SLL"},
      {LinkType::ieee802_11_radiotap, "IEEE802_11_RADIOTAP"},
      {LinkType::ipv4, "IPV4"},
      {LinkType::ipv6, "IPV6"},
      {LinkType::linux_sll2, "LINUX_SLL2"},
  };
  for (auto [type, linktype_name] : constants) {
    ASSERT_NE(find_link_type(type), nullptr);
    EXPECT_EQ(find_link_type(type)->linktype_name, linktype_name);
  }
}

TEST(LinkType, is_parsed_from_any_of_its_names_and_from_its_number) {
  for (const auto& entry : link_types()) {
    EXPECT_EQ(parse_link_type("LINKTYPE_" + std::string(entry.linktype_name)), entry.number);
    EXPECT_EQ(parse_link_type("DLT_" + std::string(entry.dlt_name)), entry.number);
    EXPECT_EQ(parse_link_type(std::to_string(int(entry.number))), entry.number);
  }
  EXPECT_EQ(parse_link_type("en10mb"), LinkType::ethernet);
  EXPECT_EQ(parse_link_type("Ethernet"), LinkType::ethernet);
  EXPECT_EQ(parse_link_type("raw"), LinkType::raw);
  EXPECT_EQ(parse_link_type("65535"), LinkType{65535});
  for (auto text : {"", "65536", "-1", "1x", "DLT_", "DLT_ETHERNET", "LINKTYPE_EN10MB", "nonsense"})
    EXPECT_FALSE(parse_link_type(text)) << text;
}

TEST(LinkType, an_unregistered_number_has_no_name) {
  EXPECT_EQ(find_link_type(LinkType{9999}), nullptr);
  EXPECT_TRUE(name(LinkType{9999}).empty());
  EXPECT_EQ(name(LinkType::ethernet), "EN10MB");
  EXPECT_EQ(find_link_type(LinkType::raw)->dlt, 12);
}

TEST(LinkType, dlt_numbers_and_names_are_those_of_libpcap) {
  void* libpcap = dlopen("libpcap.so.0.8", RTLD_NOW);
  if (!libpcap) GTEST_SKIP() << "libpcap is not installed";
  const auto name_of = reinterpret_cast<const char* (*)(int)>(dlsym(libpcap, "pcap_datalink_val_to_name"));
  const std::set<int> renamed{195, 209};  // after its release 1.10.3
  int compared = 0;
  for (const auto& entry : link_types()) {
    const char* peer = name_of(entry.dlt);
    if (!peer || renamed.contains(entry.dlt)) continue;
    EXPECT_EQ(entry.dlt_name, peer);
    EXPECT_EQ(parse_link_type(peer), entry.number);
    ++compared;
  }
  for (int dlt : renamed) EXPECT_EQ(parse_link_type(name_of(dlt)), LinkType(dlt)) << "the older name is still understood";
  EXPECT_GT(compared, 120);
}
