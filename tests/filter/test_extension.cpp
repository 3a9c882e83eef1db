// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "vectors.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

bpf::Program compile(const std::string& text, LinkType link = LinkType::ethernet, bpf::Target target = bpf::Target::offline) {
  const auto filter = Filter::parse(text, {.files = true});
  if (!filter) return ADD_FAILURE() << text << ": " << say(filter.error()), bpf::Program::reject_all(link);
  const auto program = filter->compile(link, target, vector_options);
  if (!program) return ADD_FAILURE() << text << ": " << say(program.error()), bpf::Program::reject_all(link);
  return *program;
}

// The same verdicts on generated packets.
void same(const std::string& one, const std::string& other, LinkType link = LinkType::ethernet) {
  const auto a = compile(one, link), b = compile(other, link);
  Random random;
  int matched = 0;
  for (int i = 0; i < 4000; ++i) {
    const Packet packet = random_packet(random, link);
    const bool expected = b.matches(frame_of(packet, link));
    matched += expected;
    ASSERT_EQ(a.matches(frame_of(packet, link)), expected) << one << " | " << other;
  }
  EXPECT_GT(matched, 0) << other;
}

u32 column_of(const std::string& text) {
  const auto filter = Filter::parse(text);
  return filter ? 0 : filter.error().column;
}

std::vector<u8> hex(std::string_view text) {
  std::vector<u8> bytes;
  const auto digit = [](char c) { return u8(c <= '9' ? c - '0' : c - 'a' + 10); };
  for (size_t i = 0; i + 1 < text.size(); i += 2) bytes.push_back(u8(digit(text[i]) << 4 | digit(text[i + 1])));
  return bytes;
}
bool matches(const bpf::Program& program, const std::vector<u8>& bytes) {
  return program.matches({.bytes = Bytes(bytes.data(), bytes.size()), .original_length = u32(bytes.size()), .link = program.link_type()});
}

}  // namespace

TEST(Sets, hold_ports_and_ranges) {
  same("port in {80, 443, 8000..8080}", "port 80 or port 443 or portrange 8000-8080");
  same("tcp dst port in {http, 22}", "tcp dst port 80 or 22");
  same("not udp port in {53}", "not udp port 53");
}

TEST(Sets, hold_mac_addresses) {
  same("ether host in {00:11:22:33:44:55}", "ether host 00:11:22:33:44:55");
  same("ether src in {00:11:22:33:44:55, ff:ff:ff:ff:ff:ff} and ip", "ip and (ether src 00:11:22:33:44:55 or ether src ff:ff:ff:ff:ff:ff)");
  const std::string path = testing::TempDir() + "trawl-macs.txt";
  std::ofstream(path) << "# cards\n02:00:00:00:00:01\n0200.0000.0002 # two\n00-1b-21-00-00-03\n";
  const std::string file = "{\"" + path + "\"}";
  const char* const addresses[] = {"020000000001", "020000000002", "001b21000003", "020000000003", "001b21000001", "ffffffffffff"};
  for (const auto& [word, source, destination] : {std::tuple{"src ", true, false}, {"dst ", false, true}, {"", true, true}}) {
    const auto program =
        *Filter::parse(std::string("ether ") + word + "host in " + file, {.files = true})->compile(LinkType::ethernet, bpf::Target::live);
    const auto none = *Filter::parse(std::string("not ether ") + word + "host in " + file, {.files = true})
                           ->compile(LinkType::ethernet, bpf::Target::live);
    for (int from = 0; from < 6; ++from)
      for (int to = 0; to < 6; ++to) {
        const auto packet = hex(std::string(addresses[to]) + addresses[from] + "0800");
        const bool expected = (source && from < 3) || (destination && to < 3);
        EXPECT_EQ(matches(program, packet), expected) << word << from << ' ' << to;
        EXPECT_EQ(matches(none, packet), !expected) << word << from << ' ' << to;
      }
  }
  std::remove(path.c_str());
  EXPECT_EQ(column_of("ether host in {10.0.0.1}"), 16u);
  EXPECT_EQ(column_of("host in {02:00:00:00:00:01}"), 10u);
}

TEST(Sets, of_mac_addresses_go_with_every_link_type_that_has_them) {
  const auto wlan = compile("wlan addr2 in {02:00:00:00:00:01, 02:00:00:00:00:02}", LinkType::ieee802_11);
  EXPECT_TRUE(matches(wlan, hex("08000000ffffffffffff020000000002ffffffffffff0000")));
  EXPECT_FALSE(matches(wlan, hex("08000000ffffffffffff020000000003ffffffffffff0000")));
  const auto host = compile("wlan host in {02:00:00:00:00:01, 02:00:00:00:00:02}", LinkType::ieee802_11);
  EXPECT_TRUE(matches(host, hex("08000000020000000001020000000003ffffffffffff0000")));
  EXPECT_FALSE(matches(host, hex("08000000ffffffffffff020000000003ffffffffffff0000")));
  const auto raw = Filter::parse("ether src in {02:00:00:00:00:01, 02:00:00:00:00:02}")->compile(LinkType::raw, bpf::Target::offline);
  EXPECT_EQ(raw.error().reason, Reason::not_supported);
}

TEST(Sets, hold_the_source_and_the_destination_both) {
  same("src and dst port in {80, 443}", "src port in {80, 443} and dst port in {80, 443}");
  same("src and dst host in {10.0.0.0/8, 192.168.0.0/16}",
       "src net (10.0.0.0/8 or 192.168.0.0/16) and dst net (10.0.0.0/8 or 192.168.0.0/16)");
  same("src or dst port in {80, 443}", "port 80 or port 443");
  same("arp or src and dst port in {80} and ip", "(arp or (src port 80 and dst port 80)) and ip");
  same("not src and dst host in {10.0.0.1, 10.0.0.2}", "not (src host (10.0.0.1 or 10.0.0.2) and dst host (10.0.0.1 or 10.0.0.2))");
  const auto program =
      *Filter::parse("ether src and dst in {02:00:00:00:00:01, 02:00:00:00:00:02}")->compile(LinkType::ethernet, bpf::Target::live);
  EXPECT_TRUE(matches(program, hex("0200000000010200000000020800")));
  EXPECT_FALSE(matches(program, hex("0200000000010200000000030800")));
  EXPECT_FALSE(matches(program, hex("0200000000030200000000020800")));
}

TEST(Sets, hold_hosts_and_networks) {
  same("host in {10.0.0.1, 192.168.0.0/16}", "host 10.0.0.1 or net 192.168.0.0/16");
  same("src host in {10.0.0.1..10.0.0.3}", "src host 10.0.0.1 or 10.0.0.2 or 10.0.0.3");
  same("ip src net in {10.0.0.0/30}", "ip src net 10.0.0.0/30");
  same("ip host in {10.0.0.1..3}", "ip host 10.0.0.1 or 10.0.0.2 or 10.0.0.3");
  same("host in {2001:db8::1, 2001:db8::2}", "host 2001:db8::1 or 2001:db8::2");
}

TEST(Sets, are_read_from_files_where_that_is_allowed) {
  const std::string path = testing::TempDir() + "trawl-set";
  std::ofstream(path) << "# hosts\n10.0.0.1\n\n192.168.0.0/16  # a network\n";
  same("host in {\"" + path + "\", 10.0.0.2}", "host 10.0.0.1 or net 192.168.0.0/16 or host 10.0.0.2");
  EXPECT_EQ(Filter::parse("host in {\"" + path + "\"}").error().reason, Reason::no_permission);
  std::remove(path.c_str());
}

TEST(Fields, have_the_names_of_the_display_filter) {
  same("ip.ttl < 5", "ip[8] < 5");
  same("ip.ttl in {1, 60..70}", "ip[8] = 1 or (ip[8] >= 60 and ip[8] <= 70)");
  same("ip.src == 10.0.0.1", "ip src host 10.0.0.1");
  same("ip.hdr_len > 20", "ip[0] & 0xf > 5");
  same("ip.proto != 6", "ip and not ip proto 6");
  same("eth.type == 0x0806", "ether proto 0x0806");
  same("udp.dstport >= 5000", "udp dst portrange 5000-65535");
  same("tcp.flags.syn and ip", "tcp[13] & 2 != 0");
  same("not tcp.flags.ack and ip", "ip and not (tcp[13] & 16 != 0)");
}

TEST(Fields, point_at_what_is_wrong) {
  EXPECT_EQ(column_of("ip.ttl < 500"), 10u);
  EXPECT_EQ(column_of("ip.ttl"), 7u);
  EXPECT_EQ(column_of("ip.tll < 5"), 1u);
  EXPECT_EQ(column_of("port in {80, }"), 14u);
  EXPECT_EQ(column_of("port in {80"), 12u);
  EXPECT_EQ(column_of("port in {90..80}"), 10u);
  EXPECT_EQ(column_of("vlan 5 { tcp"), 13u);
  EXPECT_EQ(column_of("inner(tcp){ip}"), 7u);
  EXPECT_EQ(column_of("tcp { ip }"), 5u);
}

TEST(Fragments, are_told_apart) {
  same("frag(first)",
       "(ip[6:2] & 0x2000 != 0 and ip[6:2] & 0x1fff = 0) or (ip6[6] = 44 and ip6[42:2] & 1 != 0 and ip6[42:2] & 0xfff8 = 0)");
  same("frag(later)", "ip[6:2] & 0x1fff != 0 or (ip6[6] = 44 and ip6[42:2] & 0xfff8 != 0)");
  EXPECT_EQ(column_of("frag(last)"), 6u);
  EXPECT_EQ(column_of("frag(first"), 11u);
}

TEST(Tunnels, may_have_another_port) {
  const std::string ethernet = "0011223344550011223344550800", ip = "45000046000000004011000000000000"
                                                                    "00000000";
  const auto udp = [&](const std::string& port, const std::string& vxlan) { return ethernet + ip + "1234" + port + "00320000" + vxlan; };
  const std::string inside = "0800000000000700" + ethernet + "4500001400000000400600000a0000010a000002";
  const auto other = hex(udp("2118", inside)), usual = hex(udp("12b5", inside));
  EXPECT_TRUE(matches(compile("vxlan:port=8472 7 and host 10.0.0.1"), other));
  EXPECT_TRUE(matches(compile("inner(vxlan:port=8472){ tcp }"), other));
  EXPECT_FALSE(matches(compile("vxlan:port=8472 8"), other));
  EXPECT_FALSE(matches(compile("vxlan:port=8472"), usual));
  EXPECT_TRUE(matches(compile("vxlan and host 10.0.0.1"), usual));
  EXPECT_FALSE(matches(compile("vxlan"), other));
  EXPECT_EQ(column_of("vxlan:port=70000"), 12u);
  EXPECT_EQ(column_of("geneve:prt=1"), 8u);
  EXPECT_EQ(column_of("mpls:port=1"), 5u);
}

TEST(Scopes, end_where_they_end) {
  same("vlan 10 { ip } or arp", "arp or (vlan 10 and ip)");
  same("vlan(10){ip} or vlan(20){ip}", "vlan and ip and (link[14:2] & 0xfff = 10 or link[14:2] & 0xfff = 20)");
  same("inner(vlan 10){ip}", "vlan 10 and ip");
  same("any{ip} and not vlan", "ip");
  same("vlan { outer{ link[12:2] = 0x8100 } }", "link[12:2] = 0x8100");
}

TEST(Scopes, find_a_tag_that_the_kernel_took_off) {
  const auto program = compile("vlan 10 {ip} or vlan 11 {ip6}", LinkType::ethernet, bpf::Target::live);
  auto bytes = hex("0011223344550011223344550800450000140000000040110000000000000000000000");
  Frame frame{.bytes = Bytes(bytes.data(), bytes.size()), .original_length = u32(bytes.size())};
  frame.info.has_vlan = true, frame.info.vlan_tci = 10;
  EXPECT_TRUE(program.matches(frame));
  frame.info.vlan_tci = 11;
  EXPECT_FALSE(program.matches(frame));
  bytes[12] = 0x86, bytes[13] = 0xdd;
  EXPECT_TRUE(program.matches(frame));
}

TEST(Any, looks_through_tags_and_ipv6_extension_headers) {
  const std::string ethernet = "001122334455001122334455", tag = "8100000a", ipv6 = "86dd600000000010";
  const std::string addresses = "40" + std::string(64, '0'), options = "1100000000000000", udp = "0035123400080000";
  for (const auto target : {bpf::Target::live, bpf::Target::offline}) {
    const auto program = compile("any{udp port 53}", LinkType::ethernet, target);
    EXPECT_TRUE(matches(program, hex(ethernet + ipv6 + "11" + addresses + udp)));
    EXPECT_TRUE(matches(program, hex(ethernet + ipv6 + "00" + addresses + options + udp)));
    EXPECT_TRUE(matches(program, hex(ethernet + tag + ipv6 + "3c" + addresses + options + udp)));
    EXPECT_TRUE(matches(program, hex(ethernet + tag + tag + ipv6 + "11" + addresses + udp)));
    EXPECT_FALSE(matches(program, hex(ethernet + tag + tag + tag + ipv6 + "11" + addresses + udp)));
    EXPECT_FALSE(matches(compile("udp port 53", LinkType::ethernet, target), hex(ethernet + ipv6 + "00" + addresses + options + udp)));
  }
}
