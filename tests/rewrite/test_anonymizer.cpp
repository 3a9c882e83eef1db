// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "trawl/core/checksum.hpp"
#include "trawl/dissect/packet.hpp"
#include "trawl/dissect/walk.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/file/pcapng.hpp"
#include "trawl/rewrite/anonymizer.hpp"

using namespace trawl;
using namespace trawl::literals;
using namespace trawl::wire;

namespace {

const AnonymizationKey key = *AnonymizationKey::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

bool holds(Bytes whole, Bytes part) { return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end(); }

Packet a_packet() {
  return Packet(Ethernet{Ethernet::src = "00:1b:21:3c:9d:f8"_mac, Ethernet::dst = "00:1b:21:3c:9d:f9"_mac} /
                Ipv4{Ipv4::src = "198.51.100.7"_ip4, Ipv4::dst = "198.51.100.9"_ip4} / Udp{Udp::src_port = 4000, Udp::dst_port = 9} /
                Payload{"my address is 198.51.100.7"});
}

/// The states of all checksums, in order.
std::vector<ChecksumStatus> states(const Frame& frame) {
  std::vector<ChecksumStatus> found;
  const Dissection d = dissect(frame);
  for (const LayerAt& layer : d)
    if (d.record(layer).rules->sum.algorithm != wire::Algorithm::none) found.push_back(checksum_status(d, layer));
  return found;
}

TEST(Anonymizer, replaces_addresses_and_keeps_checksums_right) {
  Anonymizer anonymizer(key);
  const Packet packet = a_packet();
  const Packet changed(anonymizer(packet.frame()));
  AddressMap map(key);
  EXPECT_EQ(changed[Ipv4::src], map("198.51.100.7"_ip4));
  EXPECT_EQ(changed[Ipv4::dst], map("198.51.100.9"_ip4));
  EXPECT_EQ(changed[Ethernet::src], map("00:1b:21:3c:9d:f8"_mac));
  EXPECT_EQ(changed[Udp::src_port], 4000);
  EXPECT_EQ(states(changed.frame()), (std::vector{ChecksumStatus::good, ChecksumStatus::good}));
  EXPECT_FALSE(holds(changed.bytes(), Bytes::of("198.51.100.7")));
  EXPECT_EQ(changed.bytes().size, packet.bytes().size);
}

TEST(Anonymizer, leaves_a_wrong_checksum_wrong_by_as_much) {
  Packet packet = a_packet();
  packet[Udp::checksum] = u16(packet[Udp::checksum] + 5);
  Anonymizer anonymizer(key);
  Packet changed(anonymizer(packet.frame()));
  EXPECT_EQ(states(changed.frame()).back(), ChecksumStatus::bad);
  const u16 wrong = changed[Udp::checksum];
  changed.update_checksums();
  EXPECT_EQ((wrong + 0xffff - changed[Udp::checksum]) % 0xffff, 5);
}

TEST(Anonymizer, leaves_an_absent_checksum_absent) {
  Packet packet = a_packet();
  packet[Udp::checksum] = 0;
  Anonymizer anonymizer(key);
  EXPECT_EQ(Packet(anonymizer(packet.frame()))[Udp::checksum], 0);
}

TEST(Anonymizer, does_with_content_what_it_is_told) {
  const Packet packet = a_packet();
  Anonymizer zero(key), cut(key, {.content = Content::cut}), keep(key, {.content = Content::keep});
  const Frame zeroed = zero(packet.frame()), shorter = cut(packet.frame()), whole = keep(packet.frame());
  EXPECT_EQ(zeroed.bytes.size, packet.bytes().size);
  EXPECT_TRUE(std::ranges::all_of(zeroed.bytes.from(42), [](u8 byte) { return byte == 0; }));
  EXPECT_EQ(shorter.bytes.size, 42u);
  EXPECT_EQ(shorter.original_length, packet.bytes().size);
  EXPECT_TRUE(holds(whole.bytes, Bytes::of("my address is 198.51.100.7")));
  EXPECT_EQ(states(whole).back(), ChecksumStatus::good);
  const auto& said = keep.report().content;
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].protocol, "udp");
  EXPECT_EQ(said[0].payload_bytes, 26u);
}

TEST(Anonymizer, keeps_the_state_of_every_checksum_in_every_capture) {
  size_t sums = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TRAWL_SOURCE_DIR "/tests/captures")) {
    if (entry.path().extension() != ".pcap") continue;
    auto reader = FileReader::open(entry.path().string());
    ASSERT_TRUE(reader);
    for (const Content content : {Content::keep, Content::zero}) {
      Anonymizer anonymizer(key, {.content = content});
      auto again = FileReader::open(entry.path().string());
      while (const auto batch = *again->next())
        for (const Frame& frame : *batch) {
          const auto before = states(frame), after = states(anonymizer(frame));
          EXPECT_EQ(before, after) << entry.path();
          sums += before.size();
        }
    }
  }
  EXPECT_GT(sums, 100u);
}

TEST(Anonymizer, leaves_no_real_address_in_quoted_packets_tunnels_and_records) {
  for (const auto* name : {"icmp", "arp", "dns", "gre", "vxlan", "icmpv6", "sctp", "ipv4_options"}) {
    auto reader = FileReader::open(std::string(TRAWL_SOURCE_DIR "/tests/captures/") + name + ".pcap");
    ASSERT_TRUE(reader) << name;
    Anonymizer anonymizer(key);
    while (const auto batch = *reader->next())
      for (const Frame& frame : *batch) {
        const Frame changed = anonymizer(frame);
        for (const std::string_view real :
             {std::string_view("\xc0\0\x02", 3), std::string_view("\xc6\x33\x64"), std::string_view("\x20\x01\x0d\xb8")})
          EXPECT_FALSE(holds(changed.bytes, Bytes::of(real))) << name;
      }
    EXPECT_GT(anonymizer.report().ipv4 + anonymizer.report().ipv6, 0u) << name;
  }
}

TEST(Anonymizer, mends_the_frame_check_sequence_that_the_interface_promises) {
  const auto check = [](Bytes bytes) {
    u32 state = ~0u;
    for (const u8 byte : bytes) {
      state ^= byte;
      for (int k = 0; k < 8; ++k) state = state >> 1 ^ (state & 1 ? 0xedb88320u : 0);
    }
    return ~state;
  };
  const Packet packet = a_packet();
  std::vector<u8> bytes(packet.bytes().begin(), packet.bytes().end());
  bytes.resize(bytes.size() + 4);
  store_le(bytes.data() + bytes.size() - 4, check(Bytes(bytes).first(bytes.size() - 4)));
  Frame frame = packet.frame();
  frame.bytes = bytes, frame.original_length = u32(bytes.size());
  const InterfaceInfo interface{.fcs_length = 4, .has_fcs_length = true};
  Anonymizer anonymizer(key);
  const Frame changed = anonymizer(frame, &interface);
  EXPECT_EQ(load_le<u32>(changed.bytes.end() - 4), check(changed.bytes.first(changed.bytes.size - 4)));
}

TEST(Anonymizer, keeps_of_options_only_what_tells_nothing) {
  OptionBuilder options(Order::little);
  options.add(any_option::comment, "from the office of N. N.").add(packet_option::drops, 7);
  options.add(packet_option::id, 99).add(u16{4711}, Bytes::of("own"));
  const Packet packet = a_packet();
  Frame frame = packet.frame();
  frame.info.metadata = options.bytes();
  Anonymizer anonymizer(key);
  const Frame changed = anonymizer(frame);
  EXPECT_EQ(find(changed.info.metadata, Order::little, packet_option::drops), 7u);
  EXPECT_EQ(changed.info.metadata.size, 12u);
  EXPECT_EQ(anonymizer.report().packet_options, 3u);
}

TEST(Anonymizer, describes_interfaces_without_names_and_with_other_addresses) {
  OptionBuilder options(Order::big);
  options.add(interface_option::name, "office").add(interface_option::ipv4, {"198.51.100.7"_ip4, "255.255.255.0"_ip4});
  options.add(interface_option::resolution, Resolution::nanoseconds())
      .add(interface_option::filter, {.kind = 0, .value = Bytes::of("host x")});
  InterfaceInfo info{.name = "office", .filter = "host x", .options_order = Order::big, .raw_options = options.bytes()};
  Anonymizer anonymizer(key);
  const InterfaceInfo changed = anonymizer.interfaces({&info, 1})[0];
  AddressMap map(key);
  EXPECT_EQ(changed.name, "");
  EXPECT_EQ(changed.filter, "");
  EXPECT_FALSE(find(changed.raw_options, Order::big, interface_option::name));
  EXPECT_FALSE(find(changed.raw_options, Order::big, interface_option::filter));
  EXPECT_EQ(find(changed.raw_options, Order::big, interface_option::ipv4)->address, map("198.51.100.7"_ip4));
  EXPECT_EQ(find(changed.raw_options, Order::big, interface_option::ipv4)->mask, "255.255.255.0"_ip4);
  EXPECT_TRUE(find(changed.raw_options, Order::big, interface_option::resolution));
}

// Any bytes: nothing outside of the packet is touched, and the size stays.
TEST(Anonymizer, takes_damaged_packets) {
  const Packet packet = a_packet();
  Anonymizer anonymizer(key);
  for (size_t cut = 0; cut <= packet.bytes().size; ++cut) {
    Frame frame = packet.frame();
    const std::vector<u8> bytes(packet.bytes().begin(), packet.bytes().begin() + cut);
    frame.bytes = bytes;
    const Frame changed = anonymizer(frame);
    EXPECT_EQ(changed.bytes.size, cut);
    EXPECT_FALSE(cut >= 12 && holds(changed.bytes, Bytes::of("\x3c\x9d\xf8")));
  }
}

}  // namespace
