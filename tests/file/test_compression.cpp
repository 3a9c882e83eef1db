// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <sys/mount.h>
#include <unistd.h>

#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

struct Form {
  Compression compression;
  std::string suffix, program;
};
std::vector<Form> forms() {
  std::vector<Form> all;
  for (const Form& form : {Form{Compression::gzip, ".gz", "gzip"}, {Compression::zstd, ".zst", "zstd"}, {Compression::lz4, ".lz4", "lz4"}})
    if (is_supported(form.compression)) all.push_back(form);
  return all;
}

/// Bytes that compress, but not to nothing.
Buffer payload(u32 number) {
  Buffer bytes(40 + number % 1400);
  u32 state = number;
  for (auto& byte : bytes) state = state * 1664525 + 1013904223, byte = u8(state >> 28);
  return bytes;
}
/// Writes packets `first` to `last`.
Error write(FileWriter& writer, u32 first, u32 last) {
  const InterfaceInfo interface;
  for (u32 i = first; i < last; ++i) {
    const Buffer bytes = payload(i);
    Frame frame;
    frame.bytes = bytes;
    frame.original_length = u32(bytes.size());
    frame.time = Timestamp::from_parts(1'700'000'000 + i, 0);
    if (auto written = writer.write(frame, {&interface, 1}); !written) return written.error();
  }
  return {};
}
void expect_packets(const ReadAll& all, u32 count) {
  ASSERT_EQ(all.frames.size(), count);
  for (u32 i = 0; i < count; ++i) ASSERT_EQ(all.bytes[i], payload(i)) << i;
}

}  // namespace

TEST(Compression, is_known_by_name_and_suffix) {
  EXPECT_EQ(compression_for("a.pcap.gz"), Compression::gzip);
  EXPECT_EQ(compression_for("a.pcapng.zst"), Compression::zstd);
  EXPECT_EQ(compression_for("a.lz4"), Compression::lz4);
  EXPECT_EQ(compression_for("gz"), Compression::none);
  EXPECT_EQ(without_compression_suffix("a.pcap.gz"), "a.pcap");
  EXPECT_EQ(parse_compression("zstd"), Compression::zstd);
  EXPECT_FALSE(parse_compression("xz"));
}

TEST(Compression, what_is_written_is_read_again_and_by_other_programs) {
  const ScratchFolder folder;
  constexpr u32 count = 12'000;  // more than one frame
  for (const auto& form : forms()) {
    for (u64 frame : {u64{0}, u64{1} << 20}) {
      const std::string path = folder / ("x.pcap" + form.suffix);
      auto writer = FileWriter::create(path, {.compressed_frame_bytes = frame});
      ASSERT_TRUE(writer);
      EXPECT_EQ(writer->format(), FileFormat::pcap);
      ASSERT_EQ(write(*writer, 0, count).reason, Reason::none);
      ASSERT_TRUE(writer->close());
      EXPECT_EQ(writer->bytes(), read_bytes(path).size());
      EXPECT_LT(writer->bytes(), 9'000'000u);
      for (size_t buffer : {4096u, 262144u}) {
        const auto all = read_file(path, {.buffer_bytes = buffer});
        EXPECT_FALSE(all.error) << all.error_text();
        EXPECT_TRUE(all.warnings.empty());
        EXPECT_EQ(all.facts.compression, form.compression);
        expect_packets(all, count);
      }
      if (installed(form.program)) {
        const auto judged = run(form.program + " -dc '" + path + "' > '" + (folder / "plain.pcap") + "'");
        EXPECT_EQ(judged.status, 0) << judged.output;
        expect_packets(read_file(folder / "plain.pcap"), count);
      }
      if (installed("capinfos") && frame == 0) {  // which does not know of a second frame
        const auto judged = run("capinfos -M -c '" + path + "'");
        EXPECT_NE(judged.output.find("12000"), std::string::npos) << judged.output;
      }
    }
  }
}

TEST(Compression, what_other_programs_write_is_read_members_behind_each_other_too) {
  const ScratchFolder folder;
  auto writer = FileWriter::create(folder / "x.pcap");
  ASSERT_TRUE(writer && write(*writer, 0, 500).reason == Reason::none && writer->close());
  for (const auto& form : forms()) {
    if (!installed(form.program)) GTEST_SKIP() << form.program << " is not installed";
    const std::string path = folder / ("x" + form.suffix);
    std::string command = "cd '" + folder.path() + "'";
    command.append(" && head -c 1000 x.pcap | ").append(form.program).append(" -c > '").append(path).append("'");
    command.append(" && tail -c +1001 x.pcap | ").append(form.program).append(" -c >> '").append(path).append("'");
    const auto made = run(command);
    ASSERT_EQ(made.status, 0) << made.output;
    const auto all = read_file(path);
    EXPECT_FALSE(all.error) << all.error_text();
    expect_packets(all, 500);
  }
}

TEST(Compression, whatever_was_flushed_can_be_read_while_the_writer_lives) {
  const ScratchFolder folder;
  for (const auto& form : forms()) {
    for (u64 frame : {u64{0}, u64{1} << 20}) {
      const std::string path = folder / ("x.pcapng" + form.suffix);
      auto writer = FileWriter::create(path, {.format = FileFormat::pcap, .compressed_frame_bytes = frame});
      ASSERT_TRUE(writer);
      for (u32 done = 0; done < 300; done += 100) {
        ASSERT_EQ(write(*writer, done, done + 100).reason, Reason::none);
        ASSERT_TRUE(writer->flush());
        const auto all = read_file(path);
        EXPECT_EQ(all.error ? all.error->reason : Reason::none, frame ? Reason::none : Reason::truncated) << all.error_text();
        expect_packets(all, done + 100);
      }
    }
  }
}

TEST(Compression, a_wrong_checksum_is_damage_behind_all_packets) {
  const ScratchFolder folder;
  for (const auto& form : forms()) {
    const std::string path = folder / ("x.pcap" + form.suffix);
    auto writer = FileWriter::create(path);
    ASSERT_TRUE(writer && write(*writer, 0, 400).reason == Reason::none && writer->close());
    Buffer whole = read_bytes(path);
    for (size_t buffer : {4096u, 262144u}) {
      SCOPED_TRACE(form.program + " in pieces of " + std::to_string(buffer));
      whole.back() ^= 0x10;
      const auto all = read_all(whole, {.buffer_bytes = buffer});
      EXPECT_EQ(all.error ? all.error->reason : Reason::none, Reason::damaged) << all.error_text();
      expect_packets(all, 400);
      whole.back() ^= 0x10;
      EXPECT_FALSE(read_all(whole, {.buffer_bytes = buffer}).error);
    }
  }
}

TEST(Compression, all_sums_that_lz4_frames_may_have_are_looked_at) {
  if (!is_supported(Compression::lz4) || !installed("lz4")) GTEST_SKIP() << "lz4 is not here";
  const ScratchFolder folder;
  auto writer = FileWriter::create(folder / "x.pcap");
  ASSERT_TRUE(writer && write(*writer, 0, 400).reason == Reason::none && writer->close());
  for (const std::string flags : {"", "-BX", "-BX --no-frame-crc", "-BD -B4", "--no-frame-crc"}) {
    const std::string path = folder / "x.lz4";
    std::string command = "lz4 -fq " + flags;
    command.append(" '").append(folder / "x.pcap").append("' '").append(path).append("'");
    ASSERT_EQ(run(command).status, 0);
    Buffer whole = read_bytes(path);
    const auto all = read_all(whole, {});
    EXPECT_FALSE(all.error) << flags << all.error_text();
    expect_packets(all, 400);
    whole[whole.size() - 30] ^= 1;  // a literal of the last block
    EXPECT_EQ(bool(read_all(whole, {}).error), flags != "--no-frame-crc") << flags;
  }
}

TEST(Compression, a_cut_file_gives_what_decompresses_and_says_where) {
  const ScratchFolder folder;
  for (const auto& form : forms()) {
    const std::string path = folder / ("x.pcap" + form.suffix);
    auto writer = FileWriter::create(path);
    ASSERT_TRUE(writer && write(*writer, 0, 200).reason == Reason::none && writer->flush());
    ASSERT_TRUE(write(*writer, 200, 400).reason == Reason::none && writer->close());
    const auto whole = read_bytes(path);
    u64 least = 0;
    for (size_t size = 20; size < whole.size(); size += 997) {
      const auto all = read_all(Buffer(whole.begin(), whole.begin() + std::ptrdiff_t(size)));
      if (all.error) {
        EXPECT_TRUE(all.error->reason == Reason::truncated || all.error->reason == Reason::not_a_capture_file) << all.error_text();
      }
      EXPECT_GE(all.frames.size(), least);
      least = all.frames.size();
      for (u32 i = 0; i < all.frames.size(); ++i) ASSERT_EQ(all.bytes[i], payload(i));
    }
    EXPECT_GE(least, 200u);
  }
}

TEST(Compression, a_full_disk_leaves_what_was_flushed_and_the_number_of_lost_packets) {
  const ScratchFolder folder;
  if (mount("none", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0) GTEST_SKIP() << "mounting a small file system needs root";
  for (const auto& form : forms()) {
    const std::string path = folder / ("x.pcap" + form.suffix);
    auto writer = FileWriter::create(path);
    ASSERT_TRUE(writer);
    u32 handed_over = 0;
    Error error;
    while (error.reason == Reason::none) {
      error = write(*writer, handed_over, handed_over + 500);
      handed_over += 500;
      if (error.reason == Reason::none && handed_over == 1000) { ASSERT_TRUE(writer->flush()); }
    }
    EXPECT_EQ(error.reason, Reason::disk_full);
    EXPECT_FALSE(writer->close());
    const auto all = read_file(path);
    EXPECT_EQ(all.error ? all.error->reason : Reason::none, Reason::truncated) << all.error_text();
    EXPECT_GE(all.frames.size(), 1000u);
    EXPECT_LE(all.frames.size() + error.packets_lost, handed_over);
    EXPECT_EQ(all.frames.size(), writer->packets());
    unlink(path.c_str());
  }
  umount2(folder.path().c_str(), MNT_DETACH);
}

TEST(Compression, what_is_not_built_in_is_said_at_once) {
  for (auto compression : {Compression::gzip, Compression::zstd, Compression::lz4}) {
    if (is_supported(compression)) continue;
    const auto writer = FileWriter::create("/dev/null", {.compression = compression});
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().reason, Reason::not_supported);
  }
}
