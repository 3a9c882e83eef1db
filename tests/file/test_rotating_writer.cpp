// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <cstdlib>
#include <ctime>

#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/file/rotating_writer.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

/// Packets of 100 bytes, one a second.
struct Stream {
  explicit Stream(u32 count) : data(packet_bytes(100)), frames(count) {
    for (u32 i = 0; i < count; ++i) {
      frames[i].bytes = data;
      frames[i].original_length = 100;
      frames[i].time = Timestamp::from_parts(1'700'000'000 + i, 0);
    }
  }
  Result<void> into(RotatingWriter& writer) const {
    const InterfaceInfo interface;
    for (size_t i = 0; i < frames.size(); i += 200) {
      const Batch batch(frames.data() + i, u32(std::min<size_t>(200, frames.size() - i)));
      if (auto written = writer.write(batch, {&interface, 1}); !written) return written;
    }
    return writer.close();
  }
  Buffer data;
  std::vector<Frame> frames;
};

struct Row {
  std::vector<std::string> names;
  std::vector<size_t> packets;
};
Row write(const std::string& pattern, RotationOptions options, const Stream& stream) {
  Row row;
  options.finished = [&](const std::string& path) {
    row.names.push_back(path.substr(path.rfind('/') + 1));
    const auto all = read_file(path);
    EXPECT_FALSE(all.error) << all.error_text();
    row.packets.push_back(all.frames.size());
  };
  auto writer = RotatingWriter::create(pattern, {}, options);
  EXPECT_TRUE(writer);
  EXPECT_TRUE(stream.into(*writer));
  EXPECT_EQ(writer->packets(), stream.frames.size());
  return row;
}

}  // namespace

TEST(RotatingWriter, begins_a_file_after_so_many_packets) {
  const ScratchFolder folder;
  const auto row = write(folder / "x.pcap", {.max_packets = 300}, Stream(1000));
  EXPECT_EQ(row.names, (std::vector<std::string>{"x.pcap", "x1.pcap", "x2.pcap", "x3.pcap"}));
  EXPECT_EQ(row.packets, (std::vector<size_t>{300, 300, 300, 100}));
}

TEST(RotatingWriter, no_file_is_larger_than_asked) {
  const ScratchFolder folder;
  const auto row = write(folder / "x.pcap", {.max_bytes = 10'000}, Stream(1000));
  size_t sum = 0;
  for (size_t i = 0; i < row.names.size(); ++i) {
    EXPECT_LE(read_bytes(folder / row.names[i]).size(), 10'000u);
    sum += row.packets[i];
  }
  EXPECT_EQ(sum, 1000u);
  EXPECT_EQ(row.names.size(), 12u);
}

TEST(RotatingWriter, a_ring_writes_over_its_oldest_file) {
  const ScratchFolder folder;
  const auto row = write(folder / "x.pcap", {.max_packets = 100, .ring = 10}, Stream(1150));
  EXPECT_EQ(row.names.size(), 12u);
  EXPECT_EQ(row.names.front(), "x0.pcap");
  EXPECT_EQ(row.names[11], "x1.pcap");
  EXPECT_EQ(read_file(folder / "x1.pcap").frames[0].time.seconds(), 1'700'001'100);
  if (!is_supported(Compression::gzip)) return;
  const auto two_digits = write(folder / "y.pcap.gz", {.max_packets = 500, .ring = 11}, Stream(1000));
  EXPECT_EQ(two_digits.names, (std::vector<std::string>{"y00.pcap.gz", "y01.pcap.gz"}));
}

TEST(RotatingWriter, intervals_begin_at_multiples_of_their_length) {
  const ScratchFolder folder;
  setenv("TZ", "UTC", 1);
  tzset();
  const auto row = write(folder / "%Y%m%d-%H%M%S.pcap", {.seconds = 60}, Stream(150));  // 22:13:20 on
  EXPECT_EQ(row.names, (std::vector<std::string>{"20231114-221300.pcap", "20231114-221400.pcap", "20231114-221500.pcap"}));
  EXPECT_EQ(row.packets, (std::vector<size_t>{40, 60, 50}));
  const auto both = write(folder / "b%M.pcap", {.max_packets = 35, .seconds = 60}, Stream(100));
  EXPECT_EQ(both.names, (std::vector<std::string>{"b13.pcap", "b131.pcap", "b14.pcap", "b141.pcap"}));
  const auto plain = write(folder / "plain.pcap", {.seconds = 60}, Stream(100));
  EXPECT_EQ(plain.names, (std::vector<std::string>{"plain.pcap", "plain1.pcap"})) << "a name without a time is not written over";
}
