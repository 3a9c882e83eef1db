// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/builder.hpp"
#include "support/captures.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

constexpr ReaderOptions search{.recovery = Recovery::search};

/// Ten records of one kind.
Buffer records(Order order = Order::little, u32 count = 10, u32 first = 0) {
  Buffer all;
  for (u32 i = first; i < first + count; ++i) {
    const Buffer record = pcap_record(packet_bytes(60 + i, u8(i)), 1'700'000'000 + i, i, order);
    all.insert(all.end(), record.begin(), record.end());
  }
  return all;
}
Buffer blocks(u32 count = 10, u32 first = 0) {
  Buffer all;
  for (u32 i = first; i < first + count; ++i) {
    const Buffer block = enhanced(packet_bytes(60 + i, u8(i)), 1'700'000'000'000'000 + i);
    all.insert(all.end(), block.begin(), block.end());
  }
  return all;
}

}  // namespace

TEST(Recovery, passes_over_what_stands_between_records) {
  for (size_t size : {1u, 7u, 37u, 4096u, 3'000'000u}) {
    Buffer junk(size);
    u32 state = 7;
    for (auto& byte : junk) state = state * 1664525 + 1013904223, byte = u8(state >> 24);
    const auto all = read_all(join({pcap_header(), records(), junk, records(Order::little, 10, 10)}), search);
    EXPECT_EQ(all.frames.size(), 20u) << size;
    ASSERT_TRUE(all.error);
    EXPECT_EQ(all.damage.count(), 1u);
    if (with_pcapng) {
      const auto ng = read_all(join({section(), interface(), blocks(), junk, blocks(10, 10)}), search);
      EXPECT_EQ(ng.frames.size(), 20u) << size;
      EXPECT_TRUE(ng.error);
    }
  }
}

TEST(Recovery, says_where_and_how_much) {
  const auto all = read_all(join({pcap_header(), records(), Buffer(37, 0xee), records(Order::little, 5, 10)}), search);
  ASSERT_FALSE(all.damage.empty());
  EXPECT_EQ(all.damage.first()[0].byte, 24 + records().size());
  EXPECT_NE(all.damage.first()[0].detail_view().find("37 bytes are passed over"), std::string_view::npos)
      << all.damage.first()[0].detail_view();
}

TEST(Recovery, a_record_that_claims_too_much_costs_itself_only) {
  Buffer file = join({pcap_header(), records()});
  size_t at = 24;
  for (u32 i = 0; i < 4; ++i) at += 16 + 60 + i;
  store_le(file.data() + at + 8, u32{0xffffffff});
  const auto all = read_all(file, search);
  ASSERT_TRUE(all.error);
  ASSERT_EQ(all.frames.size(), 9u);
  EXPECT_EQ(all.bytes[4], packet_bytes(65, 5));
}

TEST(Recovery, reads_files_that_were_joined) {
  const Buffer little = join({pcap_header(), records()}),
               big = join({pcap_header({.order = Order::big, .link = 101}), records(Order::big)});
  const auto all = read_all(join({little, big, little}), search);
  ASSERT_EQ(all.frames.size(), 30u);
  ASSERT_EQ(all.interfaces.size(), 3u);
  for (u32 i = 0; i < 30; ++i) EXPECT_EQ(all.frames[i].interface, i / 10);
  EXPECT_EQ(all.frames[15].link, LinkType::raw);
  EXPECT_EQ(all.error->reason, Reason::second_file_header);
  if (!with_pcapng) return;
  const Buffer ng = join({section(), interface(Order::little, {}, 113), blocks()});
  const auto mixed = read_all(join({little, ng, big, ng}), search);
  ASSERT_EQ(mixed.frames.size(), 40u);
  ASSERT_EQ(mixed.interfaces.size(), 4u);
  for (u32 i = 0; i < 40; ++i) {
    EXPECT_EQ(mixed.frames[i].interface, i / 10) << i;
    EXPECT_EQ(mixed.frames[i].link, mixed.interfaces[i / 10].link_type);
    EXPECT_EQ(mixed.bytes[i], packet_bytes(60 + i % 10, u8(i % 10)));
  }
}

TEST(Recovery, finds_the_file_behind_what_stands_in_front_of_it) {
  for (const Buffer& front : {Buffer(512, 0), text("HTTP/1.1 200 OK\r\n\r\n"), text("\xef\xbb\xbf")}) {
    const auto all = read_all(join({front, pcap_header(), records()}), search);
    EXPECT_EQ(all.frames.size(), 10u);
    EXPECT_TRUE(all.error);
  }
  const auto nothing = read_all(text("<html>no capture at all</html>"), search);
  ASSERT_TRUE(nothing.error);
  EXPECT_EQ(nothing.error->reason, Reason::not_a_capture_file);
}

TEST(Recovery, half_a_file_header_at_the_end_is_no_file) {
  Buffer half = pcap_header();
  half.resize(22);
  const auto all = read_all(join({pcap_header(), records(), half}), search);
  EXPECT_EQ(all.frames.size(), 10u);
  EXPECT_TRUE(all.error);
}

TEST(Recovery, changes_nothing_about_a_file_in_order) {
  const auto plain = read_all(join({pcap_header(), records(Order::little, 1000)}), search);
  EXPECT_FALSE(plain.error) << plain.error_text();
  EXPECT_EQ(plain.frames.size(), 1000u);
  EXPECT_TRUE(plain.damage.empty() && plain.warnings.empty());
  for (size_t buffer : {4096u, 65536u}) {
    const auto small = read_all(ByteSource::memory(Bytes()), {.recovery = Recovery::search, .buffer_bytes = buffer});
    EXPECT_EQ(small.error->reason, Reason::not_a_capture_file);
  }
}
