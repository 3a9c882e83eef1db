// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/builder.hpp"
#include "trawl/file/pcapng.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

constexpr Order orders[] = {Order::little, Order::big};

/// A value that shows when one of its numbers is turned round.
OptionValue value_for(const OptionSpec& spec, Bytes octets) {
  switch (spec.kind) {
    case OptionKind::text: return to_value(std::string_view("a text"));
    case OptionKind::byte: return {.number = 0x5a};
    case OptionKind::word: return {.number = 0x01020304};
    case OptionKind::words: return {.number = 0x01020304, .second = 0x05060708};
    case OptionKind::number:
    case OptionKind::signed_number:
    case OptionKind::halves: return {.number = 0x0102030405060708};
    case OptionKind::verdict: return {.number = 2, .second = 0x0102030405060708};
    case OptionKind::tagged: return {.number = 2, .bytes = octets.first(4)};
    case OptionKind::filter: return {.number = 1, .bytes = octets.first(16)};
    case OptionKind::bytes: return {.bytes = octets.first(7)};
    case OptionKind::enterprise: return {.number = 32473, .bytes = octets.first(5)};
    case OptionKind::ipv4: return {.bytes = octets.first(4)};
    case OptionKind::mac: return {.bytes = octets.first(6)};
    case OptionKind::eui64: return {.bytes = octets.first(8)};
    case OptionKind::ipv6:
    case OptionKind::uuid: return {.bytes = octets.first(16)};
    case OptionKind::ipv4_net: return {.number = 0xffffff00, .bytes = octets.first(4)};
    case OptionKind::ipv6_net: return {.number = 64, .bytes = octets.first(16)};
  }
  return {};
}
std::string text_of(const Option& option, BlockType block, Order order) {
  char room[200];
  TextOut out(room);
  put(out, option, block, order);
  return std::string(out.view());
}

}  // namespace

TEST(PcapngOptions, every_option_is_read_as_it_was_written_in_both_byte_orders) {
  const Buffer octets = packet_bytes(32, 1);
  EXPECT_GE(option_specs().size(), 46u);
  for (const OptionSpec* spec : option_specs())
    for (const Order order : orders) {
      OptionBuilder builder(order);
      builder.add(*spec, value_for(*spec, octets));
      OptionWalk walk(builder.bytes(), order);
      const auto found = walk.next();
      ASSERT_TRUE(found) << spec->name;
      EXPECT_EQ(found->code, spec->code);
      EXPECT_EQ(find_option(spec->block == BlockType{} ? BlockType::custom : spec->block, spec->code), spec) << spec->name;
      const auto value = read_value(spec->kind, found->value, order);
      ASSERT_TRUE(value) << spec->name;
      const auto text = text_of(*found, spec->block, order);
      EXPECT_TRUE(text.starts_with(std::string(spec->name) + ": ") && text.size() > spec->name.size() + 2) << text;

      const Order other = order == Order::little ? Order::big : Order::little;
      OptionBuilder turned(other), back(order);
      turned.copy(builder.bytes(), order, spec->block);
      OptionWalk turned_walk(turned.bytes(), other);
      const auto turned_text = text_of(*turned_walk.next(), spec->block, other);
      if (spec->kind != OptionKind::filter) {
        EXPECT_EQ(turned_text, text);
      } else {
        EXPECT_NE(turned_text, text) << "the numbers of its instructions are turned too";
      }
      EXPECT_TRUE(back.copy(turned.bytes(), other, spec->block).bytes() == builder.bytes()) << spec->name;
    }
}

TEST(PcapngOptions, values_of_a_wrong_size_are_no_values) {
  const Buffer octets = packet_bytes(40, 1);
  for (const OptionSpec* spec : option_specs()) {
    if (spec->kind == OptionKind::text || spec->kind == OptionKind::bytes) continue;
    EXPECT_FALSE(read_value(spec->kind, Bytes(), Order::little)) << spec->name;
    const bool open_ended = read_value(spec->kind, Bytes(octets), Order::little).has_value();
    const bool leads = spec->kind == OptionKind::tagged || spec->kind == OptionKind::verdict || spec->kind == OptionKind::filter ||
                       spec->kind == OptionKind::enterprise;
    EXPECT_EQ(open_ended, leads) << spec->name;
  }
}

TEST(PcapngOptions, are_had_by_type) {
  OptionBuilder builder(Order::big);
  builder.add(any_option::comment, "first")
      .add(packet_option::flags, {PacketFlags::inbound | PacketFlags::with(PacketFlags::Reception::multicast) | PacketFlags::crc_error})
      .add(packet_option::hash, {HashAlgorithm::crc32, Bytes(packet_bytes(4))})
      .add(packet_option::verdict, {.kind = VerdictKind::linux_tc, .number = u64(-1)})
      .add(packet_option::process_thread, {17, 18})
      .add(any_option::custom_bytes, {32473, Bytes(packet_bytes(3))})
      .add(0x9999, Bytes(packet_bytes(2)));
  const Bytes options = builder.finish();
  EXPECT_EQ(find(options, Order::big, any_option::comment), "first");
  const auto flags = find(options, Order::big, packet_option::flags);
  ASSERT_TRUE(flags);
  EXPECT_EQ(flags->reception(), PacketFlags::Reception::multicast);
  EXPECT_TRUE(flags->has(PacketFlags::crc_error) && !flags->has(PacketFlags::too_long));
  EXPECT_EQ(find(options, Order::big, packet_option::hash)->value.size, 4u);
  EXPECT_EQ(i64(find(options, Order::big, packet_option::verdict)->number), -1);
  EXPECT_EQ(find(options, Order::big, packet_option::process_thread)->thread, 18u);
  EXPECT_EQ(find(options, Order::big, any_option::custom_bytes)->enterprise, 32473u);
  EXPECT_FALSE(find(options, Order::big, packet_option::queue));
  OptionWalk walk(options, Order::big);
  Option last;
  while (const auto option = walk.next()) last = *option;
  EXPECT_EQ(text_of(last, BlockType::enhanced_packet, Order::big), "option 39321: 0001");
}

TEST(PcapngOptions, an_obsolete_packet_block_has_two_of_its_own) {
  EXPECT_EQ(find_option(BlockType::packet, 2), &packet_option::flags);
  EXPECT_EQ(find_option(BlockType::packet, 4), nullptr);
  EXPECT_EQ(find_option(BlockType::packet, 1), &any_option::comment);
}

TEST(PcapngOptions, control_characters_are_printed_as_numbers) {
  OptionBuilder builder(Order::little);
  builder.add(any_option::comment, "a\x1b[2J\\");
  OptionWalk walk(builder.bytes(), Order::little);
  EXPECT_EQ(text_of(*walk.next(), BlockType::enhanced_packet, Order::little), "opt_comment: a\\x1b[2J\\x5c");
}
