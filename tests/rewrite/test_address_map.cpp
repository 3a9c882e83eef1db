// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <set>

#include "trawl/rewrite/address_map.hpp"

using namespace trawl;
using namespace trawl::literals;

namespace {

const AnonymizationKey key = *AnonymizationKey::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
const AnonymizationKey other_key = *AnonymizationKey::parse(" 100102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

template <size_t N> unsigned common(const Octets<N>& a, const Octets<N>& b) {
  for (unsigned i = 0; i < N; ++i)
    if (a.octet[i] != b.octet[i]) return 8 * i + unsigned(std::countl_zero(u8(a.octet[i] ^ b.octet[i])));
  return 8 * N;
}

/// Random addresses, of which each shares a random number of bits with the one before.
template <class A> std::vector<A> neighbours(size_t count) {
  std::mt19937 random(1);
  std::vector<A> addresses(1);
  while (addresses.size() < count) {
    A next = addresses.back();
    const unsigned from = unsigned(random() % (8 * sizeof next.octet));
    next.octet[from / 8] ^= u8(0x80 >> from % 8);
    for (unsigned bit = from + 1; bit < 8 * sizeof next.octet; ++bit)
      if (random() & 1) next.octet[bit / 8] ^= u8(0x80 >> bit % 8);
    addresses.push_back(next);
  }
  return addresses;
}

template <class A> void expect_prefixes(std::span<const A> addresses, AddressMap& map, const auto& counts) {
  for (size_t i = 0; i < addresses.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      if (!counts(addresses[i]) || !counts(addresses[j])) continue;
      ASSERT_EQ(common(addresses[i], addresses[j]), common(map(addresses[i]), map(addresses[j])))
          << text(addresses[i]).view() << " " << text(addresses[j]).view();
    }
}

TEST(AddressMap, keeps_the_length_of_every_common_prefix) {
  AddressMap map(key);
  const auto ipv4 = neighbours<Ipv4Address>(300);
  expect_prefixes<Ipv4Address>(ipv4, map, [](const Ipv4Address& a) { return a != "0.0.0.0"_ip4; });
  const auto ipv6 = neighbours<Ipv6Address>(200);
  expect_prefixes<Ipv6Address>(ipv6, map, [](const Ipv6Address& a) { return a != Ipv6Address{}; });
}

TEST(AddressMap, gives_the_same_address_for_the_same_key_and_another_for_another) {
  AddressMap a(key), again(key), b(other_key);
  EXPECT_EQ(a("198.51.100.7"_ip4), again("198.51.100.7"_ip4));
  EXPECT_NE(a("198.51.100.7"_ip4), b("198.51.100.7"_ip4));
  EXPECT_NE(a("198.51.100.7"_ip4), "198.51.100.7"_ip4);
  EXPECT_EQ(a("2001:db8::7"_ip6), again("2001:db8::7"_ip6));
  EXPECT_NE(a("2001:db8::7"_ip6), b("2001:db8::7"_ip6));
}

// The value was computed by the definition in the header with Python's hmac module: it must never change, for users keep keys.
TEST(AddressMap, gives_what_its_definition_says) {
  AddressMap map(key);
  EXPECT_EQ(text(map("198.51.100.7"_ip4)).view(), "210.249.185.175");
  EXPECT_EQ(text(map("2001:db8::7"_ip6)).view(), "5567:324b:c013:8193:1f3a:1ee4:8c17:1d39");
  EXPECT_EQ(text(map("00:1b:21:3c:9d:f8"_mac)).view(), "ac:f7:99:c3:19:ce");
}

TEST(AddressMap, is_one_to_one_within_a_network) {
  AddressMap map(key);
  std::set<Ipv4Address> seen;
  for (unsigned i = 0; i < 65536; ++i) seen.insert(map(Ipv4Address{{{10, 1, u8(i >> 8), u8(i)}}}));
  EXPECT_EQ(seen.size(), 65536u);
}

TEST(AddressMap, keeps_what_means_the_same_everywhere) {
  AddressMap map(key);
  for (const auto& a : {"0.0.0.0"_ip4, "255.255.255.255"_ip4, "127.0.0.1"_ip4, "127.1.2.3"_ip4, "224.0.0.251"_ip4, "224.9.8.7"_ip4})
    EXPECT_EQ(map(a), a) << text(a).view();
  for (const auto& a : {"::"_ip6, "::1"_ip6, "ff02::1"_ip6, "ff02::fb"_ip6, "ff05::1:3"_ip6}) EXPECT_EQ(map(a), a) << text(a).view();
  for (const auto& a :
       {"00:00:00:00:00:00"_mac, "ff:ff:ff:ff:ff:ff"_mac, "01:80:c2:00:00:0e"_mac, "01:00:5e:00:00:fb"_mac, "33:33:00:00:00:fb"_mac})
    EXPECT_EQ(map(a), a) << text(a).view();
}

TEST(AddressMap, changes_what_follows_a_kept_prefix) {
  AddressMap map(key, {});
  const auto starts = [&](const auto& from, unsigned bits) {
    const auto to = map(from);
    EXPECT_NE(to, from) << text(from).view();
    EXPECT_GE(common(from, to), bits) << text(from).view();
  };
  starts("169.254.7.9"_ip4, 16), starts("239.192.17.4"_ip4, 8), starts("233.252.0.1"_ip4, 8);
  starts("fe80::21b:21ff:fe3c:9df8"_ip6, 64), starts("ff35:40:2001:db8::1"_ip6, 16), starts("ff02::1:ff3c:9df8"_ip6, 104);
  starts("33:33:ff:3c:9d:f8"_mac, 24), starts("01:00:5e:40:11:04"_mac, 25), starts("33:33:12:34:56:78"_mac, 16);
  const auto group = map("ff02::1:ff3c:9df8"_ip6);
  const auto mac = map("33:33:ff:3c:9d:f8"_mac);
  EXPECT_TRUE(std::equal(mac.octet + 2, mac.octet + 6, group.octet + 12));
}

TEST(AddressMap, keeps_prefixes_that_it_is_told_to) {
  const Prefix<Ipv4Address> ten{"10.0.0.0"_ip4, 8}, host{"192.0.2.7"_ip4, 32};
  const Prefix<Ipv6Address> doc{"2001:db8::"_ip6, 32};
  const Prefix<Ipv4Address> kept[] = {ten, host};
  AddressMap map(key, {.keep_ipv4 = kept, .keep_ipv6 = {&doc, 1}});
  EXPECT_TRUE(ten.contains(map("10.1.2.3"_ip4)));
  EXPECT_NE(map("10.1.2.3"_ip4), "10.1.2.3"_ip4);
  EXPECT_FALSE(ten.contains(map("11.1.2.3"_ip4)));
  EXPECT_EQ(map("192.0.2.7"_ip4), "192.0.2.7"_ip4);
  EXPECT_TRUE(doc.contains(map("2001:db8:1::5"_ip6)));
}

TEST(AddressMap, leaves_of_a_mac_address_what_the_policy_says) {
  const auto mac = "00:1b:21:3c:9d:f8"_mac, local = "02:42:ac:11:00:02"_mac;
  AddressMap all(key), vendor(key, {.mac = MacPolicy::keep_vendor}), none(key, {.mac = MacPolicy::keep});
  EXPECT_LT(common(mac, all(mac)), 24u);
  EXPECT_GE(common(mac, vendor(mac)), 24u);
  EXPECT_NE(vendor(mac), mac);
  EXPECT_EQ(none(mac), mac);
  for (const auto& a : {mac, local}) EXPECT_EQ(all(a).octet[0] & 3, a.octet[0] & 3) << "a group or a local address stays one";
}

TEST(AddressMap, replaces_labels_whatever_their_case) {
  AddressMap map(key);
  const auto replaced = [&](std::string label) {
    map.replace_label({reinterpret_cast<u8*>(label.data()), label.size()});
    return label;
  };
  EXPECT_EQ(replaced("Printer"), replaced("pRINTER"));
  EXPECT_NE(replaced("printer"), "printer");
  EXPECT_NE(replaced("printer"), replaced("printes"));
  EXPECT_EQ(replaced(std::string(63, 'x')).size(), 63u);
  EXPECT_EQ(replaced("_http"), "_http");
  EXPECT_EQ(replaced("in-addr"), "in-addr");
}

TEST(AnonymizationKey, is_64_hex_digits) {
  EXPECT_EQ(key.octet[31], 0x1f);
  for (const auto* text : {"", "00", "g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"})
    EXPECT_FALSE(AnonymizationKey::parse(text)) << text;
  EXPECT_NE(*AnonymizationKey::random(), *AnonymizationKey::random());
  char room[64];
  TextOut out(room);
  put(out, key);
  EXPECT_EQ(AnonymizationKey::parse(out.view()), key);
}

}  // namespace
