// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/file/file_writer.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

constexpr Order orders[] = {Order::little, Order::big};

Block as_block(const Buffer& raw, Order order) { return {.type = BlockType(load<u32>(raw.data(), order)), .order = order, .raw = raw}; }

/// One block of every type, with options of every sort.
std::vector<Buffer> one_of_each(Order order) {
  const auto options = [&](auto&& add) {
    OptionBuilder builder(order);
    add(builder);
    const Bytes bytes = builder.finish();
    return Buffer(bytes.begin(), bytes.end());
  };
  const Buffer section = options([](OptionBuilder& o) {
    o.add(any_option::comment, "a section").add(section_option::hardware, "a machine").add(section_option::operating_system, "an OS");
    o.add(section_option::application, "a test").add(any_option::custom_text, {32473, Bytes::of("by a vendor")});
  });
  const Buffer interface = options([](OptionBuilder& o) {
    namespace i = interface_option;
    o.add(i::name, "veth0").add(i::description, "a cable").add(i::ipv4, {{{192, 0, 2, 1}}, {{255, 255, 255, 0}}});
    o.add(i::ipv6, {{{0x20, 1, 0xd, 0xb8}}, 32}).add(i::mac, {{2, 0, 0, 0, 0, 1}}).add(i::eui, {{2, 0, 0, 0, 0, 0, 0, 1}});
    o.add(i::speed, 1'000'000'000).add(i::resolution, Resolution::nanoseconds()).add(i::filter, {0, Bytes::of("tcp port 80")});
    o.add(i::operating_system, "a kernel").add(i::fcs_length, 32).add(i::time_offset, 5).add(i::hardware, "a card");
    o.add(i::transmit_speed, 1000).add(i::receive_speed, 2000).add(i::time_zone_name, "Europe/Vienna");
  });
  const Buffer packet = options([](OptionBuilder& o) {
    namespace p = packet_option;
    o.add(any_option::comment, "a packet").add(p::flags, {PacketFlags::inbound}).add(p::hash, {HashAlgorithm::crc32, packet_bytes(4)});
    o.add(p::drops, 3).add(p::id, 4).add(p::queue, 5).add(p::verdict, {.kind = VerdictKind::linux_xdp, .number = 2});
    o.add(p::process_thread, {6, 7}).add(0x8999, packet_bytes(5));
  });
  const Buffer statistics = options([](OptionBuilder& o) {
    namespace s = statistics_option;
    o.add(s::start_time, {1}).add(s::end_time, {1ull << 33}).add(s::received, 10).add(s::dropped, 1).add(s::filter_accepted, 9);
    o.add(s::os_dropped, 0).add(s::delivered, 9);
  });
  const Buffer server = options([](OptionBuilder& o) {
    o.add(names_option::server, "ns.example").add(names_option::server_ipv4, {{192, 0, 2, 53}}).add(names_option::server_ipv6, {});
  });
  const Buffer process = options([](OptionBuilder& o) { o.add(process_option::name, "launchd").add(process_option::uuid, Uuid{}); });
  NameBuilder names(order);
  const std::string_view several[] = {"one.example", "two.example"};
  names.add(NameRecordType::ipv4, packet_bytes(4, 10), several).add(NameRecordType::eui48, packet_bytes(6, 2), std::span(several, 1));
  const Buffer data = packet_bytes(61);
  const PacketBlock p{
      .ticks = 1'700'000'000'000'000'000, .captured_length = 61, .original_length = 70, .drops = 2, .data = data, .options = packet};
  PacketBlock old = p;
  old.options = {};
  return {encode(SectionHeader{.options = section}, order),
          encode(InterfaceDescription{1, 262144, interface}, order),
          encode(p, order),
          encode(old, order, BlockType::packet),
          encode(PacketBlock{.original_length = 61, .data = data}, order, BlockType::simple_packet),
          encode(NameResolution{names.finish(), server}, order),
          encode(InterfaceStatistics{0, 1ull << 40, statistics}, order),
          encode(DecryptionSecrets{SecretsType::tls_key_log, Bytes::of("CLIENT_RANDOM 00 11\n"), {}}, order),
          encode(ZigbeeNetworkKey{.key = {1, 2, 3}, .network = 0x1234}, order),
          encode(ZigbeeApsKey{.key = {1, 2, 3}, .network = 1, .node_1 = 2, .node_2 = 3}, order),
          encode(JournalEntry{"__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=hello\n"}, order),
          encode(CustomBlock{32473, true, data}, order),
          encode(CustomBlock{32473, false, data}, order),
          encode(ProcessInformation{42, process}, order)};
}
Buffer whole(const std::vector<Buffer>& blocks) {
  Buffer all;
  for (const auto& block : blocks) all.insert(all.end(), block.begin(), block.end());
  return all;
}

}  // namespace

TEST(PcapngBlocks, what_is_encoded_is_parsed_again) {
  for (const Order order : orders) {
    const auto blocks = one_of_each(order);
    const auto at = [&](size_t i) { return as_block(blocks[i], order); };
    EXPECT_EQ(parse_section_header(at(0))->length, -1);
    EXPECT_EQ(find(options_of(at(0)), order, section_option::application), "a test");
    EXPECT_EQ(parse_interface_description(at(1))->snaplen, 262144u);
    EXPECT_EQ(find(options_of(at(1)), order, interface_option::time_offset), 5);
    EXPECT_EQ(find(options_of(at(1)), order, interface_option::filter)->value.text(), "tcp port 80");
    for (size_t i : {2u, 3u}) {
      const auto packet = parse_packet(at(i));
      ASSERT_TRUE(packet);
      EXPECT_EQ(packet->ticks, 1'700'000'000'000'000'000u);
      EXPECT_TRUE(packet->data == Bytes(packet_bytes(61)));
      EXPECT_EQ(packet->original_length, 70u);
    }
    EXPECT_EQ(parse_packet(at(3))->drops, 2u);
    EXPECT_EQ(find(options_of(at(2)), order, packet_option::id), 4u);
    EXPECT_EQ(parse_packet(at(4))->data.size, 61u);
    EXPECT_EQ(parse_packet(at(4), 10)->data.size, 10u);
    NameWalk walk(parse_name_resolution(at(5))->records, order);
    auto record = walk.next();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->address.size, 4u);
    EXPECT_EQ(next_name(record->names), "one.example");
    EXPECT_EQ(next_name(record->names), "two.example");
    EXPECT_EQ(walk.next()->type, NameRecordType::eui48);
    EXPECT_TRUE(!walk.next() && !walk.damaged());
    EXPECT_EQ(find(options_of(at(5)), order, names_option::server), "ns.example");
    EXPECT_EQ(find(options_of(at(6)), order, statistics_option::end_time)->ticks, 1ull << 33);
    EXPECT_EQ(parse_decryption_secrets(at(7))->secrets.text(), "CLIENT_RANDOM 00 11\n");
    EXPECT_EQ(parse_zigbee_network_key(*parse_decryption_secrets(at(8)))->network, 0x1234u);
    EXPECT_EQ(parse_zigbee_aps_key(*parse_decryption_secrets(at(9)))->node_2, 3u);
    EXPECT_FALSE(parse_zigbee_aps_key(*parse_decryption_secrets(at(8))));
    EXPECT_TRUE(parse_journal_entry(at(10))->text.ends_with("MESSAGE=hello\n"));
    EXPECT_TRUE(parse_custom(at(11))->may_be_copied && !parse_custom(at(12))->may_be_copied);
    EXPECT_EQ(find(options_of(at(13)), order, process_option::name), "launchd");
  }
}

TEST(PcapngBlocks, one_byte_order_becomes_the_other) {
  const auto little = one_of_each(Order::little), big = one_of_each(Order::big);
  for (size_t i = 0; i < little.size(); ++i) {
    Buffer turned = little[i];
    reverse_block(turned, Order::little);
    EXPECT_EQ(turned, big[i]) << name(as_block(big[i], Order::big).type);
    reverse_block(turned, Order::big);
    EXPECT_EQ(turned, little[i]);
  }
}

TEST(PcapngBlocks, a_reader_finds_nothing_odd_in_them) {
  if (!with_pcapng) GTEST_SKIP() << "built without pcapng";
  for (const Order order : orders) {
    const auto all = read_all(whole(one_of_each(order)));
    EXPECT_FALSE(all.error) << all.error_text();
    EXPECT_TRUE(all.warnings.empty()) << describe(all.warnings.first()[0]);
    EXPECT_EQ(all.frames.size(), 3u);
    EXPECT_EQ(all.facts.comments, 2u);
  }
}

TEST(PcapngBlocks, tshark_shows_every_option) {
  if (!installed("tshark")) GTEST_SKIP() << "tshark is not installed";
  const ScratchFolder folder;
  for (const Order order : orders) {
    write_bytes(folder / "x.pcapng", whole(one_of_each(order)));
    const auto blocks = run("tshark -n -X 'read_format:MIME Files Format' -V -r '" + (folder / "x.pcapng") + "' 2>&1");
    EXPECT_EQ(blocks.status, 0) << blocks.output;
    for (std::string_view word :
         {"a section",         "a machine",  "an OS",       "a test",         "veth0",  "a cable",        "192.0.2.1",   "2001:db8::",
          "02:00:00:00:00:01", "1000000000", "tcp port 80", "a kernel",       "a card", "a packet",       "one.example", "two.example",
          "ns.example",        "192.0.2.53", "TLS Key Log", "Linux eBPF XDP", "CRC32",  "Journal Export", "434c49454e54"})
      EXPECT_NE(blocks.output.find(word), std::string::npos) << word;
    const auto packet = run("tshark -n -V -r '" + (folder / "x.pcapng") + "' -Y frame.number==1 2>&1");
    for (std::string_view word : {"a packet", "Packet id: 4", "Drop Count: 3", "Interface queue: 5", "XDP", "veth0"})
      EXPECT_NE(packet.output.find(word), std::string::npos) << word << packet.output;
  }
}
