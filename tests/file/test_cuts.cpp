// SPDX-License-Identifier: Apache-2.0 OR MIT
// Sample captures that end too early: at every byte of small ones, at 1,000 places of each larger one.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "file/builder.hpp"
#include "support/captures.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/file/pcapng_block_reader.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

constexpr size_t small = 8192, cuts_of_larger = 1000;

struct Whole {
  std::vector<u8> file;
  decltype(ReadAll::bytes) packets;
  std::vector<u64> ends;        ///< of their records; empty for compressed files
  std::vector<u64> whole_at;    ///< cuts that leave nothing in the middle: ends of records and blocks, and of the file's header
  bool compressed = false, damaged = false;
};

Whole read_whole(const std::string& path) {
  Whole whole{.file = read_bytes(path)};
  const auto all = read_all(whole.file);
  whole.packets = all.bytes;
  whole.compressed = all.facts.compression != Compression::none;
  whole.damaged = all.error.has_value();
  if (whole.compressed) return whole;
  for (size_t i = 0; i < all.offsets.size(); ++i) whole.ends.push_back(all.offsets[i] + all.records[i].size());
  whole.whole_at = whole.ends;
  whole.whole_at.push_back(all.facts.format == FileFormat::pcap ? 24 : 16);
  if (auto blocks = PcapngBlockReader::open(ByteSource::memory(whole.file)); blocks)
    while (const auto block = blocks->next()) {
      if (!*block) break;
      whole.whole_at.push_back((*block)->offset + (*block)->raw.size);
    }
  std::ranges::sort(whole.whole_at);
  return whole;
}

/// What is wrong about how the first `size` bytes are read; empty: nothing.
std::string judge(const Whole& whole, size_t size) {
  auto reader = FileReader::open(ByteSource::memory(Bytes(whole.file).first(size)), {.buffer_bytes = 4096});
  size_t packets = 0;
  std::optional<Error> error;
  if (!reader) error = reader.error();
  while (!error) {
    const auto batch = reader->next();
    if (!batch) error = batch.error();
    if (!batch || !*batch) break;
    for (const auto& frame : **batch) {
      if (packets == whole.packets.size()) return "a packet more";
      if (frame.bytes != Bytes(whole.packets[packets])) return "another packet " + std::to_string(packets + 1);
      ++packets;
    }
  }
  const size_t there = size_t(std::ranges::upper_bound(whole.ends, u64(size)) - whole.ends.begin());
  // Records of zeros alone at the end are what a crash leaves: a warning says so.
  const Bytes rest = Bytes(whole.file).first(size).from(packets ? size_t(whole.ends.empty() ? 0 : whole.ends[packets - 1]) : 24);
  const bool zeros = std::ranges::all_of(rest, [](u8 byte) { return byte == 0; }) && reader && !reader->warnings().empty();
  if (packets < there && !zeros) return std::to_string(packets) + " of " + std::to_string(there) + " packets";
  if (error) return describe(*error).empty() ? "an error without a word" : "";
  const bool in_the_middle = !whole.compressed && size != whole.file.size() && !std::ranges::binary_search(whole.whole_at, u64(size));
  return in_the_middle && reader->warnings().empty() ? "neither an error nor a warning" : "";
}

TEST(CutFilesFull, give_every_packet_before_the_cut_and_say_that_they_are_cut) {
  if (captures().empty()) GTEST_SKIP() << "no captures here: set TRAWL_CAPTURES";
  if (!with_pcapng || !with_compression) GTEST_SKIP() << "built without pcapng or compression";
  size_t cuts = 0, files = 0;
  std::mt19937_64 random(20260101);
  for (auto& row : read_table(captures() + "/corpus/MANIFEST.tsv")) {
    const auto whole = read_whole(captures() + "/corpus/" + row["file"]);
    const size_t size = whole.file.size();
    ++files;
    for (size_t n = 0; n < (size <= small ? size : cuts_of_larger); ++n, ++cuts) {
      const size_t cut = size <= small ? n : random() % size;
      const std::string wrong = judge(whole, cut);
      ASSERT_EQ(wrong, "") << row["file"] << " cut at " << cut;
    }
  }
  RecordProperty("files", std::to_string(files));
  RecordProperty("cuts", std::to_string(cuts));
  EXPECT_GT(cuts, 500'000u);
}

}  // namespace
