// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "file/builder.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

struct PcapngReader : testing::Test {
  void SetUp() override {
    if (!with_pcapng) GTEST_SKIP() << "built without pcapng";
  }
};

const Buffer a = packet_bytes(60, 1), b = packet_bytes(61, 2), c = packet_bytes(0);
constexpr Order le = Order::little, be = Order::big;

/// Both, where one character decides the byte order of a section.
Buffer one_section(Order order, const Buffer& blocks = {}) { return join({section(order), interface(order), blocks}); }

Buffer simple(const Buffer& data, u32 length, Order order = le) { return block(3, Put(order)(length)(padded(data)).bytes, order); }
Buffer obsolete(const Buffer& data, u16 id, u16 drops, Order order = le) {
  return block(2, Put(order)(id)(drops)(u32{0})(u32{7})(u32(data.size()))(u32(data.size()))(padded(data)).bytes, order);
}

}  // namespace

TEST_F(PcapngReader, reads_sections_of_both_byte_orders_in_one_file) {
  const auto all = read_all(
      join({one_section(le, enhanced(a)), one_section(be, enhanced(b, 2'000'000, 0, be)), one_section(le, enhanced(c, 3'000'000))}));
  ASSERT_FALSE(all.error) << all.error_text();
  ASSERT_EQ(all.frames.size(), 3u);
  EXPECT_EQ(all.bytes[0], a);
  EXPECT_EQ(all.bytes[1], b);
  EXPECT_EQ(all.bytes[2], c);
  for (u32 i = 0; i < 3; ++i) {
    EXPECT_EQ(all.frames[i].interface, i) << "numbered over the whole file";
    EXPECT_EQ(all.frames[i].info.section, i);
    EXPECT_EQ(all.frames[i].time.seconds(), i64{i} + 1);
  }
  EXPECT_EQ(all.interfaces.size(), 3u);
  EXPECT_EQ(all.facts.sections, 3u);
  EXPECT_TRUE(all.facts.mixed_order);
  EXPECT_TRUE(all.warnings.empty());
}

TEST_F(PcapngReader, reads_simple_and_obsolete_packet_blocks) {
  for (Order order : {le, be}) {
    const auto all = read_all(join({section(order), interface(order, {}, 101, 40), simple(packet_bytes(40), 90, order),
                                    obsolete(b, 0, 12, order), obsolete(a, 0, 0xffff, order)}));
    ASSERT_EQ(all.frames.size(), 3u) << all.error_text();
    EXPECT_EQ(all.bytes[0], packet_bytes(40)) << "cut by the snaplen";
    EXPECT_EQ(all.frames[0].original_length, 90u);
    EXPECT_FALSE(all.frames[0].info.has_time);
    EXPECT_EQ(all.frames[0].link, LinkType::raw);
    EXPECT_EQ(all.frames[1].time.nanoseconds, 7000);
    EXPECT_TRUE(all.frames[1].info.has_drops);
    EXPECT_EQ(all.frames[1].info.drops_before, 12u);
    EXPECT_FALSE(all.frames[2].info.has_drops);
  }
}

TEST_F(PcapngReader, learns_of_interfaces_as_late_as_they_come) {
  auto reader = FileReader::open(ByteSource::memory({}));
  EXPECT_FALSE(reader);
  const Buffer file = join({section(), interface(le, {}, 1), enhanced(a), interface(le, option(9, {9}), 101), enhanced(b, 5'000'000'001, 1),
                            enhanced(a, 6'000'000)});
  const auto all = read_all(file);
  ASSERT_EQ(all.frames.size(), 3u) << all.error_text();
  EXPECT_EQ(all.frames[1].link, LinkType::raw);
  EXPECT_EQ(all.frames[1].time.nanoseconds, 5'000'000'001);
  EXPECT_EQ(all.frames[2].time.nanoseconds, 6'000'000'000);
  EXPECT_EQ(all.interfaces.size(), 2u);
}

TEST_F(PcapngReader, takes_interface_options_into_the_interface) {
  for (Order order : {le, be}) {
    Buffer speed = Put(order)(u64{10'000'000'000}).bytes, offset = Put(order)(u64(-5)).bytes;
    Buffer options =
        join({option(2, text("eth0"), order), option(3, text("first\0hidden"), order), option(4, {192, 0, 2, 1, 255, 255, 255, 0}, order),
              option(5, join({Buffer(15), {1, 64}}), order), option(6, {0, 0, 0x5e, 0, 0x53, 1}, order), option(8, speed, order),
              option(9, {9}, order), option(11, join({{0}, text("tcp port 23")}), order), option(12, text("Linux"), order),
              option(13, {32}, order), option(14, offset, order), option(15, text("NIC"), order), option(1, text("comment"), order),
              option(0, {}, order)});
    const Buffer file = join({section(order), interface(order, options, 1, 96), enhanced(a, 6'000'000'000, 0, order)});
    auto reader = FileReader::open(ByteSource::memory(file));
    ASSERT_TRUE(reader);
    const auto batch = reader->next().value();
    ASSERT_TRUE(batch);
    const auto& interface = reader->interfaces()[0];
    EXPECT_EQ(interface.name, "eth0");
    EXPECT_EQ(interface.description, "first");
    ASSERT_EQ(interface.addresses.size(), 2u);
    EXPECT_EQ(interface.addresses[0].prefix_length, 24);
    EXPECT_EQ(interface.addresses[0].ipv4.octet[0], 192);
    EXPECT_EQ(interface.addresses[1].family, InterfaceAddress::Family::ipv6);
    EXPECT_EQ(interface.addresses[1].prefix_length, 64);
    EXPECT_TRUE(interface.has_mac);
    EXPECT_EQ(interface.mac.octet[5], 1);
    EXPECT_EQ(interface.speed_bits_per_second, 10'000'000'000u);
    EXPECT_EQ(interface.resolution, Resolution::nanoseconds());
    EXPECT_EQ(interface.filter, "tcp port 23");
    EXPECT_EQ(interface.operating_system, "Linux");
    EXPECT_EQ(interface.hardware, "NIC");
    EXPECT_EQ(interface.fcs_length, 4);
    EXPECT_EQ(interface.time_offset_seconds, -5);
    EXPECT_EQ(interface.snaplen, 96u);
    EXPECT_EQ(interface.raw_options.size + 4, options.size());
    EXPECT_EQ((*batch)[0].time.nanoseconds, 1'000'000'000);
    EXPECT_EQ(reader->facts().comments, 1u);
    EXPECT_TRUE(reader->warnings().empty());
  }
}

TEST_F(PcapngReader, takes_packet_options_into_the_frame) {
  for (Order order : {le, be}) {
    const Buffer options = join({option(1, text("hello"), order), option(2, Put(order)(u32{1 | 3 << 2 | 1 << 9}).bytes, order),
                                 option(3, {5, 0xde, 0xad, 0xbe, 0xef}, order), option(4, Put(order)(u64{1} << 40).bytes, order),
                                 option(6, Put(order)(u32{3}).bytes, order), option(0x8001, {1, 2}, order)});
    for (const Buffer& end : {Buffer{}, option(0, {}, order)}) {
      const auto all = read_all(one_section(order, enhanced(a, 1, 0, order, join({options, end}))));
      ASSERT_EQ(all.frames.size(), 1u) << all.error_text();
      const auto& info = all.frames[0].info;
      EXPECT_EQ(info.direction, Direction::inbound);
      EXPECT_EQ(info.packet_type, PacketType::broadcast);
      EXPECT_EQ(info.checksum, ChecksumState::not_filled_in);
      EXPECT_EQ(info.hash, 0xdeadbeef);
      EXPECT_EQ(info.drops_before, UINT32_MAX);
      EXPECT_EQ(info.queue, 3u);
      EXPECT_TRUE(info.has_hash && info.has_drops && info.has_queue);
      EXPECT_EQ(info.metadata.size, options.size());
      EXPECT_EQ(info.metadata_big_endian, order == be);
      EXPECT_EQ(all.facts.comments, 1u);
      EXPECT_TRUE(all.warnings.empty());
    }
  }
}

TEST_F(PcapngReader, options_that_leave_their_block_lose_only_themselves) {
  const Buffer overrun = Put(le)(u16{1})(u16{4000})(u32{0}).bytes, wrong_size = option(2, {1, 2, 3}),
               end_with_length = Put(le)(u16{0})(u16{4})(u32{0}).bytes;
  for (const auto& options : {join({option(1, text("good")), overrun}), join({option(1, text("good")), wrong_size}),
                              join({option(1, text("good")), end_with_length})}) {
    const auto all = read_all(one_section(le, join({enhanced(a, 1, 0, le, options), enhanced(b)})));
    EXPECT_EQ(all.frames.size(), 2u);
    EXPECT_EQ(all.bytes[0], a);
    EXPECT_EQ(all.facts.comments, 1u);
    EXPECT_EQ(all.warnings.count(), 1u);
    EXPECT_FALSE(all.error);
  }
}

TEST_F(PcapngReader, keeps_packets_before_a_block_whose_trailing_length_differs) {
  Buffer bad = enhanced(b);
  bad[bad.size() - 4] ^= 4;
  const Buffer good = one_section(le, enhanced(a));
  const auto all = read_all(join({good, bad, enhanced(a)}));
  EXPECT_EQ(all.frames.size(), 1u);
  ASSERT_TRUE(all.error);
  EXPECT_EQ(all.error->reason, Reason::damaged);
  EXPECT_EQ(all.error->byte, good.size());
  EXPECT_EQ(all.error->packet, 2u);
}

TEST_F(PcapngReader, impossible_block_lengths_end_the_reading) {
  for (u32 length : {4u, 8u, 11u, 13u, 0xffffffffu, 0xfffffffcu, 0x80000000u, 0x40000000u}) {
    const auto all = read_all(one_section(le, join({enhanced(a), Put(le)(u32{6})(length)(Buffer(40, 1)).bytes})));
    EXPECT_EQ(all.frames.size(), 1u) << length;
    ASSERT_TRUE(all.error) << length;
  }
}

TEST_F(PcapngReader, a_packet_of_an_unknown_interface_is_left_out_and_the_next_read) {
  const Buffer before = one_section(le, enhanced(a));
  for (const Buffer& bad : {enhanced(b, 1, 7), enhanced(b, 1, 0xffffffff),
                            block(6, Put(le)(u32{0})(u32{0})(u32{0})(u32{0xfffffffd})(u32{60})(padded(b)).bytes), block(6, Buffer(8))}) {
    const auto all = read_all(join({before, bad, enhanced(b), enhanced(a)}));
    ASSERT_EQ(all.frames.size(), 3u);
    EXPECT_EQ(all.bytes[1], b);
    EXPECT_EQ(all.damage.count(), 1u);
    ASSERT_TRUE(all.error) << "and told at the end";
    EXPECT_EQ(all.error->reason, Reason::damaged);
    EXPECT_EQ(all.error->byte, before.size());
    EXPECT_EQ(all.error->packet, 2u);
  }
}

TEST_F(PcapngReader, a_section_of_an_unknown_version_is_skipped) {
  const auto all = read_all(join({section(le, {}, 2), interface(), enhanced(a), one_section(be, enhanced(b, 1, 0, be))}));
  EXPECT_FALSE(all.error);
  ASSERT_EQ(all.frames.size(), 1u);
  EXPECT_EQ(all.bytes[0], b);
  EXPECT_EQ(all.warnings.count(), 1u);
}

TEST_F(PcapngReader, a_wrong_section_length_is_only_a_warning) {
  const Buffer blocks = join({interface(), enhanced(a)});
  const std::pair<u64, u64> cases[] = {{blocks.size(), 0}, {~u64{}, 0}, {blocks.size() - 8, 1}, {u64{1} << 40, 1}, {u64(-2), 1}};
  for (auto [length, warnings] : cases) {
    const auto all = read_all(join({section(le, {}, 1, length), blocks}));
    EXPECT_EQ(all.frames.size(), 1u);
    EXPECT_EQ(all.warnings.count(), warnings) << length;
    EXPECT_FALSE(all.error);
  }
}

TEST_F(PcapngReader, times_are_right_at_every_resolution_and_offset) {
  struct Case {
    Buffer options;
    u64 ticks;
    i64 nanoseconds;
    u64 warnings;
  };
  const auto offset = [](i64 seconds) { return option(14, Put(le)(u64(seconds)).bytes); };
  const Case cases[] = {
      {{}, 1'500'000, 1'500'000'000, 0},
      {option(9, {12}), 1'000'000'607'587'302'000, 1'000'000'607'587'302, 0},
      {option(9, {0x8a}), 1536, 1'500'000'000, 0},
      {option(9, {0}), 7, 7'000'000'000, 0},
      {option(9, {20}), ~u64{}, 184'467'440, 1},
      {join({option(9, {9}), offset(-2)}), 500'000'000, -1'500'000'000, 0},
      {offset(INT64_MAX), 1, INT64_MAX, 1},
      {option(9, {6, 6, 6, 6}), 1, 1000, 1},
      {join({option(9, {6}), option(9, {9})}), 1, 1000, 1},
  };
  for (const auto& test : cases) {
    const auto all = read_all(join({section(), interface(le, test.options), enhanced(a, test.ticks)}));
    ASSERT_EQ(all.frames.size(), 1u);
    EXPECT_EQ(all.frames[0].time.nanoseconds, test.nanoseconds);
    EXPECT_EQ(all.warnings.count(), test.warnings) << test.nanoseconds;
    EXPECT_FALSE(all.error);
  }
}

TEST_F(PcapngReader, other_blocks_do_not_stop_it_and_oddities_in_them_are_warnings) {
  struct Case {
    Buffer block;
    u64 warnings;
  };
  const Case cases[] = {
      {block(0x7777, text("abcd")), 0},
      {block(0x80000001, {1, 2, 3, 4}), 0},
      {block(0xffffffff, {}), 0},
      {block(0xbad, {0xd9, 0x7e, 0, 0, 1, 2, 3, 4}), 0},
      {block(0xbad, {}), 1},
      {block(9, text("MESSAGE=hello\n")), 0},
      {block(10, Put(le)(u32{0x544c534b})(u32{4})(text("abcd")).bytes), 0},
      {block(10, Put(le)(u32{0x544c534b})(u32{40})(text("abcd")).bytes), 1},
      {block(5, Put(le)(u32{0})(u32{0})(u32{5}).bytes), 0},
      {block(5, Put(le)(u32{9})(u32{0})(u32{5}).bytes), 1},
      {block(5, {}), 1},
      {block(4, Put(le)(u16{1})(u16{6})(padded({127, 0, 0, 1, 'a', 0}))(u32{0}).bytes), 0},
      {block(4, Put(le)(u16{1})(u16{6})(padded({127, 0, 0, 1, 'a', 0})).bytes), 1},
      {block(4, Put(le)(u16{1})(u16{6})(padded({127, 0, 0, 1, 'a', 'b'}))(u32{0}).bytes), 1},
      {block(4, Put(le)(u16{1})(u16{9000})(u32{0}).bytes), 1},
  };
  for (const auto& test : cases) {
    const auto all = read_all(one_section(le, join({enhanced(a), test.block, enhanced(b)})));
    EXPECT_EQ(all.frames.size(), 2u);
    EXPECT_FALSE(all.error) << all.error_text();
    EXPECT_EQ(all.warnings.count(), test.warnings) << (&test - cases);
  }
}

TEST_F(PcapngReader, the_number_of_interfaces_is_bounded) {
  Buffer file = section();
  for (int i = 0; i < 10; ++i) file = join({file, interface()});
  const auto all = read_all(file, {.max_interfaces = 9});
  ASSERT_TRUE(all.error);
  EXPECT_EQ(all.error->reason, Reason::limit_exceeded);
  EXPECT_FALSE(read_all(file, {.max_interfaces = 10}).error);
}

TEST_F(PcapngReader, interface_options_without_end_do_not_eat_memory) {
  Buffer options;
  for (int i = 0; i < 16; ++i) options = join({options, option(1, Buffer(65532, 'x'))});
  const Buffer described = interface(le, options);
  Buffer file = section();
  for (int i = 0; i < 70; ++i) file.insert(file.end(), described.begin(), described.end());
  const auto all = read_all(file);
  ASSERT_TRUE(all.error);
  EXPECT_EQ(all.error->reason, Reason::limit_exceeded);
}

TEST_F(PcapngReader, a_file_cut_anywhere_gives_what_is_whole_and_says_where_it_ends) {
  for (Order order : {le, be}) {
    const Buffer parts[] = {section(order), interface(order, option(9, {9}, order)), enhanced(a, 1, 0, order), simple(b, 61, order),
                            enhanced(c, 2, 0, order, option(1, text("x"), order))};
    const Buffer file = join({parts[0], parts[1], parts[2], parts[3], parts[4]});
    for (size_t cut = 4; cut < file.size(); ++cut) {
      size_t at = 0, packets = 0;
      for (size_t i = 0; i < 5 && at + parts[i].size() <= cut; ++i) at += parts[i].size(), packets += i >= 2;
      const auto all = read_all(Buffer(file.begin(), file.begin() + long(cut)));
      EXPECT_EQ(all.frames.size(), packets) << cut;
      EXPECT_EQ(all.error.has_value(), at != cut) << cut;
      if (!all.error) continue;
      EXPECT_EQ(all.error->reason, Reason::truncated) << cut;
      EXPECT_EQ(all.error->byte, at) << cut;
    }
  }
}

TEST(PcapngBlockReader, gives_every_block_as_it_stands) {
  const Buffer parts[] = {section(le, option(4, text("app"))),
                          interface(),
                          enhanced(a),
                          block(0x7777, text("xyz")),
                          section(be),
                          interface(be),
                          enhanced(b, 1, 0, be),
                          block(0xbad, Buffer(8), be)};
  Buffer file;
  for (const auto& part : parts) file = join({file, part});
  auto reader = PcapngBlockReader::open(ByteSource::memory(file), {.buffer_bytes = 4096});
  ASSERT_TRUE(reader);
  u64 offset = 0;
  for (size_t i = 0; i < std::size(parts); ++i) {
    const auto found = reader->next();
    ASSERT_TRUE(found && *found) << i;
    EXPECT_TRUE((*found)->raw == Bytes(parts[i])) << i;
    EXPECT_EQ((*found)->offset, offset);
    EXPECT_EQ((*found)->section, i < 4 ? 0u : 1u);
    EXPECT_EQ((*found)->order, i < 4 ? le : be);
    offset += parts[i].size();
    if ((*found)->is_packet()) {
      const auto frame = reader->frame(**found);
      ASSERT_TRUE(frame);
      EXPECT_TRUE(frame->bytes == Bytes(i == 2 ? a : b));
      EXPECT_EQ(frame->interface, i == 2 ? 0u : 1u);
    }
  }
  const auto end = reader->next();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
  EXPECT_EQ(name(BlockType::enhanced_packet), "enhanced_packet");
  EXPECT_TRUE(name(BlockType{0x7777}).empty());
}

TEST(PcapngBlockReader, walks_options_in_order_and_ends_where_they_do) {
  const Buffer options =
      join({option(1, text("one")), option(1, text("four")), option(2988, Buffer(5)), option(0, {}), option(1, text("hidden"))});
  OptionWalk walk(options, le);
  EXPECT_EQ(walk.next()->text(), "one");
  EXPECT_EQ(walk.next()->value.size, 4u);
  EXPECT_EQ(walk.next()->raw.size, 12u);
  EXPECT_FALSE(walk.next());
  EXPECT_FALSE(walk.next());
  EXPECT_FALSE(walk.damaged());
}
