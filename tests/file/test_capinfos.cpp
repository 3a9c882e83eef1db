// SPDX-License-Identifier: Apache-2.0 OR MIT
// How many of the sample captures capinfos 4.0 says the same of: packets, bytes, first and last time, as texts. What it is known to
// print otherwise is undone first (differences.md); the files that still differ are listed there.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <set>

#include "file/builder.hpp"
#include "support/captures.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

constexpr LinkType sunatm{123};

/// A time as Wireshark's capinfos holds it: nanoseconds in 32 bits, which odd fractions leave.
struct CapinfosTime {
  i64 seconds = 0;
  i32 nanoseconds = 0;
  /// It compares by a difference that wraps round.
  bool before(const CapinfosTime& other) const {
    return seconds != other.seconds ? seconds < other.seconds : i32(u32(nanoseconds) - u32(other.nanoseconds)) < 0;
  }
};
struct Said {
  u64 packets = 0, bytes = 0;
  bool all_timed = true;
  std::optional<CapinfosTime> first, last;
};

CapinfosTime time_of(const Frame& frame, Bytes record, const FileFacts& facts, bool nanoseconds) {
  if (facts.format != FileFormat::pcap) {
    const i64 t = frame.time.nanoseconds, s = frame.time.seconds();
    return {s, i32(t - s * Timestamp::per_second)};
  }
  const u32 fraction = load<u32>(record.data + 4, facts.order);
  return {load<u32>(record.data, facts.order), i32(nanoseconds ? fraction : fraction * 1000)};
}

std::optional<Said> said_of(const std::string& path) {
  auto reader = FileReader::open(path);
  if (!reader) return {};
  Said said;
  for (;;) {
    const auto batch = reader->next();
    if (!batch) return {};
    if (!*batch) return said;
    for (u32 i = 0; i < (*batch)->size(); ++i) {
      const Frame& frame = (**batch)[i];
      ++said.packets;
      said.bytes += frame.original_length - (frame.link == sunatm ? 4 : 0);   // it takes the pseudo-header off
      if (!frame.info.has_time) {
        said.all_timed = false;
        continue;
      }
      const auto time =
          time_of(frame, reader->record(i), reader->facts(), reader->interfaces()[frame.interface].resolution == Resolution::nanoseconds());
      if (!said.first || time.before(*said.first)) said.first = time;
      if (!said.last || said.last->before(time)) said.last = time;
    }
  }
}

/// With as many digits behind the point as the other text.
std::string text_of(const CapinfosTime& time, const std::string& like) {
  const auto dot = like.find('.');
  if (dot == like.npos) return std::to_string(time.seconds);
  // A number that is too long for its digits stands as it is: such texts have other lengths, and come of microseconds here.
  const size_t said = like.size() - dot - 1;
  const bool odd = time.nanoseconds < 0 || time.nanoseconds >= Timestamp::per_second;
  const size_t digits = !odd ? said : said > 8 ? 9 : 6;
  i64 fraction = time.nanoseconds;
  for (size_t i = digits; i < 9; ++i) fraction /= 10;
  char text[64];
  std::snprintf(text, sizeof text, "%lld.%0*lld", static_cast<long long>(time.seconds), int(digits), static_cast<long long>(fraction));
  return text;
}

/// Names in the first column of the table of differences.
std::set<std::string> listed() {
  std::set<std::string> names;
  std::ifstream file(TRAWL_SOURCE_DIR "/tests/file/differences.md");
  for (std::string line; std::getline(file, line) && !line.starts_with("# Where we and the catalogue");)
    if (line.starts_with("| `")) names.insert(line.substr(3, line.find('`', 3) - 3));
  return names;
}

TEST(Capinfos, says_the_same_of_nearly_all_captures) {
  if (captures().empty()) GTEST_SKIP() << "no captures here: set TRAWL_CAPTURES";
  if (!with_pcapng || !with_compression) GTEST_SKIP() << "built without pcapng or compression";
  const std::string folder = captures() + "/corpus/";
  size_t judged = 0;
  std::set<std::string> differ;
  for (auto& row : read_table(folder + "oracle_capinfos.tsv")) {
    if (row["capinfos_rc"] != "0") continue;
    ++judged;
    const auto said = said_of(folder + row["file"]);
    bool same = said && std::to_string(said->packets) == row["packets"] && std::to_string(said->bytes) == row["data_bytes"];
    if (row["first_ts"] == "n/a") same = same && !(said->all_timed && said->packets);   // it prints none where one packet has none
    else
      same = same && said->first && text_of(*said->first, row["first_ts"]) == row["first_ts"] &&
             text_of(*said->last, row["last_ts"]) == row["last_ts"];
    if (!same) {
      differ.insert(row["file"]);
      RecordProperty(row["file"], said && said->first ? text_of(*said->first, row["first_ts"]) + " " + row["first_ts"] : "no packets");
    }
  }
  RecordProperty("judged", std::to_string(judged));
  RecordProperty("equal", std::to_string(judged - differ.size()));
  EXPECT_GT(judged, 900u);
  EXPECT_GE((judged - differ.size()) * 1000, judged * 995) << differ.size() << " of " << judged;
  EXPECT_EQ(differ, listed());
}

}  // namespace
