// SPDX-License-Identifier: Apache-2.0 OR MIT
// Words of single link types, and every link type against random bytes: what is optimized may not change a verdict.
#include <gtest/gtest.h>

#include <array>

#include "vectors.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

constexpr const char* words[] = {
    "ip",
    "tcp port 80",
    "not ip6",
    "host 10.0.0.1 or 10.0.0.2",
    "udp[4:2] > 100 or arp",
    "iso or stp or ipx or atalk or netbeui or aarp",
    "l1 or isis proto 20",
    "esis and not clnp",
    "decnet host 10.15 or decnet src 1.1",
    "ip proto 50 or ip6 protochain 6",
    "protochain 51",
    "link[0] = 1 or byte 1 & 4",
    "inbound",
    "not outbound and tcp",
    "link host 00:11:22:33:44:55",
    "link src host $12 or broadcast",
    "multicast or ip multicast",
    "vlan 5 and tcp",
    "vlan and vlan 6 and ip6",
    "mpls 16 and mpls and ip host 10.0.0.1",
    "pppoed or pppoes 7 and tcp port 22",
    "geneve 5 and tcp port 80",
    "geneve and vlan and ether host 00:11:22:33:44:55",
    "vxlan and arp or vxlan 9 and ip6",
    "llc",
    "llc s or llc sabme or llc rnr",
    "type mgt subtype beacon",
    "subtype qos-data and ip or dir fromds",
    "wlan src 00:11:22:33:44:55 or wlan ra 00:11:22:33:44:55",
    "wlan ta 00:11:22:33:44:55 and not wlan addr2 00:11:22:33:44:56",
    "radio[2:2] > 5 and tcp[13] = 2",
    "on em0 or rset abcdefg and rnr 5",
    "reason match or action pass and srnr 3",
    "vpi 0 and vci > 32 or lane and ip",
    "lane and ether host 00:11:22:33:44:55",
    "metac or bcc or oam or connectmsg and not metaconnect",
    "fisu or lssu or hmsu",
    "sio 3 and opc (1 or 2 or 3) or dpc > 100",
    "hsio != 5 and hopc 7 or hdpc < 9 and hsls >= 2",
    "ip[0] & 0xf > 5 and ip6[6] = 6",
};

// Bytes that often are what the words look for.
Packet plausible(Random& random) {
  constexpr u8 likely[] = {0,    0,    0,    1,    2,    4,    6,    8,    0x45, 0x60, 0x11, 0x50,
                           0x81, 0x88, 0xaa, 0x03, 0xdd, 0x86, 0x17, 0xc1, 0x12, 0xb5, 0x65, 0x58};
  Packet packet;
  packet.bytes.resize(random() % 120);
  for (u8& byte : packet.bytes) byte = random() % 3 ? likely[random() % std::size(likely)] : u8(random());
  packet.original_length = u32(packet.bytes.size()) + random() % 3;
  return packet;
}

}  // namespace

TEST(LinkTypes, keep_every_verdict_when_optimized) {
  Random random;
  size_t compiled = 0;
  for (const LinkTypeEntry& entry : link_types())
    for (const char* text : words)
      for (const auto target : {bpf::Target::live, bpf::Target::offline}) {
        const auto filter = Filter::parse(text);
        ASSERT_TRUE(filter) << text << ' ' << say(filter.error());
        CompileOptions options = vector_options;
        const auto optimized = filter->compile(entry.number, target, options);
        options.optimize = false;
        const auto plain = filter->compile(entry.number, target, options);
        ASSERT_EQ(optimized.has_value(), plain.has_value()) << text;
        if (!optimized) {
          EXPECT_TRUE(optimized.error().reason == Reason::not_supported || optimized.error().reason == Reason::needs_live_capture)
              << entry.dlt_name << ' ' << text << ' ' << say(optimized.error());
          EXPECT_GT(optimized.error().column, 0u) << text;
          continue;
        }
        ++compiled;
        for (int i = 0; i < 60; ++i) {
          const Packet packet = plausible(random);
          const Frame frame = frame_of(packet, entry.number);
          ASSERT_EQ(optimized->matches(frame), plain->matches(frame)) << entry.dlt_name << ' ' << text;
        }
      }
  EXPECT_GT(compiled, 1500u);
}

TEST(Protochain, ends_on_a_header_that_points_at_itself) {
  // IPv6, then AH whose length byte leads libpcap's program back to the same header for ever.
  std::array<u8, 60> packet{};
  packet[0] = 0x60, packet[5] = 20, packet[6] = 51, packet[40] = 51, packet[41] = 8;
  const Frame frame{.bytes = Bytes(packet.data(), packet.size()), .original_length = 60, .link = LinkType::raw};
  for (const auto target : {bpf::Target::live, bpf::Target::offline})
    EXPECT_FALSE(Filter::parse("ip6 protochain 6")->compile(LinkType::raw, target)->matches(frame));
}

TEST(Protochain, follows_authentication_and_extension_headers) {
  // hop-by-hop (8 bytes), AH (24 bytes), fragment, then UDP
  std::array<u8, 88> packet{};
  packet[0] = 0x60, packet[6] = 0, packet[40] = 51, packet[48] = 44, packet[49] = 4, packet[72] = 17;
  const Frame frame{.bytes = Bytes(packet.data(), packet.size()), .original_length = 88, .link = LinkType::ipv6};
  for (const auto target : {bpf::Target::live, bpf::Target::offline}) {
    EXPECT_TRUE(Filter::parse("ip6 protochain 17")->compile(LinkType::ipv6, target)->matches(frame));
    EXPECT_TRUE(Filter::parse("ip6 protochain 51")->compile(LinkType::ipv6, target)->matches(frame));
    EXPECT_FALSE(Filter::parse("ip6 protochain 6")->compile(LinkType::ipv6, target)->matches(frame));
    EXPECT_FALSE(Filter::parse("ip6 protochain 60")->compile(LinkType::ipv6, target)->matches(frame));
  }
}

TEST(Qualifiers, are_inherited_from_before_a_parenthesis) {
  EXPECT_FALSE(Filter::parse("(tcp port 80) or 443"));
  const auto same = [](const char* one, const char* other) {
    EXPECT_EQ(*Filter::parse(one)->compile(LinkType::ethernet, bpf::Target::offline),
              *Filter::parse(other)->compile(LinkType::ethernet, bpf::Target::offline));
  };
  same("host 10.0.0.1 and (tcp port 80) or 10.0.0.2", "host 10.0.0.1 and tcp port 80 or host 10.0.0.2");
}
