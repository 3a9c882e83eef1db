// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "trawl/core/address.hpp"

using namespace trawl;
using namespace trawl::literals;

namespace {

bool judge(int family, const std::string& input, u8* octets) { return inet_pton(family, input.c_str(), octets) == 1; }

// Mostly well-formed texts with a few characters changed, so that both answers are frequent.
std::string random_text(std::mt19937& random, std::string_view alphabet, const std::string& start) {
  std::string result = start;
  for (unsigned n = random() % 4; n > 0 && !result.empty(); --n) {
    const size_t at = random() % result.size();
    const char c = alphabet[random() % alphabet.size()];
    switch (random() % 3) {
      case 0: result[at] = c; break;
      case 1: result.insert(at, 1, c); break;
      default: result.erase(at, 1);
    }
  }
  return result;
}

Ipv6Address random_ipv6(std::mt19937& random) {
  Ipv6Address address;
  for (u8& octet : address.octet) octet = u8(random());
  for (unsigned i = 0; i < 8; ++i)
    if (random() % 2) address.octet[2 * i] = address.octet[2 * i + 1] = 0;
  if (random() % 16 == 0) address = Ipv6Address{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, u8(random())}}};
  return address;
}

}  // namespace

TEST(Address, reads_the_forms_of_rfc_4291) {
  const struct {
    const char* in;
    const char* out;
  } cases[] = {
      {"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
      {"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
      {"FF01:0:0:0:0:0:0:101", "ff01::101"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"::", "::"},
      {"1::", "1::"},
      {"0:0:0:0:0:0:13.1.68.3", "::d01:4403"},
      {"::FFFF:129.144.52.38", "::ffff:129.144.52.38"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
  };
  for (const auto& c : cases) {
    const auto address = parse_ipv6(c.in);
    ASSERT_TRUE(address) << c.in;
    EXPECT_EQ(text(*address).view(), c.out);
  }
}

TEST(Address, refuses_what_is_not_an_ipv6_address) {
  for (const char* bad : {"", ":", ":::", "1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g", "1:2:3:4:5:6:7:8::",
                          "::1%eth0", "1:", ":1", "::1.2.3", "1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "::01.2.3.4"})
    EXPECT_FALSE(parse_ipv6(bad)) << bad;
}

TEST(Address, reads_ipv4_in_the_strict_form_only) {
  EXPECT_EQ(parse_ipv4("192.0.2.1"), "192.0.2.1"_ip4);
  EXPECT_EQ(text("255.255.255.255"_ip4).view(), "255.255.255.255");
  for (const char* bad :
       {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.04", "1.2.3.4 ", " 1.2.3.4", "1..2.3", "0x1.2.3.4", "1.2.3.", "1.2.3.0004"})
    EXPECT_FALSE(parse_ipv4(bad)) << bad;
}

TEST(Address, reads_macs_in_the_usual_spellings) {
  const MacAddress expected = "00:00:5e:00:53:01"_mac;
  for (const char* good :
       {"00:00:5e:00:53:01", "00-00-5E-00-53-01", "0:0:5e:0:53:1", "00.00.5e.00.53.01", "0000.5e00.5301", "0000:5e00:5301", "00005e005301"})
    EXPECT_EQ(parse_mac(good), expected) << good;
  EXPECT_EQ(text(expected).view(), "00:00:5e:00:53:01");
  for (const char* bad : {"", "0", "00:00:5e:00:53", "00:00:5e:00:53:01:02", "00:00-5e:00:53:01", "0000.5e00.530", "000:0:5e:0:53:1",
                          "00005e00530", "00005e0053012", "00:00:5e:00:53:0g", "0000-5e00-5301", "::::::", "00:00:5e:00:53:01 "})
    EXPECT_FALSE(parse_mac(bad)) << bad;
}

TEST(Address, says_the_same_of_random_texts_as_inet_pton) {
  std::mt19937 random(1);
  unsigned good = 0;
  for (int round = 0; round < 200'000; ++round) {
    u8 octets[16];
    const std::string v4 =
        random_text(random, "0123456789.x ", std::to_string(random() % 300) + '.' + std::to_string(random() % 300) + ".0.1");
    const auto address4 = parse_ipv4(v4);
    ASSERT_EQ(judge(AF_INET, v4, octets), address4.has_value()) << v4;
    if (address4) { ASSERT_EQ(Bytes(octets, 4), address4->bytes()) << v4; }

    const std::string v6 = random_text(random, "0123456789abcdefF::::.g", std::string(text(random_ipv6(random)).view()));
    const auto address6 = parse_ipv6(v6);
    ASSERT_EQ(judge(AF_INET6, v6, octets), address6.has_value()) << v6;
    if (address6) { ASSERT_EQ(Bytes(octets, 16), address6->bytes()) << v6; }
    good += address6.has_value();
  }
  EXPECT_GT(good, 20'000u);
}

// glibc differs from RFC 5952 5 in one point: it writes ::a.b.c.d (the deprecated IPv4-compatible form) with dots too.
TEST(Address, writes_random_ipv6_as_inet_ntop_does_but_for_ipv4_compatible_addresses) {
  std::mt19937 random(2);
  for (int round = 0; round < 200'000; ++round) {
    const Ipv6Address address = random_ipv6(random);
    char expected[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, address.octet, expected, sizeof expected);
    const auto ours = text(address);
    EXPECT_EQ(parse_ipv6(ours), address);
    const std::string_view judged = expected;
    if (judged.starts_with("::") && judged.find('.') != judged.npos && !judged.starts_with("::ffff:")) continue;
    ASSERT_EQ(ours.view(), judged);
  }
}

TEST(Address, tells_prefixes_by_their_leading_bits) {
  const Prefix<Ipv4Address> net{"10.128.0.0"_ip4, 9};
  EXPECT_TRUE(net.contains("10.255.1.2"_ip4));
  EXPECT_FALSE(net.contains("10.127.255.255"_ip4));
  EXPECT_TRUE((Prefix<Ipv4Address>{{}, 0}).contains("1.2.3.4"_ip4));
}
