// SPDX-License-Identifier: Apache-2.0 OR MIT
// Pairs that answer each other, and pairs that nearly do. scapy's view of the same is in scapy_answers.py.
#include <algorithm>

#include <gtest/gtest.h>

#include "exchange/pairs.hpp"
#include "trawl/exchange/reply_matcher.hpp"

using namespace trawl;
using namespace trawl::testing_exchange;

namespace {

std::string name_of(const std::optional<AnswerKind>& kind) { return !kind ? "none" : *kind == AnswerKind::reply ? "reply" : "error"; }

TEST(Answers, are_what_the_protocols_of_both_packets_say) {
  for (const Pair& pair : pairs()) {
    EXPECT_FALSE(pair.packet.layers().count == 0 || pair.request.layers().count == 0) << pair.name;
    EXPECT_EQ(name_of(answers(pair.packet.layers(), pair.request.layers())), name_of(pair.kind)) << pair.name;
  }
}

TEST(Answers, are_found_by_key_wherever_a_comparison_finds_them) {
  for (const Pair& pair : pairs()) {
    ReplyMatcher matcher({&pair.request, 1});
    EXPECT_FALSE(matcher.match(pair.packet.layers())) << pair.name << ": it has not been sent";
    matcher.expect(0);
    const auto match = matcher.match(pair.packet.layers());
    EXPECT_EQ(match ? std::optional(match->kind) : std::nullopt, pair.kind) << pair.name;
    EXPECT_EQ(matcher.answered(0), pair.kind.has_value()) << pair.name;
  }
}

TEST(Answers, find_their_request_among_all_others) {
  std::vector<Packet> requests;
  for (const Pair& pair : pairs()) requests.push_back(pair.request);
  for (const Pair& pair : pairs()) {
    ReplyMatcher matcher(requests);
    for (u32 i = 0; i < requests.size(); ++i) matcher.expect(i);
    const auto match = matcher.match(pair.packet.layers());
    const bool known =
        std::any_of(requests.begin(), requests.end(), [&](const Packet& r) { return answers(pair.packet.layers(), r.layers()); });
    ASSERT_EQ(match.has_value(), known) << pair.name;
    if (match) { EXPECT_EQ(answers(pair.packet.layers(), requests[match->request].layers()), match->kind) << pair.name; }
  }
}

TEST(ReplyMatcher, gives_answers_to_equal_requests_in_their_order_and_then_again_to_the_first) {
  const std::vector<Packet> requests(3, pairs()[0].request);
  ASSERT_EQ(pairs()[0].kind, AnswerKind::reply);
  ReplyMatcher matcher(requests);
  for (u32 i = 0; i < 3; ++i) matcher.expect(i), matcher.expect(i);
  const auto& packet = pairs()[0].packet;
  for (u32 i = 0; i < 3; ++i) {
    const auto match = matcher.match(packet.layers());
    ASSERT_TRUE(match);
    EXPECT_EQ(match->request, i);
    EXPECT_TRUE(match->first);
  }
  const auto match = matcher.match(packet.layers());
  ASSERT_TRUE(match);
  EXPECT_EQ(match->request, 0u);
  EXPECT_FALSE(match->first);
  EXPECT_EQ(matcher.answered_count(), 3u);
}

TEST(ReplyMatcher, tells_requests_apart_by_the_number_of_the_datagram_that_a_message_quotes) {
  std::vector<Packet> requests;
  for (u16 hop = 1; hop <= 3; ++hop)
    requests.push_back(ip(ours, theirs, {.id = u16(700 + hop), .ttl = u8(hop)}, Udp{Udp::src_port = 4000, Udp::dst_port = 33434}));
  ReplyMatcher matcher(requests);
  for (u32 i = 0; i < 3; ++i) matcher.expect(i);
  for (const u32 i : {2u, 0u, 1u}) {
    const auto match = matcher.match(time_exceeded(requests[i]).layers());
    ASSERT_TRUE(match);
    EXPECT_EQ(match->request, i);
    EXPECT_TRUE(match->first);
  }
  // A translator has changed the number: it still answers one of them.
  ReplyMatcher again(requests);
  again.expect(1);
  EXPECT_EQ(again.match(time_exceeded(requests[2]).layers())->request, 1u);
}

TEST(ReplyMatcher, matches_ten_thousand_requests_with_replies_in_any_order) {
  std::vector<Packet> requests;
  for (u32 i = 0; i < 10'000; ++i)
    requests.push_back(
        ip(ours, theirs, {}, Tcp{Tcp::src_port = 40'000, Tcp::dst_port = u16(i + 1), Tcp::seq = i * 3, Tcp::flags = Tcp::Flag::syn}));
  ReplyMatcher matcher(requests);
  for (u32 i = 0; i < requests.size(); ++i) matcher.expect(i);
  for (u32 k = 0; k < requests.size(); ++k) {
    const u32 i = (k * 7919u) % 10'000;
    const Packet reply =
        ip(theirs, ours, {},
           Tcp{Tcp::src_port = u16(i + 1), Tcp::dst_port = 40'000, Tcp::ack = i * 3 + 1, Tcp::flags = Tcp::Flag::rst | Tcp::Flag::ack});
    const auto match = matcher.match(reply.layers());
    ASSERT_TRUE(match);
    ASSERT_EQ(match->request, i);
    ASSERT_TRUE(match->first);
  }
  EXPECT_EQ(matcher.answered_count(), requests.size());
}

}  // namespace
