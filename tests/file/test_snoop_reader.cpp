// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/builder.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

Buffer snoop_header(u32 version = 2, u32 link = 4) {
  const std::string_view name("snoop\0\0\0", 8);
  return Put(Order::big)(text(name))(version)(link).bytes;
}
Buffer snoop_record(const Buffer& data, u32 seconds, u32 drops = 0, u32 original = 0) {
  const Buffer whole = padded(data);
  return Put(Order::big)(original ? original
                                  : u32(data.size()))(u32(data.size()))(u32(24 + whole.size()))(drops)(seconds)(u32{250'000})(whole)
      .bytes;
}

}  // namespace

TEST(SnoopReader, gives_packets_times_and_drops) {
  const auto all = read_all(join({snoop_header(), snoop_record(packet_bytes(61), 1000), snoop_record(packet_bytes(5), 1001, 3, 90)}));
  EXPECT_FALSE(all.error) << all.error_text();
  EXPECT_EQ(all.facts.format, FileFormat::snoop);
  ASSERT_EQ(all.frames.size(), 2u);
  EXPECT_EQ(all.bytes[0], packet_bytes(61));
  EXPECT_EQ(all.frames[0].time.nanoseconds, 1'000'250'000'000);
  EXPECT_FALSE(all.frames[0].info.has_drops);
  EXPECT_EQ(all.frames[1].original_length, 90u);
  EXPECT_EQ(all.frames[1].info.drops_before, 3u);
  EXPECT_EQ(all.frames[1].link, LinkType::ethernet);
}

TEST(SnoopReader, says_what_is_wrong_and_keeps_what_was_before) {
  EXPECT_EQ(read_all(snoop_header(3)).error->reason, Reason::unsupported_version);
  EXPECT_EQ(read_all(join({snoop_header(2, 99), snoop_record(packet_bytes(9), 1)})).warnings.count(), 1u);
  Buffer cut = join({snoop_header(), snoop_record(packet_bytes(61), 1000), snoop_record(packet_bytes(61), 1000)});
  cut.pop_back();
  const auto all = read_all(cut);
  EXPECT_EQ(all.frames.size(), 1u);
  EXPECT_EQ(all.error->reason, Reason::truncated);
  Buffer wrong = snoop_record(packet_bytes(61), 1000);
  store_be(wrong.data() + 8, u32{20});
  EXPECT_EQ(read_all(join({snoop_header(), wrong})).error->reason, Reason::damaged);
}
