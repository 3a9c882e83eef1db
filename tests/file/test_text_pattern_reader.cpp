// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include "trawl/core/describe.hpp"
#include "trawl/core/switches.hpp"
#include "trawl/file/text_pattern_reader.hpp"

using namespace trawl;

#if TRAWL_WITH_DISPLAY

namespace {

struct Found {
  std::vector<std::vector<u8>> packets;
  std::vector<FrameInfo> infos;
  std::vector<Timestamp> times;
  std::string error;
  u64 warnings = 0;
};
Found read(std::string_view text, const TextPatternOptions& options) {
  Found found;
  auto reader = TextPatternReader::open(ByteSource::memory(Bytes::of(text)), options);
  if (!reader) return {.error = describe(reader.error())};
  for (;;) {
    const auto batch = reader->next();
    if (!batch) found.error = describe(batch.error());
    if (!batch || !*batch) break;
    for (const Frame& frame : **batch) {
      found.packets.emplace_back(frame.bytes.begin(), frame.bytes.end());
      found.infos.push_back(frame.info);
      found.times.push_back(frame.time);
    }
  }
  found.warnings = reader->warnings().count();
  return found;
}
using Packets = std::vector<std::vector<u8>>;

TEST(TextPatternReader, takes_bytes_times_and_directions_from_groups) {
  const auto found =
      read("> 1.5 0102\nnothing\n< 2.25 03 04\n? x 05\n", {.pattern = R"(^(?<dir>[<>?]) (?P<time>[^ ]+) (?<data>[0-9a-f ]+)$)"});
  EXPECT_EQ(found.packets, (Packets{{1, 2}, {3, 4}, {5}}));
  EXPECT_EQ(found.infos[0].direction, Direction::outbound);
  EXPECT_EQ(found.infos[1].direction, Direction::inbound);
  EXPECT_EQ(found.infos[2].direction, Direction::unknown);
  EXPECT_EQ(found.times[1].nanoseconds, 2'250'000'000);
  EXPECT_FALSE(found.infos[2].has_time);
  EXPECT_EQ(found.warnings, 1u);
  EXPECT_EQ(found.error, "");
}

TEST(TextPatternReader, matches_over_lines_and_at_their_ends) {
  EXPECT_EQ(read("begin\n01\n02\nend\nbegin 03 end", {.pattern = R"(begin(?<data>[^e]*)end)"}).packets, (Packets{{1, 2}, {3}}));
  EXPECT_EQ(read("01\nx02\n03", {.pattern = R"(^(?<data>\d+)$)"}).packets, (Packets{{1}, {3}}));
  EXPECT_EQ(read("a=01 b=02", {.pattern = R"(a=(?<data>\d+)|b=(?<data>\d+))"}).packets, (Packets{{1}, {2}}));
  EXPECT_EQ(read("[<data>] 01", {.pattern = R"([](?<x>]*\(?<?data>\] (?<data>\d+))"}).packets, (Packets{{1}}));
}

TEST(TextPatternReader, finds_the_same_whatever_the_buffer) {
  std::string text;
  Packets expected;
  for (u32 i = 0; i < 3000; ++i) {
    const std::string digits(2 * (i % 97 + 1), '7');
    text += "line " + digits + (i % 3 ? "\n" : "\nother text 55\n");
    expected.emplace_back(i % 97 + 1, u8{0x77});
  }
  text += "line " + std::string(600'000, '1');   // longer than any buffer
  expected.emplace_back(300'000, u8{0x11});
  for (const size_t buffer : {size_t{4096}, size_t{100'000}, size_t{1} << 21})
    EXPECT_EQ(read(text, {.pattern = R"(^line (?<data>\d+)$)", .buffer_bytes = buffer}).packets, expected) << buffer;
}

TEST(TextPatternReader, leaves_out_what_is_no_bytes_and_says_where) {
  std::string text(200'000, '\n');
  text += "a 01\nb  0g\nc 0\nd 02";
  const auto found = read(text, {.pattern = R"(^\w +(?<data>\w+)$)", .buffer_bytes = 4096});
  EXPECT_EQ(found.packets, (Packets{{1}, {2}}));
  EXPECT_NE(found.error.find("line 200002, column 5: not a hexadecimal digit"), std::string::npos) << found.error;
}

TEST(TextPatternReader, reads_other_radixes) {
  const auto data = [](TextRadix radix, std::string_view text) { return read(text, {.pattern = R"(\A(?s:(?<data>.+)))", .radix = radix}); };
  EXPECT_EQ(data(TextRadix::binary, "0100 0001\n01000010").packets, (Packets{{0x41, 0x42}}));
  EXPECT_EQ(data(TextRadix::octal, "12345670").packets, (Packets{{0x29, 0xcb, 0xb8}}));
  EXPECT_EQ(data(TextRadix::base64, "/+8=").packets, (Packets{{0xff, 0xef}}));
  EXPECT_EQ(data(TextRadix::hexadecimal, "aA:0 f").packets, (Packets{{0xaa, 0x0f}}));
  for (const auto& [radix, text] : std::initializer_list<std::pair<TextRadix, std::string_view>>{{TextRadix::binary, "0101"},
                                                                                                 {TextRadix::binary, "2"},
                                                                                                 {TextRadix::octal, "8"},
                                                                                                 {TextRadix::octal, "1"},
                                                                                                 {TextRadix::base64, "/"},
                                                                                                 {TextRadix::base64, "/+8=A"},
                                                                                                 {TextRadix::base64, "//"},
                                                                                                 {TextRadix::hexadecimal, "abc"}})
    EXPECT_NE(data(radix, text).error, "") << text;
}

TEST(TextPatternReader, ends_at_its_limits) {
  const std::string text = "01 " + std::string(300'000, '0') + " 02";
  auto found = read(text, {.pattern = R"((?<data>\d+))", .max_packet_bytes = 1000});
  EXPECT_EQ(found.packets, (Packets{{1}, {2}}));
  EXPECT_NE(found.error.find("more than 1000 bytes"), std::string::npos) << found.error;
  found = read(text, {.pattern = R"((?<data>\d+))", .max_match_bytes = 100'000, .buffer_bytes = 4096});
  EXPECT_EQ(found.packets, (Packets{{1}}));
  EXPECT_NE(found.error.find("matches more than 100000 bytes"), std::string::npos) << found.error;
}

TEST(TextPatternReader, refuses_patterns_that_mean_nothing) {
  for (const auto& [pattern, column] : std::initializer_list<std::pair<std::string_view, u32>>{
           {"", 0}, {"x", 0}, {"(?<data>.)(?<port>.)", 14}, {"(?<data>[z-a])", 10}, {"(?<data>.)(?<=a)", 0}}) {
    const auto checked = TextPatternReader::check(pattern);
    ASSERT_FALSE(checked) << pattern;
    EXPECT_EQ(checked.error().column, column) << pattern << describe(checked.error());
  }
  EXPECT_TRUE(TextPatternReader::check("(?<data>.)"));
}

}  // namespace

#else

TEST(TextPatternReader, says_that_it_is_not_built) {
  EXPECT_EQ(TextPatternReader::check("(?<data>.)").error().reason, Reason::not_supported);
}

#endif
