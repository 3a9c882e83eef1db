// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <unistd.h>
#include <thread>

#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

Result<void> put(const std::string& path, const WriterOptions& options, u32 first, u32 count, LinkType link = LinkType::ethernet) {
  auto writer = FileWriter::create(path, options);
  if (!writer) return fail(writer.error());
  InterfaceInfo interface;
  interface.link_type = link;
  for (u32 i = first; i < first + count; ++i) {
    const Buffer bytes = packet_bytes(60 + i, u8(i));
    Frame frame;
    frame.bytes = bytes;
    frame.original_length = u32(bytes.size());
    frame.time = Timestamp::from_parts(1'700'000'000 + i, 123'456'789);
    frame.link = link;
    if (auto written = writer->write(frame, {&interface, 1}); !written) return written;
  }
  return writer->close();
}

}  // namespace

TEST(Append, goes_on_with_a_file_as_it_is) {
  const ScratchFolder folder;
  const WriterOptions more{.mode = WriteMode::append};
  for (auto format : with_pcapng ? std::vector{FileFormat::pcap, FileFormat::pcapng} : std::vector{FileFormat::pcap})
    for (auto order : {Order::little, Order::big})
      for (auto compression : {Compression::none, Compression::gzip, Compression::zstd, Compression::lz4}) {
        if (!is_supported(compression)) continue;
        const std::string path = folder / "x";
        unlink(path.c_str());
        ASSERT_TRUE(
            put(path, {.format = format, .compression = compression, .order = order, .resolution = Resolution::microseconds()}, 0, 5));
        ASSERT_TRUE(put(path, more, 5, 5));
        const auto all = read_file(path);
        EXPECT_FALSE(all.error) << all.error_text();
        ASSERT_EQ(all.frames.size(), 10u);
        for (u32 i = 0; i < 10; ++i) EXPECT_EQ(all.bytes[i], packet_bytes(60 + i, u8(i)));
        EXPECT_EQ(all.facts.order, order);
        EXPECT_FALSE(all.facts.mixed_order);
        EXPECT_EQ(all.facts.compression, compression);
        if (format == FileFormat::pcap) {
          EXPECT_EQ(all.frames[9].time.subsecond(), 123'456'000u) << "in the file's resolution";
        } else {
          EXPECT_EQ(all.facts.sections, 2u);
        }
      }
  ASSERT_TRUE(put(folder / "new.pcap", more, 0, 3));
  EXPECT_EQ(read_file(folder / "new.pcap").frames.size(), 3u);
}

TEST(Append, does_not_touch_what_it_cannot_go_on_with) {
  const ScratchFolder folder;
  const WriterOptions more{.mode = WriteMode::append};
  const std::string path = folder / "x.pcap";
  ASSERT_TRUE(put(path, {}, 0, 5));
  EXPECT_EQ(put(path, more, 5, 1, LinkType::raw).error().reason, Reason::wrong_link_type);
  EXPECT_EQ(read_file(path).frames.size(), 5u);
  auto bytes = read_bytes(path);
  bytes.pop_back();
  write_bytes(path, bytes);
  EXPECT_EQ(put(path, more, 5, 1).error().reason, Reason::truncated);
  EXPECT_TRUE(read_bytes(path) == bytes);
  write_bytes(path, pcap_header({.magic = 0xa1b2cd34}));
  EXPECT_EQ(put(path, more, 5, 1).error().reason, Reason::not_supported);
}

TEST(Follow, gives_each_packet_once_while_the_file_grows) {
  const ScratchFolder folder;
  const std::string path = folder / "x.pcap";
  ASSERT_TRUE(put(path, {}, 0, 5));
  int stop[2];
  ASSERT_EQ(pipe(stop), 0);
  std::thread writer([&] {
    for (u32 i = 5; i < 100; ++i) static_cast<void>(put(path, {.mode = WriteMode::append}, i, 1));
  });
  auto reader = FileReader::open(*ByteSource::follow(path, stop[0]));
  ASSERT_TRUE(reader);
  u32 packets = 0;
  while (packets < 100) {
    const auto batch = reader->next();
    ASSERT_TRUE(batch && *batch);
    for (const auto& frame : **batch) {
      ASSERT_TRUE(frame.bytes == Bytes(packet_bytes(60 + packets, u8(packets)))) << packets;
      ++packets;
    }
  }
  writer.join();
  EXPECT_EQ(write(stop[1], "x", 1), 1);
  const auto end = reader->next();
  EXPECT_TRUE(end && !*end) << "told to stop, it is at its end";
  close(stop[0]), close(stop[1]);
}
