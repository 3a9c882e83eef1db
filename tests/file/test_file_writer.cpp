// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/file/file_writer.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

constexpr Order le = Order::little, be = Order::big;
const std::vector<FileFormat> formats = with_pcapng ? std::vector{FileFormat::pcap, FileFormat::pcapng} : std::vector{FileFormat::pcap};
const char* const no_pcapng = "built without pcapng";

/// Packets of every size up to `count`, with times that need nanoseconds.
struct Sample {
  explicit Sample(u32 count, u32 step = 1) {
    for (u32 i = 0; i < count; ++i) data.push_back(packet_bytes(size_t{i} * step % 1600, u8(i)));
    for (u32 i = 0; i < count; ++i) {
      Frame frame;
      frame.bytes = data[i];
      frame.original_length = u32(data[i].size()) + i % 3;
      frame.time = Timestamp::from_parts(1'700'000'000 + i, i * 7);
      frames.push_back(frame);
    }
    interfaces.resize(1);
    interfaces[0].name = "veth0";
  }
  Batch batch(u32 first = 0, u32 count = Batch::max_frames) const {
    return {frames.data() + first, std::min(count, u32(frames.size()) - first)};
  }
  std::vector<Buffer> data;
  std::vector<Frame> frames;
  std::vector<InterfaceInfo> interfaces;
};

void expect_same(const Sample& sample, const ReadAll& all) {
  ASSERT_FALSE(all.error) << all.error_text();
  ASSERT_EQ(all.frames.size(), sample.frames.size());
  for (size_t i = 0; i < all.frames.size(); ++i) {
    ASSERT_EQ(all.bytes[i], sample.data[i]) << i;
    ASSERT_EQ(all.frames[i].original_length, sample.frames[i].original_length) << i;
    ASSERT_EQ(all.frames[i].time, sample.frames[i].time) << i;
    ASSERT_EQ(all.frames[i].link, sample.frames[i].link) << i;
  }
  EXPECT_TRUE(all.warnings.empty());
}

Error write_all(FileWriter& writer, const Sample& sample) {
  for (u32 first = 0; first < sample.frames.size(); first += Batch::max_frames)
    if (auto written = writer.write(sample.batch(first), sample.interfaces); !written) return written.error();
  if (auto closed = writer.close(); !closed) return closed.error();
  return {};
}

}  // namespace

TEST(FileWriter, what_is_written_is_read_again) {
  const ScratchFolder folder;
  const Sample sample(1000, 3);
  for (auto format : formats)
    for (Order order : {le, be})
      for (auto flush : {FlushWhen::buffer_is_full, FlushWhen::after_each_batch, FlushWhen::after_each_packet})
        for (size_t buffer : {4096u, 262144u}) {
          const std::string path = folder / (format == FileFormat::pcap ? "x.pcap" : "x.pcapng");
          auto writer = FileWriter::create(path, {.order = order, .flush = flush, .buffer_bytes = buffer});
          ASSERT_TRUE(writer);
          EXPECT_EQ(writer->format(), format) << "by the suffix";
          ASSERT_EQ(write_all(*writer, sample).reason, Reason::none);
          EXPECT_EQ(writer->packets(), 1000u);
          EXPECT_EQ(writer->bytes(), read_bytes(path).size());
          const auto all = read_file(path);
          EXPECT_EQ(all.facts.order, order);
          expect_same(sample, all);
        }
}

TEST(FileWriter, batches_of_large_packets_make_the_same_file_as_single_packets) {
  const ScratchFolder folder;
  Sample sample(512, 5);
  for (u32 i = 0; i < 512; ++i) sample.frames[i].info.packet_type = PacketType(i % 6), sample.frames[i].info.has_drops = i % 7 == 0;
  for (auto format : formats)
    for (auto order : {le, be}) {
      auto together = FileWriter::create(folder / "a", {.format = format, .order = order}),
           singly = FileWriter::create(folder / "b", {.format = format, .order = order});
      ASSERT_TRUE(together && singly);
      ASSERT_EQ(write_all(*together, sample).reason, Reason::none);
      for (const auto& frame : sample.frames) ASSERT_TRUE(singly->write(frame, sample.interfaces));
      EXPECT_EQ(together->bytes(), singly->bytes());
      ASSERT_TRUE(singly->close());
      EXPECT_TRUE(read_bytes(folder / "a") == read_bytes(folder / "b"));
    }
}

TEST(FileWriter, a_packet_that_is_refused_leaves_those_before_it_in_the_file) {
  const ScratchFolder folder;
  Sample sample(256, 5);
  sample.frames[200].link = LinkType::raw;
  auto writer = FileWriter::create(folder / "x.pcap");
  ASSERT_TRUE(writer);
  EXPECT_EQ(writer->write(sample.batch(), sample.interfaces).error().packet, 201u);
  for (auto& bytes : sample.data) std::fill(bytes.begin(), bytes.end(), 0xee);  // what was borrowed is the caller's again
  ASSERT_TRUE(writer->close());
  const auto all = read_file(folder / "x.pcap");
  ASSERT_EQ(all.frames.size(), 200u);
  EXPECT_EQ(all.bytes[199], packet_bytes(199 * 5 % 1600, 199));
}

TEST(FileWriter, capinfos_and_tshark_find_nothing_wrong) {
  if (!installed("capinfos") || !installed("tshark")) GTEST_SKIP() << "capinfos and tshark are not installed";
  const ScratchFolder folder;
  Sample sample(300, 5);
  const std::string_view comments[] = {"made by a test"};
  for (u32 i = 0; i < 300; ++i) {
    auto& info = sample.frames[i].info;
    if (i % 2) info.packet_type = PacketType(i % 6), info.has_drops = true, info.drops_before = i;
    if (i % 3 == 0) info.has_hash = info.has_queue = true, info.hash = info.queue = i;
    if (i % 5 == 0) info.checksum = ChecksumState::not_filled_in;
  }
  sample.interfaces[0].filter = "tcp port 80";
  sample.interfaces[0].has_mac = true;
  const InterfaceAddress addresses[] = {{.family = InterfaceAddress::Family::ipv4, .prefix_length = 24, .ipv4 = {{{192, 0, 2, 1}}}},
                                        {.family = InterfaceAddress::Family::ipv6, .prefix_length = 64}};
  sample.interfaces[0].addresses = addresses;
  for (auto format : formats)
    for (Order order : {le, be}) {
      const std::string path = folder / "x";
      auto writer = FileWriter::create(
          path, {.format = format, .order = order, .hardware = "hw", .operating_system = "os", .application = "app", .comments = comments});
      ASSERT_TRUE(writer);
      ASSERT_TRUE(writer->write(sample.batch(0, 256), sample.interfaces));
      for (u32 i = 256; i < 300; ++i) ASSERT_TRUE(writer->write(sample.frames[i], sample.interfaces, comments));
      writer->add_statistics(0, sample.interfaces, {.start = Timestamp{1}, .end = Timestamp{2}, .received = 300, .dropped = 0},
                             Timestamp{3});
      ASSERT_TRUE(writer->close());
      const auto capinfos = run("capinfos -TcuSrm '" + path + "'");
      EXPECT_EQ(capinfos.status, 0) << capinfos.output;
      EXPECT_NE(capinfos.output.find("300"), std::string::npos) << capinfos.output;
      const auto times = run("tshark -r '" + path + "' -T fields -e frame.time_epoch -e frame.cap_len -e frame.len 2>&1");
      EXPECT_EQ(times.status, 0);
      std::string expected;
      for (const auto& frame : sample.frames) {
        char line[100];
        snprintf(line, sizeof line, "%ld.%09u\t%zu\t%u\n", long(frame.time.seconds()), frame.time.subsecond(), frame.bytes.size,
                 frame.original_length);
        expected += line;
      }
      const size_t start = times.output.find("1700000000");  // behind a warning about running as root
      ASSERT_NE(start, std::string::npos) << times.output;
      EXPECT_EQ(times.output.substr(start), expected);
    }
}

TEST(FileWriter, describes_only_interfaces_that_are_used_and_when_they_are) {
  if (!with_pcapng) GTEST_SKIP() << no_pcapng;
  const ScratchFolder folder;
  Sample sample(3);
  sample.interfaces.resize(5);
  sample.interfaces[4].name = "late", sample.interfaces[4].link_type = LinkType::raw,
  sample.interfaces[4].resolution = Resolution::microseconds();
  sample.frames[1].interface = sample.frames[2].interface = 4;
  sample.frames[1].link = sample.frames[2].link = LinkType::raw;
  auto writer = FileWriter::create(folder / "x.pcapng");
  ASSERT_EQ(write_all(*writer, sample).reason, Reason::none);
  auto reader = PcapngBlockReader::open(folder / "x.pcapng");
  std::vector<BlockType> types;
  while (const auto found = reader->next().value()) types.push_back(found->type);
  using enum BlockType;
  EXPECT_EQ(types,
            (std::vector{section_header, interface_description, enhanced_packet, interface_description, enhanced_packet, enhanced_packet}));
  ASSERT_EQ(reader->interfaces().size(), 2u);
  EXPECT_EQ(reader->interfaces()[0].name, "veth0");
  EXPECT_EQ(reader->interfaces()[1].name, "late");
  EXPECT_EQ(reader->interfaces()[1].link_type, LinkType::raw);
  EXPECT_EQ(reader->interfaces()[1].resolution, Resolution::microseconds());
}

TEST(FileWriter, a_file_without_packets_is_still_a_capture_file) {
  const ScratchFolder folder;
  const Sample sample(0);
  for (auto format : formats) {
    const std::string path = folder / "x";
    auto writer = FileWriter::create(path, {.format = format, .link_type = LinkType::linux_sll2});
    writer->add_statistics(0, sample.interfaces, {.received = 0}, Timestamp{5});
    ASSERT_TRUE(writer->close());
    const auto all = read_file(path);
    EXPECT_FALSE(all.error);
    EXPECT_TRUE(all.warnings.empty());
    EXPECT_EQ(all.frames.size(), 0u);
    ASSERT_EQ(all.interfaces.size(), 1u);
    EXPECT_EQ(all.interfaces[0].link_type, format == FileFormat::pcap ? LinkType::linux_sll2 : LinkType::ethernet);
  }
}

TEST(FileWriter, what_is_known_of_a_packet_comes_back) {
  if (!with_pcapng) GTEST_SKIP() << no_pcapng;
  const ScratchFolder folder;
  Sample sample(6);
  for (u32 i = 0; i < 6; ++i) {
    auto& info = sample.frames[i].info;
    info.packet_type = PacketType(i);
    info.direction = info.packet_type == PacketType::outgoing ? Direction::outbound : i ? Direction::inbound : Direction::unknown;
    info.checksum = ChecksumState(i % 3);
    info.has_drops = info.has_queue = info.has_hash = i % 2;
    if (i % 2) info.drops_before = i, info.queue = i + 1, info.hash = i << 24;
    info.segmentation_offload = i == 4;
  }
  for (Order order : {le, be}) {
    auto writer = FileWriter::create(folder / "x.pcapng", {.order = order});
    ASSERT_EQ(write_all(*writer, sample).reason, Reason::none);
    const auto all = read_file(folder / "x.pcapng");
    expect_same(sample, all);
    for (u32 i = 0; i < 6; ++i) {
      const auto &was = sample.frames[i].info, &is = all.frames[i].info;
      EXPECT_EQ(is.packet_type, was.packet_type) << i;
      EXPECT_EQ(is.direction, was.direction) << i;
      EXPECT_EQ(is.checksum, was.checksum) << i;
      EXPECT_EQ(is.has_drops, was.has_drops);
      EXPECT_EQ(is.drops_before, was.drops_before);
      EXPECT_EQ(is.queue, was.queue);
      EXPECT_EQ(is.hash, was.hash);
      EXPECT_EQ(is.segmentation_offload, was.segmentation_offload);
    }
  }
}

TEST(FileWriter, changing_the_byte_order_there_and_back_changes_nothing) {
  if (!with_pcapng) GTEST_SKIP() << no_pcapng;
  const ScratchFolder folder;
  const Buffer options =
      join({option(1, text("hello")), option(2, {1, 0, 0, 0}), option(3, {2, 1, 2, 3, 4}), option(4, {1, 2, 3, 4, 5, 6, 7, 8}),
            option(5, Buffer(8, 9)), option(6, {4, 3, 2, 1}), option(7, {1, 8, 7, 6, 5, 4, 3, 2, 1}), option(8, {1, 2, 3, 4, 5, 6, 7, 8}),
            option(2988, {1, 2, 3, 4, 'x'}), option(0x8001, {1, 2, 3, 4}), option(0, {})});
  const Buffer described = join({option(2, text("eth0")), option(8, {1, 2, 3, 4, 5, 6, 7, 8}), option(9, {9}),
                                 option(14, {1, 0, 0, 0, 0, 0, 0, 0}), option(11, {0, 'x'}), option(1, text("c")), option(0, {})});
  const Buffer file = join({section(), interface(le, described, 1, 512), enhanced(packet_bytes(61), 5'000'000'000, 0, le, options),
                            enhanced(packet_bytes(3), 6'000'000'000)});
  const auto copy = [&](const std::string& from, const std::string& to, Order order) {
    auto reader = FileReader::open(from);
    auto writer = FileWriter::create(to, {.order = order});
    while (auto batch = reader->next().value()) ASSERT_TRUE(writer->write(*batch, reader->interfaces()));
    ASSERT_TRUE(writer->close());
  };
  write_bytes(folder / "1", file);
  copy(folder / "1", folder / "2", be);
  copy(folder / "2", folder / "3", le);
  EXPECT_EQ(read_bytes(folder / "3"), file);
  const auto swapped = read_file(folder / "2");
  EXPECT_EQ(swapped.frames[0].info.drops_before, UINT32_MAX);
  EXPECT_EQ(swapped.frames[0].info.queue, 0x01020304u);
  EXPECT_EQ(swapped.frames[0].time.nanoseconds, 6'000'000'000);
}

TEST(FileWriter, writes_simple_packet_blocks_where_they_say_enough) {
  if (!with_pcapng) GTEST_SKIP() << no_pcapng;
  const ScratchFolder folder;
  Sample sample(5);
  for (auto& frame : sample.frames) frame.original_length = u32(frame.bytes.size);
  sample.frames[1].original_length += 10;  // cut by no snaplen: a simple block cannot tell
  sample.frames[2].info.has_queue = true;
  auto writer = FileWriter::create(folder / "x", {.packet_blocks = PacketBlocks::simple});
  ASSERT_EQ(write_all(*writer, sample).reason, Reason::none);
  const auto all = read_file(folder / "x");
  ASSERT_EQ(all.frames.size(), 5u);
  for (u32 i = 0; i < 5; ++i) {
    EXPECT_EQ(all.frames[i].info.has_time, i == 1 || i == 2) << i;
    EXPECT_EQ(all.frames[i].original_length, sample.frames[i].original_length);
    EXPECT_EQ(all.bytes[i], sample.data[i]);
  }
}

TEST(FileWriter, pcap_takes_one_link_type_and_says_so) {
  const ScratchFolder folder;
  Sample sample(3);
  sample.frames[2].link = LinkType::raw;
  auto writer = FileWriter::create(folder / "x.pcap");
  const auto written = writer->write(sample.batch(), sample.interfaces);
  ASSERT_FALSE(written);
  expect_text(written.error(), "cannot write the file: another link type: RAW at packet 3; a pcap file holds one link type: write pcapng");
  ASSERT_TRUE(writer->close());
  EXPECT_EQ(read_file(folder / "x.pcap").frames.size(), 2u);
}

TEST(FileWriter, times_that_a_format_cannot_express_are_counted) {
  if (!with_pcapng) GTEST_SKIP() << no_pcapng;
  const ScratchFolder folder;
  Sample sample(3);
  sample.frames[0].time = {-1};
  sample.frames[1].time = {INT64_MAX};
  for (auto [format, count] : {std::pair{FileFormat::pcap, 2u}, std::pair{FileFormat::pcapng, 1u}}) {
    auto writer = FileWriter::create(folder / "x", {.format = format});
    ASSERT_EQ(write_all(*writer, sample).reason, Reason::none);
    EXPECT_EQ(writer->warnings().count(), count);
    EXPECT_EQ(read_file(folder / "x").frames.size(), 3u);
  }
}

TEST(FileWriter, raw_records_make_the_same_file) {
  if (!with_pcapng) GTEST_SKIP() << no_pcapng;
  const ScratchFolder folder;
  const Buffer pcap = join(
      {pcap_header({.order = be, .link = 0x24000001}), pcap_record(packet_bytes(60), 1, 2, be), pcap_record(packet_bytes(0), 3, 4, be)});
  const Buffer pcapng = join({section(be), interface(be), block(0x7777, Buffer(9), be), enhanced(packet_bytes(5), 1, 0, be), section(),
                              interface(), enhanced(packet_bytes(7))});
  write_bytes(folder / "x.pcapng", pcapng);
  auto blocks = PcapngBlockReader::open(folder / "x.pcapng");
  auto writer = FileWriter::create(folder / "y.pcapng", {.order = be});
  while (const auto found = blocks->next().value()) ASSERT_TRUE(writer->write_raw(found->raw, found->is_packet()));
  EXPECT_EQ(writer->packets(), 2u);
  ASSERT_TRUE(writer->close());
  EXPECT_EQ(read_bytes(folder / "y.pcapng"), pcapng);

  auto reader = FileReader::open(ByteSource::memory(pcap));
  auto out = FileWriter::create(folder / "y.pcap", {.order = be});
  ASSERT_TRUE(out->write_raw(Bytes(pcap).first(24)));
  while (const auto batch = reader->next().value())
    for (u32 i = 0; i < batch->size(); ++i) ASSERT_TRUE(out->write_raw(reader->record(i), 1));
  ASSERT_TRUE(out->close());
  EXPECT_EQ(read_bytes(folder / "y.pcap"), pcap);
}

TEST(FileWriter, never_writes_over_its_input) {
  const ScratchFolder folder;
  write_bytes(folder / "x.pcap", join({pcap_header(), pcap_record(packet_bytes(5))}));
  ASSERT_EQ(link((folder / "x.pcap").c_str(), (folder / "y.pcap").c_str()), 0);
  auto reader = FileReader::open(folder / "x.pcap");
  const FileIdentity inputs[] = {*reader->identity()};
  for (auto name : {"x.pcap", "y.pcap"}) {
    const auto writer = FileWriter::create(folder / name, {.inputs = inputs});
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().reason, Reason::same_file);
  }
  EXPECT_EQ(read_file(folder / "x.pcap").frames.size(), 1u);
  EXPECT_TRUE(FileWriter::create(folder / "z.pcap", {.inputs = inputs}));
}

TEST(FileWriter, a_shorter_file_leaves_nothing_of_a_longer_one) {
  const ScratchFolder folder;
  write_bytes(folder / "x.pcap", Buffer(100'000, 'x'));
  const Sample sample(2);
  auto writer = FileWriter::create(folder / "x.pcap");
  ASSERT_EQ(write_all(*writer, sample).reason, Reason::none);
  expect_same(Sample(2), read_file(folder / "x.pcap", {}));
}

TEST(FileWriter, a_full_disk_is_an_error_with_the_number_of_lost_packets) {
  const Sample sample(256, 7);
  for (auto format : formats) {
    auto writer = FileWriter::create("/dev/full", {.format = format});
    ASSERT_TRUE(writer);
    const auto error = write_all(*writer, sample);
    EXPECT_EQ(error.reason, Reason::disk_full);
    EXPECT_EQ(error.system_error, ENOSPC);
    EXPECT_EQ(error.packets_lost, 256u);
  }
}

TEST(FileWriter, on_a_full_disk_the_file_ends_with_its_last_whole_record) {
  const ScratchFolder folder;
  if (mount("none", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0) GTEST_SKIP() << "mounting a small file system needs root";
  const Sample sample(256, 7);
  for (auto format : formats)
    for (size_t buffer : {4096u, 10'000u, 262144u}) {
      auto writer = FileWriter::create(folder / "x", {.format = format, .buffer_bytes = buffer});
      ASSERT_TRUE(writer);
      u64 handed_over = 0;
      Result<void> written;
      while (written) {
        handed_over += 256;
        written = writer->write(sample.batch(), sample.interfaces);
      }
      EXPECT_EQ(written.error().reason, Reason::disk_full);
      const auto all = read_file(folder / "x");
      EXPECT_FALSE(all.error) << all.error_text();
      EXPECT_GT(all.frames.size(), 700u);
      EXPECT_EQ(all.frames.size() + written.error().packets_lost, handed_over);
      const auto later = writer->write(sample.batch(), sample.interfaces);
      EXPECT_EQ(later.error().packets_lost, written.error().packets_lost + 256) << "those handed over later are lost too";
      const auto closed = writer->close();
      ASSERT_FALSE(closed);
      EXPECT_EQ(closed.error().packets_lost, later.error().packets_lost);
    }
  umount2(folder.path().c_str(), MNT_DETACH);
}

TEST(FileWriter, a_reader_that_is_gone_is_an_error_and_no_signal) {
  if (!with_pcapng) GTEST_SKIP() << no_pcapng;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  const Sample sample(10);
  auto writer = FileWriter::create_descriptor(ends[1]);
  ASSERT_TRUE(writer);
  const auto error = write_all(*writer, sample);
  EXPECT_EQ(error.reason, Reason::broken_pipe);
  EXPECT_EQ(error.packets_lost, 10u);
  close(ends[1]);
  sigset_t pending;
  sigpending(&pending);
  EXPECT_FALSE(sigismember(&pending, SIGPIPE));
}

TEST(FileWriter, each_packet_can_be_had_at_once_through_a_pipe) {
  if (!with_pcapng) GTEST_SKIP() << no_pcapng;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Sample sample(50);
  auto writer = FileWriter::create_descriptor(ends[1], {.flush = FlushWhen::after_each_packet});
  ASSERT_TRUE(writer->write(sample.frames[0], sample.interfaces));
  auto reader = FileReader::open_descriptor(ends[0]);
  ASSERT_TRUE(reader);
  for (u32 i = 0; i < 50; ++i) {
    if (i > 0) { ASSERT_TRUE(writer->write(sample.frames[i], sample.interfaces)); }
    const auto batch = reader->next().value();
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->size(), 1u);
    ASSERT_TRUE((*batch)[0].bytes == Bytes(sample.data[i]));
  }
  ASSERT_TRUE(writer->close());
  close(ends[1]);
  EXPECT_FALSE(reader->next().value());
  close(ends[0]);
}

TEST(FileWriter, descriptors_are_not_inherited) {
  const ScratchFolder folder;
  auto writer = FileWriter::create(folder / "x.pcap");
  auto reader = FileReader::open(folder / "x.pcap");  // empty: not a capture, but the attempt must leak nothing
  EXPECT_FALSE(reader);
  const auto listing = run("ls -l /proc/self/fd");
  EXPECT_EQ(listing.output.find(folder.path()), std::string::npos) << listing.output;
}

TEST(FileWriter, cannot_create_where_it_may_not) {
  const auto missing = FileWriter::create("/nowhere/x.pcap");
  ASSERT_FALSE(missing);
  expect_text(missing.error(), "cannot write the file /nowhere/x.pcap: No such file or directory");
}
