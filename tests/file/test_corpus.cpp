// SPDX-License-Identifier: Apache-2.0 OR MIT
// Real and generated captures, judged by what capinfos and the generators say of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>

#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/file/file_writer.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

class Corpus : public testing::Test {
 protected:
  void SetUp() override {
    if (captures().empty()) GTEST_SKIP() << "no captures here: set TRAWL_CAPTURES";
    folder_ = captures() + "/corpus/";
  }
  /// Files of all formats of this build, with what capinfos says of them.
  std::vector<std::map<std::string, std::string>> files() const {
    std::map<std::string, std::string> formats;
    for (auto& row : read_table(folder_ + "MANIFEST.tsv")) formats[row["file"]] = row["format"];
    auto rows = read_table(folder_ + "oracle_capinfos.tsv");
    std::set<std::string> plain{"pcap-us", "pcap-ns", "pcap-modified"};
    if (with_pcapng) plain.insert("pcapng");
    for (auto format : {"pcap-us", "pcapng"})
      if (with_compression && plain.contains(format)) plain.insert(std::string(format) + "+z");
    std::erase_if(rows, [&](auto& row) { return !plain.contains(formats[row["file"]]); });
    for (auto& row : rows) row["format"] = formats[row["file"]];
    return rows;
  }
  std::string folder_;
};

/// What capinfos prints of a file.
struct Summary {
  u64 packets = 0, bytes = 0;
  i64 first = INT64_MAX, last = INT64_MIN;
  bool in_order = true;
  bool saturated = false;
  std::optional<Error> error;
};
Summary summary_of(const std::string& path) {
  Summary summary;
  auto reader = FileReader::open(path);
  if (!reader) {
    summary.error = reader.error();
    return summary;
  }
  i64 before = INT64_MIN;
  for (;;) {
    const auto batch = reader->next();
    if (!batch) summary.error = batch.error();
    if (!batch || !*batch) break;
    for (const auto& frame : **batch) {
      ++summary.packets, summary.bytes += frame.original_length;
      if (!frame.info.has_time) continue;
      const i64 time = frame.time.nanoseconds;
      summary.first = std::min(summary.first, time), summary.last = std::max(summary.last, time);
      summary.in_order &= time >= before;
      summary.saturated |= time == INT64_MAX || time == INT64_MIN;
      before = time;
    }
  }
  return summary;
}

/// "1510160586.619916938" in nanoseconds; nothing for texts of another form.
std::optional<i64> nanoseconds_of(const std::string& text) {
  const auto dot = text.find('.');
  i64 seconds = 0, fraction = 0;
  if (dot == text.npos || std::from_chars(text.data(), text.data() + dot, seconds).ptr != text.data() + dot) return {};
  std::string digits = text.substr(dot + 1) + "000000000";
  digits.resize(9);
  if (std::from_chars(digits.data(), digits.data() + 9, fraction).ptr != digits.data() + 9) return {};
  return seconds * 1'000'000'000 + (text[0] == '-' ? -fraction : fraction);
}

/// The value behind `"key": ` from `at` on; enough for what the generator writes.
std::string_view json_value(std::string_view line, std::string_view key, size_t at = 0) {
  const auto found = line.find("\"" + std::string(key) + "\": ", at);
  if (found == line.npos) return {};
  const auto start = found + key.size() + 4;
  return line.substr(start, line.find_first_of(line[start] == '[' ? "]" : ",}", start) - start);
}
i64 json_number(std::string_view line, std::string_view key, size_t at = 0) {
  const auto text = json_value(line, key, at);
  i64 value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

TEST_F(Corpus, counts_bytes_and_times_are_those_of_capinfos) {
  // Where it is no judge: it cuts ATM trailers off the length, prints fractions of a second above one as they stand, and
  // takes the first and last packet for the earliest and latest.
  const std::set<std::string> other_length{"tcpdump/atm-heapoverflow.pcap", "tcpdump/atm-oam-loopback-print-overrun.pcap"};
  const std::set<std::string> other_times{"tcpdump/olsr-oobr-2.pcap", "tcpdump/pim_header_asan-2.pcap",
                                          "tcpdump/atm-oam-loopback-print-overrun.pcap"};
  size_t compared = 0;
  for (auto& row : files()) {
    if (row["capinfos_rc"] != "0") continue;
    const auto& name = row["file"];
    const auto ours = summary_of(folder_ + name);
    EXPECT_FALSE(ours.error) << name << ": " << describe(*ours.error);
    EXPECT_EQ(std::to_string(ours.packets), row["packets"]) << name;
    if (!other_length.contains(name)) { EXPECT_EQ(std::to_string(ours.bytes), row["data_bytes"]) << name; }
    ++compared;
    if (other_times.contains(name) || ours.saturated) continue;
    const auto first = nanoseconds_of(row["first_ts"]), last = nanoseconds_of(row["last_ts"]);
    const i64 digits = row["first_ts"].size() - row["first_ts"].find('.') < 10 ? 10'000'000 : 1;  // be__test902: "1519128000.19"
    const bool odd_fraction = row["first_ts"].size() - row["first_ts"].find('.') > 10 || row["last_ts"].find(".-") != std::string::npos;
    if (first && last && !odd_fraction && row["first_ts"].find(".-") == std::string::npos && name.find("Fuzzers") == std::string::npos) {
      EXPECT_LT(std::abs(ours.first - *first), digits) << name;
      EXPECT_LT(std::abs(ours.last - *last), digits) << name;
      if (row["strict_order"] == "True" || row["strict_order"] == "False") {
        EXPECT_EQ(ours.in_order, row["strict_order"] == "True") << name;
      }
    }
  }
  EXPECT_GT(compared, with_pcapng ? 850u : 650u);
}

TEST_F(Corpus, damaged_files_give_at_least_the_packets_that_libpcap_reads) {
  for (auto& row : files()) {
    if (row["capinfos_rc"] == "0") continue;
    u64 peer = 0;
    std::from_chars(row["libpcap_packets"].data(), row["libpcap_packets"].data() + row["libpcap_packets"].size(), peer);
    EXPECT_GE(summary_of(folder_ + row["file"]).packets, peer) << row["file"];
  }
}

TEST_F(Corpus, generated_pcapng_files_are_read_exactly) {
  if (!with_pcapng) GTEST_SKIP() << "built without pcapng";
  const auto lines = read_bytes(folder_ + "synthetic-pcapng/truth.jsonl");
  std::string_view all = Bytes(lines).text();
  size_t files = 0, packets = 0;
  while (!all.empty()) {
    const auto line = all.substr(0, all.find('\n'));
    all.remove_prefix(std::min(all.size(), line.size() + 1));
    auto name = json_value(line, "file");
    name = name.substr(1, name.size() - 2);
    const auto ours = read_file(folder_ + "synthetic-pcapng/" + std::string(name));
    ASSERT_FALSE(ours.error) << name << ours.error_text();
    EXPECT_TRUE(ours.warnings.empty()) << name << describe(ours.warnings.first()[0]);
    ASSERT_EQ(i64(ours.frames.size()), json_number(line, "packets")) << name;
    EXPECT_EQ(ours.facts.sections, u32(json_number(line, "sections"))) << name;
    size_t at = line.find("\"pkts\"");
    for (size_t i = 0; i < ours.frames.size(); ++i) {
      at = line.find("{\"s\":", at + 1);
      ASSERT_NE(at, line.npos);
      const auto& frame = ours.frames[i];
      const auto& interface = ours.interfaces[frame.interface];
      EXPECT_EQ(i64(frame.info.section), json_number(line, "s", at));
      EXPECT_EQ(i64(frame.link), json_number(line, "lt", at));
      EXPECT_EQ(i64(frame.bytes.size), json_number(line, "cap", at));
      EXPECT_EQ(i64(frame.original_length), json_number(line, "len", at));
      EXPECT_EQ(frame.info.has_time, json_value(line, "ts", at) != "null");
      if (frame.info.has_time) {
        EXPECT_EQ(i64(interface.resolution.code), json_number(line, "res", at));
        EXPECT_EQ(interface.time_offset_seconds, json_number(line, "off", at));
        EXPECT_EQ(frame.time.nanoseconds, json_number(line, "ts", at)) << name << " packet " << i + 1;
      }
      i64 sum = 0;
      for (u8 byte : ours.bytes[i]) sum += byte;
      EXPECT_EQ(sum, json_number(line, "sum", at));
      ++packets;
    }
    ++files;
  }
  EXPECT_GE(files, 25u);
  EXPECT_GT(packets, 200u);
}

TEST_F(Corpus, pcapng_files_are_copied_byte_for_byte) {
  if (!with_pcapng) GTEST_SKIP() << "built without pcapng";
  const ScratchFolder scratch;
  size_t copied = 0;
  for (auto& row : files()) {
    if (row["format"] != "pcapng") continue;
    const std::string path = folder_ + row["file"];
    auto reader = PcapngBlockReader::open(path);
    ASSERT_TRUE(reader) << path;
    auto writer = FileWriter::create(scratch / "copy.pcapng");
    bool good = true;
    for (;;) {
      const auto found = reader->next();
      good = found.has_value();
      if (!good || !*found) break;
      ASSERT_TRUE(writer->write_raw((*found)->raw, (*found)->is_packet()));
    }
    ASSERT_TRUE(writer->close());
    if (!good) continue;
    EXPECT_TRUE(read_bytes(scratch / "copy.pcapng") == read_bytes(path)) << path;
    ++copied;
  }
  EXPECT_GT(copied, 150u);
}

TEST_F(Corpus, pcapng_files_in_the_other_byte_order_say_the_same_and_come_back) {
  if (!with_pcapng) GTEST_SKIP() << "built without pcapng";
  size_t turned_files = 0;
  for (auto& row : files()) {
    if (row["format"] != "pcapng") continue;
    const auto file = read_bytes(folder_ + row["file"]);
    const auto turn = [](Bytes bytes) {
      std::vector<u8> turned;
      auto reader = PcapngBlockReader::open(ByteSource::memory(bytes));
      for (;;) {
        const auto block = reader->next();
        if (!block || !*block) break;
        const size_t at = turned.size();
        turned.insert(turned.end(), (*block)->raw.begin(), (*block)->raw.end());
        reverse_block(std::span(turned).subspan(at), (*block)->order);
      }
      return turned;
    };
    const auto turned = turn(file);
    if (turned.size() != file.size()) continue;  // damaged
    const auto before = read_all(file), after = read_all(turned);
    ASSERT_EQ(before.frames.size(), after.frames.size()) << row["file"];
    EXPECT_EQ(before.facts.comments, after.facts.comments) << row["file"];
    EXPECT_EQ(before.warnings.count(), after.warnings.count()) << row["file"];
    for (size_t i = 0; i < before.frames.size(); ++i) {
      ASSERT_EQ(before.bytes[i], after.bytes[i]) << row["file"] << " packet " << i + 1;
      ASSERT_EQ(before.frames[i].time, after.frames[i].time) << row["file"] << " packet " << i + 1;
      ASSERT_EQ(before.frames[i].info.queue, after.frames[i].info.queue);
    }
    EXPECT_TRUE(turn(turned) == file) << row["file"];
    ++turned_files;
  }
  EXPECT_GT(turned_files, 150u);
}

TEST_F(Corpus, records_of_packets_stand_in_the_file_where_they_say) {
  for (auto& row : files()) {
    const auto file = read_bytes(folder_ + row["file"]);
    if (file.size() > 100'000) continue;
    const auto all = read_all(file);
    for (size_t i = 0; i < all.records.size(); ++i)
      ASSERT_TRUE(Bytes(all.records[i]) == Bytes(file).slice(all.offsets[i], all.records[i].size())) << row["file"] << " packet " << i + 1;
  }
}

TEST_F(Corpus, every_cut_of_small_files_gives_a_prefix_of_the_packets) {
  size_t cuts = 0;
  for (auto& row : files()) {
    const auto file = read_bytes(folder_ + row["file"]);
    if (file.size() > 8192) continue;
    const auto whole = read_all(file);
    for (size_t size = 0; size < file.size(); ++size, ++cuts) {
      const auto source = Bytes(file).first(size);
      auto reader = FileReader::open(ByteSource::memory(source), {.buffer_bytes = 4096});
      if (!reader) continue;
      size_t packets = 0;
      bool failed = false;
      for (;;) {
        const auto batch = reader->next();
        failed = !batch;
        if (!batch || !*batch) break;
        for (const auto& frame : **batch) {
          ASSERT_LT(packets, whole.frames.size()) << row["file"] << " cut at " << size;
          ASSERT_TRUE(frame.bytes == Bytes(whole.bytes[packets])) << row["file"] << " cut at " << size;
          ++packets;
        }
      }
      ASSERT_TRUE(failed || packets <= whole.frames.size());
    }
  }
  EXPECT_GT(cuts, 100'000u);
}

TEST_F(Corpus, mutated_files_end_as_the_catalogue_expects) {
  if (!with_pcapng) GTEST_SKIP() << "built without pcapng";
  const ScratchFolder scratch;
  const auto made = run("python3 '" + folder_ + "tools/mutate.py' '" + scratch.path() + "'");
  if (made.status != 0) GTEST_SKIP() << "cannot make mutated files: " << made.output;
  // Explained in differences.md.
  const std::set<std::string> differ{"ng_ok_multi_linktype.pcapng", "ng_ts_uint64_max.pcapng"};
  size_t judged = 0;
  for (auto& row : read_table(scratch / "index.tsv")) {
    if ((row["family"] == "compressed" && !with_compression) || differ.contains(row["file"])) continue;
    const auto ours = read_file(scratch / row["file"]);
    const std::string outcome = ours.error ? "error" : ours.warnings.empty() ? "ok" : "warn";
    const auto& expected = row["expect"];
    EXPECT_TRUE(outcome == expected || (expected == "warn-or-error" && outcome != "ok"))
        << row["file"] << ": " << outcome << " instead of " << expected << " " << ours.error_text();
    if (row["good_before"] != "-") { EXPECT_GE(ours.frames.size(), std::stoul(row["good_before"])) << row["file"]; }
    if (!ours.error && row["recoverable"] != "-") { EXPECT_GE(ours.frames.size(), std::stoul(row["recoverable"])) << row["file"]; }
    if (ours.error && ours.error->operation == Operation::read_file) { EXPECT_NE(ours.error->byte, Error::unknown) << row["file"]; }
    ++judged;
  }
  EXPECT_GT(judged, with_compression ? 240u : 200u);
}

TEST_F(Corpus, nearly_all_of_what_damage_has_left_is_recovered) {
  if (!with_pcapng || !with_compression) GTEST_SKIP() << "built without pcapng or compression";
  const ScratchFolder scratch;
  const auto made = run("python3 '" + folder_ + "tools/mutate.py' '" + scratch.path() + "'");
  if (made.status != 0) GTEST_SKIP() << "cannot make mutated files: " << made.output;
  size_t there = 0, recovered = 0;
  for (auto& row : read_table(scratch / "index.tsv")) {
    if (row["recoverable"] == "-" || row["recoverable"] == "0") continue;
    const size_t wanted = std::stoul(row["recoverable"]);
    const auto ours = read_file(scratch / row["file"], {.recovery = Recovery::search});
    there += wanted;
    recovered += std::min(wanted, ours.frames.size());
    if (ours.frames.size() < wanted) RecordProperty(row["file"], std::to_string(ours.frames.size()) + " of " + std::to_string(wanted));
    if (row["expect"] == "ok" && row["family"] != "compressed") {
      EXPECT_EQ(ours.frames.size(), read_file(scratch / row["file"]).frames.size()) << row["file"];
    }
  }
  EXPECT_GT(there, 2000u);
  EXPECT_GE(recovered * 1000, there * 995) << recovered << " of " << there;
}

TEST_F(Corpus, seeded_mutations_of_real_files_never_crash_or_hang) {
  const ScratchFolder scratch;
  std::string list;
  size_t files_taken = 0;
  for (auto& row : files())
    if (std::filesystem::file_size(folder_ + row["file"]) < 20'000 && ++files_taken % 4 == 0) list += " '" + folder_ + row["file"] + "'";
  const auto made = run("python3 '" + folder_ + "tools/mutate.py' '" + scratch.path() + "' --per-file 5 --fuzz" + list);
  if (made.status != 0) GTEST_SKIP() << "cannot make mutated files: " << made.output;
  size_t read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
    const auto all = read_file(entry.path().string());
    if (all.error && all.error->operation == Operation::read_file) { EXPECT_NE(all.error->byte, Error::unknown) << entry.path(); }
    ++read;
  }
  EXPECT_GT(read, 500u);
}
