// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "expressions.hpp"
#include "trawl/filter/filter_words.hpp"

using namespace trawl;
using namespace trawl::test;

TEST(FilterWords, can_all_be_used) {
  for (const FilterWord& word : filter_words()) {
    if (word.text == "gateway") continue;  // needs a name that this machine knows
    ASSERT_NE(word.example.find(word.text), std::string::npos) << word.text;
    const auto filter = Filter::parse(word.example);
    ASSERT_TRUE(filter) << word.example << ": " << say(filter.error());
    EXPECT_EQ(filter->text(), word.example);
    for (const auto target : {bpf::Target::live, bpf::Target::offline}) {
      const auto program = filter->compile(word.link, target, vector_options);
      EXPECT_TRUE(program) << word.example << ": " << say(program.error());
    }
  }
}

TEST(FilterWords, are_all_that_a_filter_of_one_word_may_be) {
  const auto words = filter_words();
  std::set<std::string> known;
  for (const FilterWord& word : words) known.insert(word.text);
  for (const char* text :
       {"tcp", "ether", "es-is", "portrange", "gateway", "tcp-syn", "icmp6-echo", "beacon", "sabme", "ip.ttl", "tcp.flags.syn"})
    EXPECT_TRUE(known.contains(text)) << text;
  for (const auto kind :
       {FilterWordKind::protocol, FilterWordKind::keyword, FilterWordKind::constant, FilterWordKind::value, FilterWordKind::field})
    EXPECT_GT(std::ranges::count(words, kind, &FilterWord::kind), 20) << int(kind);
  for (const auto& row : filter_rows("valid.tsv")) {
    const std::string first = row[1].substr(0, row[1].find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
    EXPECT_TRUE(first != row[1] || first.empty() || known.contains(first)) << row[1];
  }
}

// Nothing is shared that is written: judged by ThreadSanitizer where it is on.
TEST(FilterThreads, compile_the_same_programs_at_the_same_time) {
  constexpr int threads = 8;
  const auto shared = *Filter::parse("host in {10.0.0.0/8, 192.0.2.1..9} and port 80 or vlan and tcp port 443");
  std::vector<std::vector<bpf::Program>> results(threads);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&shared, &result = results[size_t(i)]] {
      for (int round = 0; round < 5; ++round)
        for (const char* text : everyday_expressions) {
          for (const auto& filter : {Filter::parse(text), Result<Filter>(shared)}) {
            const auto program = filter->compile(LinkType::ethernet, round % 2 ? bpf::Target::live : bpf::Target::offline, vector_options);
            if (program) result.push_back(*program);
          }
          (void)Filter::parse("prot 80").error();
        }
    });
  for (std::thread& thread : running) thread.join();
  EXPECT_GT(results[0].size(), 300u);
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
}
