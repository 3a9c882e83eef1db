// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/dissect/layers_sought.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "trawl/dissect/field_name.hpp"
#include "trawl/dissect/packet.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

namespace {

LayersSought seek(std::initializer_list<const char*> names, const wire::Catalog& catalog = wire::standard_catalog) {
  LayersSought sought;
  for (const char* name : names) FieldName::resolve(name, catalog)->seek(sought);
  sought.find_ways(catalog);
  return sought;
}

bool same(const LayerAt& a, const LayerAt& b) {
  return a.protocol == b.protocol && a.quoted == b.quoted && a.cut == b.cut && a.offset == b.offset && a.header == b.header &&
         a.end == b.end;
}

u32 layers(const Frame& frame, const char* name) { return dissect(frame, wire::standard_catalog, seek({name})).count; }

// `some` are the first layers of `all`, none of `sought` is left out, and what of `sought` is faulty is the fault.
void expect_beginning(const Dissection& some, const Dissection& all, const std::vector<wire::ProtocolIndex>& sought) {
  ASSERT_LE(some.count, all.count);
  ASSERT_TRUE(std::equal(some.begin(), some.end(), all.begin(), same));
  const auto is_sought = [&](wire::ProtocolIndex protocol) { return std::ranges::find(sought, protocol) != sought.end(); };
  ASSERT_FALSE(std::any_of(all.begin() + some.count, all.end(), [&](const LayerAt& layer) { return is_sought(layer.protocol); }));
  if (all.fault && is_sought(all.fault.protocol)) {
    ASSERT_EQ(some.fault.kind, all.fault.kind);
    ASSERT_EQ(some.fault.offset, all.fault.offset);
    ASSERT_EQ(some.fault.available, all.fault.available);
  }
}

}  // namespace

TEST(LayersSought, end_a_dissection_where_none_of_them_can_come) {
  const Packet dns(wire::Ethernet{} / wire::Ipv4{} / wire::Udp{wire::Udp::src_port = 5000, wire::Udp::dst_port = 53} /
                   wire::Dns{wire::Dns::id = 7});
  EXPECT_EQ(layers(dns.frame(), "frame.number"), 0u);
  EXPECT_EQ(layers(dns.frame(), "eth.src"), 3u);   // behind UDP there may be VXLAN, and Ethernet in it, but not behind DNS
  EXPECT_EQ(layers(dns.frame(), "ip.ttl"), 3u);
  EXPECT_EQ(layers(dns.frame(), "radiotap"), 0u);
  EXPECT_EQ(layers(dns.frame(), "dns.id"), 4u);
  EXPECT_EQ(layers(dns.frame(), "frame.protocols"), 4u);
  const Packet tcp(wire::Ethernet{} / wire::Ipv4{} / wire::Tcp{wire::Tcp::src_port = 5000, wire::Tcp::dst_port = 80});
  EXPECT_EQ(layers(tcp.frame(), "ip.ttl"), 2u);
  EXPECT_EQ(layers(tcp.frame(), "tcp.port"), 3u);
}

TEST(LayersSought, know_the_numbers_that_users_bind) {
  wire::Catalog catalog = wire::standard_catalog;
  ASSERT_TRUE(catalog.bind(wire::space<wire::TcpPort>, 80, wire::record<wire::Ipv4>));
  const Packet tunnel(wire::Ethernet{} / wire::Ipv4{} / wire::Tcp{wire::Tcp::src_port = 5000, wire::Tcp::dst_port = 80} / wire::Ipv4{});
  EXPECT_EQ(dissect(tunnel.frame(), catalog, seek({"ip.ttl"}, catalog)).count, 4u);
  EXPECT_EQ(layers(tunnel.frame(), "ip.ttl"), 2u);
}

TEST(LayersSought, are_all_found_in_packets_cut_anywhere) {
  std::mt19937 random(3);
  u64 packets = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TRAWL_SOURCE_DIR) + "/tests/captures")) {
    auto reader = FileReader::open(entry.path().string());
    if (!reader) continue;
    for (auto batch = reader->next(); batch && *batch; batch = reader->next())
      for (const Frame& whole : **batch) {
        ++packets;
        for (int round = 0; round < 60; ++round) {
          Frame frame = whole;
          if (round % 3) frame.bytes = frame.bytes.first(random() % (frame.bytes.size + 1));
          LayersSought sought;
          std::vector<wire::ProtocolIndex> asked;
          for (auto i = random() % 3; i < 3; ++i) {
            asked.push_back(wire::ProtocolIndex(1 + random() % (wire::standard_catalog.size() - 1)));
            sought.add(asked.back());
          }
          sought.find_ways(wire::standard_catalog);
          ASSERT_NO_FATAL_FAILURE(expect_beginning(dissect(frame, wire::standard_catalog, sought), dissect(frame), asked)) << entry.path();
        }
      }
  }
  EXPECT_GT(packets, 50u);
}
