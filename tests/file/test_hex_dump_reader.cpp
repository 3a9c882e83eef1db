// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "trawl/core/describe.hpp"
#include "trawl/file/hex_dump_reader.hpp"

using namespace trawl;

namespace {

struct Found {
  std::vector<std::vector<u8>> packets;
  std::vector<Frame> frames;   ///< without their bytes
  std::string error;
};
Found read(std::string_view text, const HexDumpOptions& options = {}) {
  Found found;
  auto reader = HexDumpReader::open(ByteSource::memory(Bytes::of(text)), options);
  for (;;) {
    const auto batch = reader->next();
    if (!batch) found.error = describe(batch.error());
    if (!batch || !*batch) return found;
    for (const Frame& frame : **batch) {
      found.packets.emplace_back(frame.bytes.begin(), frame.bytes.end());
      found.frames.push_back(frame);
    }
  }
}
using Packets = std::vector<std::vector<u8>>;

TEST(HexDumpReader, takes_bytes_alone_and_in_groups_of_any_size) {
  for (const auto* text : {"0000 01 02 03 04\n", "0000: 0102 0304", "0x0000:  01020304", "\t0x0000:  0102 0304  ....\n",
                           "00000000  01 02 03 04  |....|\r\n", "000 01-02-03-04"})
    EXPECT_EQ(read(text).packets, (Packets{{1, 2, 3, 4}})) << text;
}

TEST(HexDumpReader, ends_a_line_where_the_next_offset_says) {
  EXPECT_EQ(read("0000 61 62 61 62\n0002 63\n").packets, (Packets{{0x61, 0x62, 0x63}}));
}

TEST(HexDumpReader, begins_a_packet_at_offset_0_and_ends_it_at_a_line_of_text) {
  const auto found = read("0000 01\n0000 02\ntext\n\n0000 03\n\n0001 04\n");
  EXPECT_EQ(found.packets, (Packets{{1}, {2}, {3, 4}}));
  EXPECT_EQ(found.error, "");
}

TEST(HexDumpReader, leaves_out_a_packet_that_lacks_a_line) {
  const auto found = read("0000 01 02\n0010 03\n0020 03\n\n0010 01\nx\n0000 04\n");
  EXPECT_EQ(found.packets, (Packets{{4}}));
  EXPECT_NE(found.error.find("line 2: offset 16 where 2 was expected"), std::string::npos) << found.error;
}

TEST(HexDumpReader, reads_a_last_line_without_an_end_behind_a_full_buffer) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "0000  01 02 03\n";
  text += "0000  04 05 06";
  const auto found = read(text, {.buffer_bytes = 4096});
  ASSERT_EQ(found.packets.size(), 2001u);
  EXPECT_EQ(found.packets.back(), (std::vector<u8>{4, 5, 6}));
}

TEST(HexDumpReader, knows_raw_ip_in_the_form_of_tcpdump_alone) {
  const std::string packet = "45 00 00 14 00 00 00 00 40 fd 00 00 c0 00 02 01 c0 00 02 02";
  EXPECT_EQ(read("0x0000: " + packet).frames.at(0).link, LinkType::raw);
  EXPECT_EQ(read("0000 " + packet).frames.at(0).link, LinkType::ethernet);
  EXPECT_EQ(read("0x0000: " + packet, {.link_type = LinkType::loop}).frames.at(0).link, LinkType::loop);
}

TEST(HexDumpReader, finds_the_time_in_the_text_before_a_packet) {
  struct Case {
    const char* text;
    i64 nanoseconds;
  };
  for (const auto& [text, nanoseconds] : std::initializer_list<Case>{{"1970-01-02 00:00:01.5 IP", 86401'500000000},
                                                                     {"1969-12-31T23:59:59.250000000Z", -750000000},
                                                                     {"1970-01-01T01:00:00+01:00", 0},
                                                                     {"00:00:02.000000001 IP 1 > 2", 2'000000001},
                                                                     {"7.25", 7'250000000},
                                                                     {"  12   0.5  192.0.2.1", 500000000}}) {
    const auto found = read(std::string(text) + "\n0000 01\n");
    ASSERT_EQ(found.frames.size(), 1u);
    EXPECT_TRUE(found.frames[0].info.has_time) << text;
    EXPECT_EQ(found.frames[0].time.nanoseconds, nanoseconds) << text;
  }
  EXPECT_EQ(read("01:02:03.25\n0000 01\n", {.time_format = "%H:%M:%S.%f"}).frames.at(0).time.nanoseconds, 3723'250000000);
  EXPECT_FALSE(read("01:02:03.x\n0000 01\n", {.time_format = "%H:%M:%S.%f"}).frames.at(0).info.has_time);
  EXPECT_FALSE(read("no time, or 25:00:00, or 2026-13-01 00:00:00\n0000 01\n").frames.at(0).info.has_time);
}

TEST(HexDumpReader, bounds_packets_and_lines) {
  EXPECT_NE(read("0000 01 02 03\n0003 04\n", {.max_packet_bytes = 2}).error.find("more than 2 bytes"), std::string::npos);
  EXPECT_NE(read(std::string(2u << 20, 'x')).error.find("line 1 is longer than 1 MiB"), std::string::npos);
}

TEST(HexDumpReader, is_recognized_by_a_first_line_of_a_dump) {
  EXPECT_TRUE(HexDumpReader::recognize(Bytes::of("some text\n0000  01 02\n")));
  EXPECT_FALSE(HexDumpReader::recognize(Bytes::of("some text\n0010  01 02\n")));
  EXPECT_FALSE(HexDumpReader::recognize(Bytes::of("")));
  EXPECT_FALSE(HexDumpReader::recognize(Bytes::of("\x01\x02\n0000  01 02\n")));
}

}  // namespace
