// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/display/display_filter.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "trawl/core/switches.hpp"
#include "trawl/dissect/packet.hpp"
#include "trawl/wire/link/ethernet.hpp"
#include "trawl/wire/net/ipv4.hpp"
#include "trawl/wire/transport/tcp.hpp"

using namespace trawl;
using namespace trawl::literals;

namespace {

struct Case {
  const char* text;
  bool expected;
};

// A SYN from 10.0.0.1:40000 to 192.0.2.9:80.
const Packet& syn() {
  static const Packet packet(wire::Ethernet{} / wire::Ipv4{wire::Ipv4::src = "10.0.0.1"_ip4, wire::Ipv4::dst = "192.0.2.9"_ip4} /
                             wire::Tcp{wire::Tcp::src_port = 40000, wire::Tcp::dst_port = 80, wire::Tcp::flags = 2});
  return packet;
}

bool matches(const char* text) {
  const auto filter = DisplayFilter::parse(text);
  if (!filter) return ADD_FAILURE() << text << ": " << name(filter.error().reason) << " at " << filter.error().column, false;
  return filter->matches(syn().frame(), {.number = 7});
}

}  // namespace

TEST(DisplayFilter, compares_fields_of_every_type) {
  const Case cases[] = {
      {"", true},
      {"tcp", true},
      {"udp", false},
      {"not udp", true},
      {"ip.src == 10.0.0.1", true},
      {"ip.addr == 192.0.2.0/24", true},
      {"ip.addr != 10.0.0.1", false},
      {"ip.addr ~= 10.0.0.1", true},
      {"ip.addr === 10.0.0.1", false},
      {"tcp.port == 80", true},
      {"all tcp.port > 79", true},
      {"all tcp.port > 80", false},
      {"tcp.port in {1, 79..81}", true},
      {"tcp.port in {1, 2}", false},
      {"tcp.flags.syn == 1 && !(tcp.flags.ack == 1)", true},
      {"tcp.flags & 0x02", true},
      {"tcp.flags & 0x10 != 0", false},
      {"frame.number == 7 and frame.len == 54", true},
      {"eth.type == 0x0800", true},
      {"eth.src[0:3] == 00:00:00", true},
      {"ip[8] == 40 or ip[9] == 06", true},
      {"tcp[0:2] == 9c:40", true},
      {"tcp.srcport > tcp.dstport", true},
      {"ip.src == ip.dst", false},
      {"count(tcp.port) == 2", true},
      {"len(ip.src) == 4", true},
      {"frame contains 0a:00:00:01", true},
      {"frame contains \"GET\"", false},
      {"frame.protocols contains \"tcp\"", true},
      {"tcp xor udp", true},
      {"udp or tcp and ip", true},
      {"ip.proto == TCP", true},
      {"ip.proto in {\"udp\", tcp}", true},
      {"eth.type != ipv4", false},
      {"ip.src#1 == 10.0.0.1", true},
      {"ip.src#2 == 10.0.0.1", false},
      {"ip.src#[-1,7] == 10.0.0.1", true},
      {"tcp#[1-2]", true},
      {"tcp#2", false},
      {"ip.ttl + 1 == 65", true},
      {"ip.ttl == 63 + 1", true},
      {"ip.ttl == 2 * {30 + 2}", true},
      {"ip.ttl - 65 == -1", true},
      {"-ip.ttl < 0", true},
      {"ip.ttl & 63 + 1 == 64", true},
      {"{ip.ttl & 63} + 1 == 64", false},
      {"ip.ttl / 0 == 1", false},
      {"ip.ttl % 10 == 4", true},
      {"tcp.port - 80", true},
      {"ip.ttl - 64", false},
      {"tcp.srcport - tcp.dstport == 39920", true},
      {"ip.ttl * 4611686018427387904 > 0", false},
  };
  for (const Case& one : cases) EXPECT_EQ(matches(one.text), one.expected) << one.text;
}

TEST(DisplayFilter, points_at_what_is_wrong) {
  const struct {
    const char* text;
    u32 column;
    Reason reason;
  } cases[] = {
      {"tcp.prot == 80", 1, Reason::unknown_name},
      {"tcp.port == eighty", 13, Reason::wrong_type},
      {"tcp.port ==", 12, Reason::unexpected_end},
      {"ip.src == 10.0.0.256", 11, Reason::wrong_type},
      {"ip.src == tcp.port", 11, Reason::wrong_type},
      {"tcp and", 8, Reason::unexpected_end},
      {"tcp udp", 5, Reason::unexpected_token},
      {"(tcp", 5, Reason::unexpected_end},
      {"tcp.port in {80", 16, Reason::unexpected_end},
      {"tcp.port contains \"a\"", 1, Reason::wrong_type},
      {"eth.src[x] == 1", 9, Reason::unexpected_token},
      {"lower(tcp.port) == \"a\"", 7, Reason::wrong_type},
      {"tcp.port == 80 $", 16, Reason::unexpected_character},
      {"ip.proto == \"no such\"", 13, Reason::unexpected_token},
      {"64 == ip.ttl", 1, Reason::wrong_type},
      {"ip.src + 1 == 10.0.0.2", 8, Reason::wrong_type},
      {"ip.ttl == 1 / 0", 13, Reason::out_of_range},
      {"ip.ttl == {1 + 2", 17, Reason::unexpected_end},
      {"ip.ttl#x == 1", 8, Reason::unexpected_token},
      {"frame.len#1 == 1", 10, Reason::wrong_type},
  };
  for (const auto& bad : cases) {
    const auto filter = DisplayFilter::parse(bad.text);
    ASSERT_FALSE(filter) << bad.text;
    EXPECT_EQ(filter.error().column, bad.column) << bad.text;
    EXPECT_EQ(filter.error().reason, bad.reason) << bad.text;
  }
}

#if TRAWL_WITH_DISPLAY
TEST(DisplayFilter, searches_with_regular_expressions) {
  EXPECT_TRUE(matches("frame matches \"\\\\x0a\\\\x00\\\\x00\\\\x01\""));
  EXPECT_TRUE(matches("frame.protocols matches r\"^ETH:.*tcp$\""));
  EXPECT_FALSE(matches("frame.protocols matches \"udp\""));
  EXPECT_FALSE(DisplayFilter::parse("frame matches \"(\""));
}
#endif

TEST(DisplayFilter, does_not_fall_over_deep_text) {
  EXPECT_FALSE(DisplayFilter::parse(std::string(100'000, '(')));
  std::string nots;
  for (int i = 0; i < 20'000; ++i) nots += "not ";
  EXPECT_FALSE(DisplayFilter::parse(nots + "tcp"));
  EXPECT_FALSE(DisplayFilter::parse("ip.ttl == " + std::string(100'000, '{')));
  std::string sum = "ip.ttl";
  for (int i = 0; i < 20'000; ++i) sum += " + ip.ttl";
  EXPECT_FALSE(DisplayFilter::parse(sum));
}

TEST(DisplayFilter, parses_what_tshark_is_asked) {
  std::ifstream file(std::string(TRAWL_SOURCE_DIR) + "/tests/display/filters.txt");
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto filter = DisplayFilter::parse(line);
    if (!filter && filter.error().reason == Reason::not_supported) continue;  // without regular expressions
    ASSERT_TRUE(filter) << line;
    EXPECT_EQ(filter->text(), line);
    filter->matches(syn().frame());
    ++count;
  }
  EXPECT_GE(count, 60);
}
