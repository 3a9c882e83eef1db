// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <random>

#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/core/sha256.hpp"
#include "trawl/file/file_index.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

const IndexOptions fine{.interval_bytes = 1000};

/// 2000 packets of different sizes; times go up, but for a stretch in the middle when they are not `sorted`.
Buffer pcap_file(bool sorted) {
  Buffer bytes = pcap_header();
  for (u32 i = 0; i < 2000; ++i) {
    const u32 seconds = !sorted && i >= 800 && i < 1200 ? 1000 + i - 700 : 1000 + i;
    const Buffer record = pcap_record(packet_bytes(20 + i * 7 % 300, u8(i)), seconds, i % 1'000'000);
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

/// Two sections of different byte orders, interfaces that come late, and other blocks in between.
Buffer pcapng_file() {
  Buffer bytes;
  const auto add = [&](const Buffer& part) { bytes.insert(bytes.end(), part.begin(), part.end()); };
  for (const Order order : {Order::little, Order::big}) {
    add(section(order));
    for (u32 i = 0; i < 1000; ++i) {
      if (i % 100 == 0) add(interface(order, option(2, text("if" + std::to_string(i)), order), u16(i % 200 ? 1 : 101)));
      if (i % 250 == 10) add(block(0x0bad, Put(order)(u32{32473})(i).bytes, order));
      add(enhanced(packet_bytes(20 + i * 7 % 300, u8(i)), u64{i} * 1'000'000, i / 100 * (i % 3) / 2, order));
    }
  }
  return bytes;
}

struct Wanted {
  ReadAll all;
  u64 first_from(Timestamp time) const {
    const auto found = std::ranges::find_if(all.frames, [&](const Frame& f) { return f.info.has_time && f.time >= time; });
    return 1 + u64(found - all.frames.begin());
  }
};

void expect_packet(FileReader& reader, const Wanted& wanted, u64 number) {
  const auto batch = reader.next();
  ASSERT_TRUE(batch) << describe(batch.error());
  if (number > wanted.all.frames.size()) {
    EXPECT_FALSE(*batch) << number;
    return;
  }
  ASSERT_TRUE(*batch) << number;
  const Frame &frame = (**batch)[0], &other = wanted.all.frames[number - 1];
  EXPECT_EQ(frame.bytes, Bytes(wanted.all.bytes[number - 1])) << number;
  EXPECT_EQ(frame.time, other.time);
  EXPECT_EQ(frame.interface, other.interface);
  EXPECT_EQ(frame.link, other.link);
  EXPECT_EQ(reader.interfaces()[frame.interface].link_type, other.link);
  EXPECT_EQ(reader.record_offset(0), wanted.all.offsets[number - 1]);
}

void visit(const std::string& path, const std::string& what) {
  SCOPED_TRACE(what);
  const Wanted wanted{read_file(path)};
  const u64 packets = wanted.all.frames.size();
  ASSERT_GT(packets, 0u);
  const auto index = FileIndex::build(path, fine);
  ASSERT_TRUE(index) << describe(index.error());
  EXPECT_EQ(index->packets(), packets);
  ASSERT_TRUE(index->save(FileIndex::path_for(path)));
  const auto again = FileIndex::open(path);
  ASSERT_TRUE(again && *again) << describe(again.error());
  EXPECT_EQ((**again).places(), index->places());
  auto reader = FileReader::open(path);
  ASSERT_TRUE(reader);
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    const u64 number = i == 0 ? packets : i == 1 ? 1 : i == 2 ? packets + 1 : 1 + random() % packets;
    const auto gone = reader->seek(**again, number);
    ASSERT_TRUE(gone) << describe(gone.error());
    expect_packet(*reader, wanted, number);
  }
  for (int i = 0; i < 100; ++i) {
    const auto time = Timestamp::from_parts(i64(900 + random() % 2300), random() % 2 ? 0 : 500);
    const auto number = reader->seek(**again, time);
    ASSERT_TRUE(number) << describe(number.error());
    EXPECT_EQ(*number, wanted.first_from(time));
    EXPECT_LE((**again).first_from(time), *number);
    expect_packet(*reader, wanted, *number);
  }
  // From a place on, all the rest comes as it does to who reads from the begin.
  ASSERT_TRUE(reader->seek(**again, packets / 2));
  const auto rest = read_all(*reader);
  EXPECT_FALSE(rest.error) << rest.error_text();
  EXPECT_TRUE(std::ranges::equal(rest.bytes, std::span(wanted.all.bytes).subspan(packets / 2 - 1)));
  EXPECT_EQ(rest.interfaces.size(), wanted.all.interfaces.size());
  EXPECT_FALSE(reader->seek(**again, 0));
  EXPECT_FALSE(reader->seek(**again, packets + 2));
}

}  // namespace

TEST(FileIndex, leads_to_every_packet_and_time) {
  const ScratchFolder folder;
  write_bytes(folder / "sorted", pcap_file(true));
  visit(folder / "sorted", "in the order of time");
  write_bytes(folder / "unsorted", pcap_file(false));
  visit(folder / "unsorted", "not in the order of time");
  if (!with_pcapng) GTEST_SKIP() << "pcapng is not in this build";
  write_bytes(folder / "sections", pcapng_file());
  visit(folder / "sections", "pcapng");
}

TEST(FileIndex, leads_into_compressed_files) {
  const ScratchFolder folder;
  write_bytes(folder / "plain", pcap_file(true));
  for (auto compression : {Compression::gzip, Compression::zstd, Compression::lz4}) {
    if (!is_supported(compression)) continue;
    for (const bool seekable : {false, true}) {
      if (seekable && compression != Compression::zstd) continue;
      auto reader = FileReader::open(folder / "plain");
      auto writer = FileWriter::create(folder / "packed", {.format = FileFormat::pcap,
                                                           .compression = compression,
                                                           .compressed_frame_bytes = seekable ? 8192u : 0u,
                                                           .seekable = seekable,
                                                           .buffer_bytes = 4096});
      ASSERT_TRUE(reader && writer);
      for (;;) {
        const auto batch = reader->next();
        ASSERT_TRUE(batch);
        if (!*batch) break;
        ASSERT_TRUE(writer->write(**batch, reader->interfaces()));
      }
      ASSERT_TRUE(writer->close());
      EXPECT_EQ(read_file(folder / "packed").warnings.count(), 0u);
      visit(folder / "packed", std::string(name(compression)) + (seekable ? ", seekable" : ""));
      if (seekable && installed("zstd")) {
        const auto ran = run("zstd -dc < " + folder / "packed" + " | cmp - " + folder / "plain");
        EXPECT_EQ(ran.status, 0) << ran.output;
      }
    }
  }
}

TEST(FileIndex, of_another_state_of_the_file_is_refused) {
  const ScratchFolder folder;
  const std::string path = folder / "x.pcap";
  Buffer bytes = pcap_file(true);
  write_bytes(path, bytes);
  const auto none = FileIndex::open(path);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  ASSERT_TRUE(FileIndex::build(path)->save(FileIndex::path_for(path)));
  ASSERT_TRUE(FileIndex::open(path));
  write_bytes(path, bytes);  // the same again, at another time
  EXPECT_TRUE(FileIndex::open(path));

  const auto refused = [&](const Buffer& now) {
    write_bytes(path, now);
    const auto index = FileIndex::open(path);
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error().reason, Reason::out_of_date);
    expect_text(index.error(), "cannot use the index " + FileIndex::path_for(path).substr(0, 79) +
                                   ": it belongs to another state of the file; make it anew: trawl index FILE");
  };
  Buffer changed = bytes;
  changed.back() ^= 1;
  refused(changed);
  changed = bytes;
  changed[100] ^= 1;
  refused(changed);
  refused(join({bytes, pcap_record(packet_bytes(10))}));
}

TEST(FileIndex, that_is_damaged_is_refused_wherever_it_is) {
  const ScratchFolder folder;
  const std::string path = folder / "x", beside = FileIndex::path_for(path);
  write_bytes(path, pcap_file(true));
  ASSERT_TRUE(FileIndex::build(path, fine)->save(beside));
  const auto whole = read_bytes(beside);
  for (size_t at = 0; at < whole.size(); at += at < 200 ? 1 : 97) {
    if (at >= 10 && at < 12) continue;  // the minor version may be another
    if (at >= 56 && at < 64) continue;  // reserved
    Buffer broken = whole;
    broken[at] ^= 0x40;
    write_bytes(beside, broken);
    EXPECT_FALSE(FileIndex::open(path)) << at;
    broken.resize(at);
    write_bytes(beside, broken);
    EXPECT_FALSE(FileIndex::open(path)) << at;
  }
}

TEST(FileIndex, that_lies_does_no_harm) {
  const ScratchFolder folder;
  const std::string path = folder / "x", beside = FileIndex::path_for(path);
  write_bytes(path, with_pcapng ? pcapng_file() : pcap_file(true));
  ASSERT_TRUE(FileIndex::build(path, fine)->save(beside));
  const auto whole = read_bytes(beside);
  std::mt19937 random(3);
  u32 opened = 0;
  for (int i = 0; i < 400; ++i) {
    Buffer lie = whole;
    for (u32 n = 1 + u32(random() % 3); n; --n) lie[64 + random() % (whole.size() - 64)] ^= u8(1u << random() % 8);
    const auto digest = sha256(Bytes(lie).from(64));
    copy_bytes(lie.data() + 24, digest.octet, sizeof digest.octet);
    write_bytes(beside, lie);
    const auto index = FileIndex::open(path);
    if (!index) continue;
    ++opened;
    auto reader = FileReader::open(path);
    ASSERT_TRUE(reader);
    for (u64 number : {u64{1}, u64{700}, (**index).packets(), u64{1500}, u64{3}}) {
      const auto gone = reader->seek(**index, number);
      if (!gone) continue;
      const auto batch = reader->next();
      if (!batch || !*batch) continue;
      for (const auto& frame : **batch) ASSERT_LT(frame.interface, reader->interfaces().size());
    }
    static_cast<void>(reader->seek(**index, Timestamp::from_parts(500, 0)));
  }
  EXPECT_GT(opened, 20u);
}

TEST(FileIndex, is_not_made_of_what_cannot_be_read) {
  const ScratchFolder folder;
  Buffer bytes = pcap_file(true);
  bytes.resize(bytes.size() - 5);
  write_bytes(folder / "cut", bytes);
  const auto cut = FileIndex::build(folder / "cut");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().reason, Reason::truncated);
  write_bytes(folder / "empty", pcap_header());
  const auto empty = FileIndex::build(folder / "empty");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->packets(), 0u);
  EXPECT_FALSE(empty->earliest());
  ASSERT_TRUE(empty->save(FileIndex::path_for(folder / "empty")));
  auto reader = FileReader::open(folder / "empty");
  ASSERT_TRUE(reader && reader->seek(**FileIndex::open(folder / "empty"), 1));
  EXPECT_FALSE(*reader->next());
}
