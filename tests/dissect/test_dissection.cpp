// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "trawl/dissect/field_name.hpp"
#include "trawl/dissect/value_text.hpp"
#include "trawl/wire/stack.hpp"

using namespace trawl;
using namespace trawl::wire;
using namespace trawl::literals;

namespace {

template <class L> std::vector<u8> bytes_of(const L& layers) {
  std::vector<u8> buffer(size_of(layers));
  EXPECT_TRUE(compose(layers, buffer).has_value());
  return buffer;
}
Frame frame_of(const std::vector<u8>& bytes, LinkType link = LinkType::ethernet) {
  Frame f;
  f.bytes = std::span<const u8>(bytes);
  f.original_length = u32(bytes.size());
  f.link = link;
  return f;
}
std::string layers_of(const Dissection& d) {
  char text[512];
  TextOut out(text);
  put_protocols(out, d);
  return std::string(out.view());
}
std::string field(std::string_view name, const Frame& frame) {
  const auto resolved = FieldName::resolve(name);
  EXPECT_TRUE(resolved.has_value()) << name;
  if (!resolved) return "?";
  std::string all;
  const Dissection d = dissect(frame);
  const auto visit = [&](const Seen& s) {
    char text[300];
    TextOut out(text);
    put_value(out, s);
    if (!all.empty()) all += '|';
    all += out.view();
  };
  resolved->each(d, frame, FrameContext{.number = 1}, visit);
  return all;
}

const auto tcp_packet = bytes_of(Ethernet{} / Vlan{Vlan::id = 5} / Ipv4{Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4} /
                                 Tcp{Tcp::src_port = 40000, Tcp::dst_port = 80, Tcp::flags = Tcp::Flag::psh | Tcp::Flag::ack}.with(
                                     Tcp::options(Nop{}, Nop{}, Timestamps{Timestamps::value = 1u, Timestamps::echo = 2u})) /
                                 Payload{"hello"});

TEST(Dissection, finds_the_layers_of_a_packet) {
  const Dissection d = dissect(frame_of(tcp_packet));
  EXPECT_EQ(layers_of(d), "eth:ethertype:vlan:ethertype:ip:tcp:data");
  EXPECT_FALSE(d.fault);
  const auto tcp = d.find<Tcp>();
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp[Tcp::dst_port], 80);
  EXPECT_EQ(tcp.payload.text(), "hello");
  EXPECT_FALSE(d.find<Udp>());
  EXPECT_EQ(find<Timestamps>(tcp[Tcp::options])[Timestamps::echo], 2u);
}

TEST(Dissection, resolves_names_of_fields_options_bits_aliases_and_computed_fields) {
  const Frame f = frame_of(tcp_packet);
  EXPECT_EQ(field("tcp.dstport", f), "80");
  EXPECT_EQ(field("tcp.port", f), "40000|80");
  EXPECT_EQ(field("ip.addr", f), "192.0.2.7|192.0.2.1");
  EXPECT_EQ(field("tcp.flags", f), "0x0018");
  EXPECT_EQ(field("tcp.flags.push", f), "1");
  EXPECT_EQ(field("tcp.hdr_len", f), "32");
  EXPECT_EQ(field("tcp.len", f), "5");
  EXPECT_EQ(field("tcp.checksum.status", f), "1");
  EXPECT_EQ(field("ip.checksum.status", f), "1");
  EXPECT_EQ(field("tcp.option_kind", f), "1|1|8");
  EXPECT_EQ(field("tcp.options.timestamp.tsval", f), "1");
  EXPECT_EQ(field("vlan.id", f), "5");
  EXPECT_EQ(field("eth.type", f), "0x8100");
  EXPECT_EQ(field("eth.dst", f), "ff:ff:ff:ff:ff:ff");
  EXPECT_EQ(field("frame.len", f), std::to_string(tcp_packet.size()));
  EXPECT_EQ(field("frame.protocols", f), "eth:ethertype:vlan:ethertype:ip:tcp:data");
  EXPECT_EQ(field("udp.srcport", f), "");
}

TEST(Dissection, tells_the_tag_of_a_provider_from_that_of_a_customer) {
  const auto packet =
      bytes_of(Ethernet{} / ProviderVlan{ProviderVlan::id = 100, ProviderVlan::priority = 3} / Vlan{Vlan::id = 5} / Ipv4{} / Udp{});
  const Frame f = frame_of(packet);
  EXPECT_EQ(layers_of(dissect(f)), "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:udp");
  EXPECT_EQ(field("eth.type", f), "0x88a8");
  EXPECT_EQ(field("ieee8021ad.id", f), "100");
  EXPECT_EQ(field("ieee8021ad.priority", f), "3");
  EXPECT_EQ(field("vlan.id", f), "5");
}

TEST(Dissection, says_which_names_there_are_for_one_that_there_is_not) {
  const auto r = FieldName::resolve("tcp.dstprot");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().reason, Reason::unknown_name);
  EXPECT_NE(r.error().valid_names, nullptr);
}

TEST(Dissection, keeps_the_good_layers_before_a_fault) {
  for (size_t n = 0; n < tcp_packet.size(); ++n) {
    std::vector<u8> cut(tcp_packet.begin(), tcp_packet.begin() + long(n));
    const Dissection d = dissect_strict(frame_of(cut));
    EXPECT_TRUE(d.fault) << n;
    EXPECT_EQ(d.fault.kind, FaultKind::too_short);
    EXPECT_LE(d.fault.available, n);
    EXPECT_EQ(d.count, n < 14 ? 0u : n < 18 ? 1u : 2u) << n;
  }
}

TEST(Dissection, reads_what_is_there_of_a_packet_that_was_cut_when_captured) {
  std::vector<u8> cut(tcp_packet.begin(), tcp_packet.begin() + 60);   // 10 of 20 bytes of TCP
  Frame f = frame_of(cut);
  f.original_length = u32(tcp_packet.size());
  const Dissection d = dissect(f);
  EXPECT_EQ(layers_of(d), "eth:ethertype:vlan:ethertype:ip:tcp");
  EXPECT_EQ(d.fault.kind, FaultKind::too_short);
  EXPECT_EQ(field("tcp.srcport", f), "40000");
  EXPECT_EQ(field("ip.checksum.status", f), "1");
  std::vector<u8> more(tcp_packet.begin(), tcp_packet.end() - 3);
  f = frame_of(more);
  f.original_length = u32(tcp_packet.size());
  EXPECT_EQ(field("tcp.len", f), "5");
  EXPECT_EQ(field("tcp.checksum.status", f), "2");
}

TEST(Dissection, marks_layers_that_an_icmp_error_quotes_and_find_skips_them) {
  const auto packet = bytes_of(Ethernet{} / Ipv4{} / Icmp{Icmp::type = 3, Icmp::code = 3}.with() / Ipv4{Ipv4::src = "10.0.0.1"_ip4} /
                               Udp{Udp::dst_port = 9999});
  const Dissection d = dissect(frame_of(packet));
  EXPECT_EQ(layers_of(d), "eth:ethertype:ip:icmp:ip:udp");
  EXPECT_FALSE(d.find<Udp>());
  EXPECT_TRUE(d.layers[4].quoted);
  EXPECT_FALSE(d.layers[2].quoted);
  EXPECT_EQ(field("udp.dstport", frame_of(packet)), "9999");
}

TEST(Dissection, gives_no_next_layer_to_a_later_fragment) {
  const auto packet = bytes_of(Ethernet{} / Ipv4{Ipv4::fragment_offset = u16(10)} / Udp{});
  EXPECT_EQ(layers_of(dissect(frame_of(packet))), "eth:ethertype:ip:data");
}

TEST(Dissection, trims_padding_behind_the_network_layer) {
  auto packet = bytes_of(Ethernet{} / Ipv4{} / Udp{} / Payload{"x"});
  packet.resize(60);
  const auto udp = dissect(frame_of(packet)).find<Udp>();
  ASSERT_TRUE(udp);
  EXPECT_EQ(udp.payload.size, 1u);
}

TEST(Dissection, stops_at_24_layers) {
  std::vector<u8> packet(4000, 0);
  for (size_t i = 12; i + 4 < packet.size(); i += 4) packet[i] = 0x81, packet[i + 1] = 0;
  const Dissection d = dissect(frame_of(packet));
  EXPECT_EQ(d.count, 24u);
  EXPECT_EQ(d.fault.kind, FaultKind::too_deep);
}

TEST(Dissection, sees_802_3_frames_by_their_length) {
  auto packet = bytes_of(Ethernet{} / Llc{Llc::dsap = 0x42, Llc::ssap = 0x42} / Payload{"abcd"});
  packet.resize(60);
  const Frame f = frame_of(packet);
  EXPECT_EQ(layers_of(dissect(f)), "eth:llc:data");
  EXPECT_EQ(field("eth.type", f), "");
  EXPECT_EQ(field("eth.len", f), "7");
  EXPECT_EQ(field("llc.dsap", f), "0x42");
}

TEST(Dissection, follows_a_catalog_of_ones_own) {
  const auto packet = bytes_of(Ethernet{} / Ipv4{} / Udp{Udp::dst_port = 8472} / Vxlan{Vxlan::vni = 42u} / Ethernet{} / Arp{});
  EXPECT_EQ(layers_of(dissect(frame_of(packet))), "eth:ethertype:ip:udp:data");
  Catalog mine = standard_catalog;
  mine.bind(space<UdpPort>, 8472, record<Vxlan>);
  EXPECT_EQ(layers_of(dissect(frame_of(packet), mine)), "eth:ethertype:ip:udp:vxlan:eth:ethertype:arp");
}

TEST(Dissection, agrees_with_itself_between_the_chain_and_the_loop) {
  Catalog copy = standard_catalog;   // another object: the chain is not used
  std::vector<u8> packet = tcp_packet;
  u32 seed = 1;
  for (int round = 0; round < 200000; ++round) {
    seed = seed * 1664525 + 1013904223;
    packet[(seed >> 8) % packet.size()] = u8(seed >> 24);
    if (round % 64 == 0) packet = tcp_packet;
    const Frame f = frame_of(packet);
    const Dissection a = dissect(f), b = dissect(f, copy);
    ASSERT_EQ(a.count, b.count);
    ASSERT_TRUE(a.fault == b.fault);
    for (u32 i = 0; i < a.count; ++i) {
      ASSERT_EQ(a.layers[i].protocol, b.layers[i].protocol);
      ASSERT_EQ(a.layers[i].offset, b.layers[i].offset);
      ASSERT_EQ(a.layers[i].header, b.layers[i].header);
      ASSERT_EQ(a.layers[i].end, b.layers[i].end);
    }
  }
}

}  // namespace
