// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "expressions.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

struct BadText {
  const char* text;
  u32 column, length;
  Reason reason;
};

}  // namespace

TEST(FilterParse, points_at_the_offending_token) {
  const BadText cases[] = {
      {"tcp prot 80", 5, 4, Reason::unknown_name},
      {"tcp port 80 andd ip", 13, 4, Reason::unknown_name},
      {"ip and", 7, 0, Reason::unexpected_end},
      {"ip and not", 11, 0, Reason::unexpected_end},
      {"tcp port 70000", 10, 5, Reason::out_of_range},
      {"host 10.0.0.256", 6, 10, Reason::out_of_range},
      {"net 10.0.0.0/33", 14, 2, Reason::out_of_range},
      {"net 10.0.0.1/8", 5, 10, Reason::out_of_range},
      {"(tcp", 5, 0, Reason::unexpected_end},
      {"tcp)", 4, 1, Reason::unexpected_token},
      {"10.0.0.1", 1, 8, Reason::unexpected_token},
      {"tcp and 10.0.0.1", 9, 8, Reason::unexpected_token},
      {"ip[0] = ", 9, 0, Reason::unexpected_end},
      {"ip[0] > 08", 9, 2, Reason::unexpected_character},
      {"ip[0] > 4294967296", 9, 10, Reason::out_of_range},
      {"tcp[13:3] = 1", 8, 1, Reason::out_of_range},
      {"tcp[tcpflag] & 2 != 0", 5, 7, Reason::unknown_name},
      {"ip[0] / 0 = 1", 9, 1, Reason::division_by_zero},
      {"ip[0] << 32 = 1", 10, 2, Reason::out_of_range},
      {"vlan 4096", 6, 4, Reason::out_of_range},
      {"tcp host 10.0.0.1", 10, 8, Reason::wrong_type},
      {"src port 80 dst port 90", 13, 3, Reason::unexpected_token},
      {"tcp port 80 && || udp", 16, 2, Reason::unexpected_token},
      {"tcp port 80 | udp", 13, 1, Reason::unexpected_token},
      {"udp contains \"x\"", 5, 8, Reason::unknown_name},
      {"port http-nonexistent", 6, 16, Reason::unknown_name},
      {"portrange 80-90-100", 14, 6, Reason::unexpected_token},
      {"host example.invalid", 6, 15, Reason::unknown_name},
      {"ether host 00:11:22:33:44:gg", 12, 15, Reason::unexpected_character},
      {"ip and (tcp or @)", 16, 1, Reason::unexpected_character},
      {"\ntcp\tfoo", 6, 3, Reason::unknown_name},
      {"link", 1, 4, Reason::unexpected_token},
      {"not", 4, 0, Reason::unexpected_end},
      {"src and 10.0.0.1", 9, 8, Reason::unexpected_token},
  };
  for (const BadText& bad : cases) {
    const auto filter = Filter::parse(bad.text);
    ASSERT_FALSE(filter) << bad.text;
    const Error& error = filter.error();
    EXPECT_EQ(error.column, bad.column) << bad.text << ": " << say(error);
    EXPECT_EQ(error.length, bad.length) << bad.text << ": " << say(error);
    EXPECT_EQ(error.reason, bad.reason) << bad.text << ": " << say(error);
    EXPECT_EQ(error.operation, Operation::parse_filter);
  }
}

TEST(FilterParse, offers_the_words_that_there_are) {
  const auto error = Filter::parse("tcp prot 80").error();
  ASSERT_TRUE(error.valid_names);
  std::set<std::string, std::less<>> names;
  error.valid_names([](void* context, std::string_view name) { static_cast<std::set<std::string, std::less<>>*>(context)->emplace(name); },
                    &names);
  EXPECT_TRUE(names.contains("port") && names.contains("proto") && names.contains("vlan"));
}

// Valid expressions with one word replaced: the error is at that word.
TEST(FilterParse, points_at_a_word_that_was_broken) {
  std::vector<std::string> texts(std::begin(everyday_expressions) + 1, std::end(everyday_expressions));
  for (const auto& row : filter_rows("valid.tsv")) texts.push_back(row[1]);
  int tried = 0, right = 0;
  for (const std::string& text : texts)
    for (size_t at = 0; at < text.size(); at = std::min(text.find(' ', at), text.size()), at += at < text.size()) {
      const size_t end = std::min(text.find(' ', at), text.size());
      for (const char* instead : {"@", "zzz", "zz?z"}) {
        const std::string broken = text.substr(0, at) + instead + text.substr(end);
        const auto filter = Filter::parse(broken);
        if (filter) continue;
        const u32 expected = u32(at + 1) + (std::string_view(instead) == "zz?z" ? 2 : 0);
        ++tried;
        const bool good = filter.error().column == expected || (std::string_view(instead) == "zz?z" && filter.error().column == at + 1);
        right += good;
        if (!good && tried - right < 12)
          std::cout << "  " << broken.substr(0, 90) << ": expected " << expected << ", " << say(filter.error()) << '\n';
      }
    }
  std::cout << "  " << right << " of " << tried << " broken words found at their column\n";
  EXPECT_GE(right * 100, tried * 99);
}

TEST(FilterParse, inherits_qualifiers_as_libpcap_does) {
  const auto same = [](const char* one, const char* other) {
    const auto a = Filter::parse(one)->compile(LinkType::ethernet, bpf::Target::offline),
               b = Filter::parse(other)->compile(LinkType::ethernet, bpf::Target::offline);
    EXPECT_EQ(*a, *b) << one << " | " << other;
  };
  same("tcp dst port 80 or 443", "tcp dst port 80 or tcp dst port 443");
  same("host 10.0.0.1 and (10.0.0.2 or 10.0.0.3)", "host 10.0.0.1 and (host 10.0.0.2 or host 10.0.0.3)");
  same("port not 53 and not arp", "not port 53 and not arp");
  same("ip or tcp and udp", "(ip or tcp) and udp");
  same("ip && tcp || udp", "(ip and tcp) or udp");
  same("! ip", "not ip");
  same("net 10", "net 10.0.0.0/8");
  same("net 172.16 mask 255.255", "net 172.16.0.0/16");
  same("host 0x0a000001", "host 10.0.0.1");
  same("port 0120", "port 80");
  same("ip proto \\tcp", "ip proto 6");
  same("portrange 90-80", "portrange 80-90");
  same("ip[0] = 1 + 2 * 3", "ip[0] = 7");
  same("ip[0] = (1 + 2) * 3", "ip[0] == 9");
  same("10 = len", "len = 10");
}

TEST(FilterParse, does_not_fall_over_deep_or_long_text) {
  const std::string deep(100'000, '(');
  EXPECT_FALSE(Filter::parse(deep));
  EXPECT_FALSE(Filter::parse(deep + "ip" + std::string(100'000, ')')));
  std::string nots, sum = "1", chain = "ip", remainders = "ip[0]";
  for (int i = 0; i < 20'000; ++i) nots += "not ", sum += "+1", chain += i % 2 ? " and ip" : " or ip", remainders += " % ip[0]";
  EXPECT_FALSE(Filter::parse(nots + "ip"));
  EXPECT_FALSE(Filter::parse(sum + "=1"));
  EXPECT_FALSE(Filter::parse(remainders + "=1"));
  const auto filter = Filter::parse(chain);
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->compile(LinkType::ethernet, bpf::Target::offline)->instructions().size(), 4u);
}
