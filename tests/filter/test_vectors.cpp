// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <gtest/gtest.h>

#include <cstdio>
#include <iostream>
#include <map>
#include <regex>

#include "vectors.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

struct Compiled {
  bool ok = false;
  bpf::Program program = bpf::Program::reject_all(LinkType::ethernet);
  bpf::Program plain = program;
  std::string error;
};

Compiled compile(const std::string& expression, LinkType link) {
  Compiled result;
  const auto filter = Filter::parse(expression);
  if (!filter) return result.error = say(filter.error()), result;
  CompileOptions options = vector_options;
  const auto program = filter->compile(link, bpf::Target::offline, options);
  if (!program) return result.error = say(program.error()), result;
  options.optimize = false;
  const auto plain = filter->compile(link, bpf::Target::offline, options);
  if (!plain) return result.error = say(plain.error()), result;
  result.ok = true, result.program = *program, result.plain = *plain;
  return result;
}

// Bit i % 8 of byte i / 8 is packet i; FNV-1a as the vectors' README gives it.
std::string bitmap_hash(const std::vector<bool>& matches) {
  u64 hash = 1469598103934665603;
  for (size_t i = 0; i < matches.size(); i += 8) {
    u8 byte = 0;
    for (size_t bit = 0; bit < 8 && i + bit < matches.size(); ++bit) byte = u8(byte | matches[i + bit] << bit);
    hash = (hash ^ byte) * 1099511628211;
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

// libpcap's programs for tunnels behind headers of variable length take where the outer header begins from memory that
// they never wrote. No kernel takes them.
bool reads_unset_memory(const std::string& expression, LinkType link) {
  const std::string_view type = name(link);
  const bool variable =
      type == "IEEE802_11" || type.starts_with("IEEE802_11_") || type == "PPI" || type == "PRISM_HEADER" || type == "PFLOG";
  return variable && (expression.find("geneve") != expression.npos || expression.find("vxlan") != expression.npos);
}

// insns.tsv is of a handle that is neither live nor a file, where libpcap knows one address family less.
bool depends_on_address_families(const std::string& expression, LinkType link) {
  static const std::regex version6("\\b(ip6|tcp|udp|sctp|port|portrange|icmp6|pim|ah|esp|proto)\\b");
  const std::string_view type = name(link);
  return (type == "NULL" || type == "LOOP" || type == "ENC" || type == "PFLOG") && std::regex_search(expression, version6);
}

}  // namespace

TEST(FilterVectors, compile_every_valid_expression) {
  const auto valid = filter_rows("valid.tsv");
  if (valid.empty()) GTEST_SKIP() << "no captures/filter";
  for (const auto& row : valid) {
    const Compiled compiled = compile(row[1], *parse_link_type(row[0]));
    EXPECT_TRUE(compiled.ok) << row[0] << ' ' << row[1] << ": " << compiled.error;
  }
  std::cout << "  " << valid.size() << " expressions\n";
}

TEST(FilterVectors, match_the_same_packets_as_libpcap) {
  const auto matches = filter_rows("matches.tsv");
  if (matches.empty()) GTEST_SKIP() << "no captures/filter";
  std::map<std::string, std::vector<Packet>> captures;
  std::map<std::string, Compiled> programs;
  int allowed = 0, plain_differs = 0;
  for (const auto& row : matches) {
    const LinkType link = *parse_link_type(row[4]);
    if (!captures.contains(row[0])) captures[row[0]] = filter_capture(row[0]);
    const auto& packets = captures[row[0]];
    ASSERT_FALSE(packets.empty()) << row[0];
    const std::string key = row[4] + ' ' + row[1];
    if (!programs.contains(key)) programs.emplace(key, compile(row[1], link));
    const Compiled& compiled = programs.at(key);
    ASSERT_TRUE(compiled.ok) << key << ": " << compiled.error;
    std::vector<bool> optimized, plain;
    int count = 0;
    for (const Packet& packet : packets) {
      optimized.push_back(compiled.program.matches(frame_of(packet, link)));
      plain.push_back(compiled.plain.matches(frame_of(packet, link)));
      count += optimized.back();
    }
    plain_differs += optimized != plain;
    EXPECT_EQ(optimized, plain) << row[0] << ' ' << key;
    const bool same = bitmap_hash(optimized) == row[3] && std::to_string(count) == row[2];
    const std::string note = row.size() > 5 ? row[5] : "";
    if (!same && (note == "OPTDIFF" || note == "HANG" || reads_unset_memory(row[1], link))) ++allowed;
    else EXPECT_TRUE(same) << row[0] << ' ' << key << ": " << count << " instead of " << row[2] << ' ' << note;
  }
  std::cout << "  " << matches.size() << " rows\n";
  std::cout << "  " << allowed << " rows noted OPTDIFF or HANG, or of programs that read unset memory, differ; " << plain_differs
            << " differ without optimizing\n";
}

TEST(FilterVectors, refuse_every_invalid_expression) {
  const auto invalid = filter_rows("invalid.tsv");
  if (invalid.empty()) GTEST_SKIP() << "no captures/filter";
  for (const auto& row : invalid) {
    const Compiled compiled = compile(row[1], *parse_link_type(row[0]));
    if (row[3] == "ERR") EXPECT_FALSE(compiled.ok) << row[0] << ' ' << row[1] << ": libpcap says " << row[2];
    else EXPECT_TRUE(compiled.ok && compiled.program.rejects_all()) << row[0] << ' ' << row[1] << ' ' << compiled.error;
  }
  std::cout << "  " << invalid.size() << " expressions\n";
}

TEST(FilterVectors, know_the_names_of_services_and_protocols) {
  const auto names = filter_rows("names.tsv");
  if (names.empty()) GTEST_SKIP() << "no captures/filter";
  for (const auto& row : names) {
    const Compiled compiled = compile(row[1], *parse_link_type(row[0]));
    EXPECT_EQ(compiled.ok, row[2] == "OK") << row[0] << ' ' << row[1] << ' ' << compiled.error;
  }
  std::cout << "  " << names.size() << " expressions\n";
}

// Lengths are a matter of the optimizer and not of correctness: printed, and bounded against libpcap's shortest.
TEST(FilterVectors, give_programs_no_longer_than_libpcap_does) {
  const auto lengths = filter_rows("insns.tsv");
  if (lengths.empty()) GTEST_SKIP() << "no captures/filter";
  std::map<std::pair<std::string, std::string>, bool> wrong;  // libpcap 1.10.3 programs that match other packets
  for (const auto& row : filter_rows("matches.diff-1.10.3.tsv")) wrong[{row[2], row[1]}] = true;
  long ours = 0, theirs = 0;
  int longer = 0, counted = 0;
  for (const auto& row : lengths) {
    const int master = std::stoi(row[2]), released = std::stoi(row[4]);
    int shortest = master;
    if (released > 0 && (shortest <= 0 || released < shortest) && !wrong.contains({row[0], row[1]})) shortest = released;
    if (shortest <= 0 || depends_on_address_families(row[1], *parse_link_type(row[0]))) continue;
    const Compiled compiled = compile(row[1], *parse_link_type(row[0]));
    ASSERT_TRUE(compiled.ok) << row[1] << compiled.error;
    const int length = int(compiled.program.instructions().size());
    ours += length, theirs += shortest, ++counted;
    if (length > shortest + 1 && length * 10 > shortest * 11) {
      ++longer;
      std::cout << "  longer: " << length << " against " << shortest << ": " << row[0] << ' ' << row[1].substr(0, 100) << '\n';
    }
  }
  std::cout << "  " << counted << " programs: " << ours << " instructions, libpcap's shortest " << theirs << ", ratio "
            << double(ours) / double(theirs) << "; " << longer << " longer by more than a tenth\n";
  EXPECT_LE(double(ours), 0.95 * double(theirs));
  EXPECT_EQ(longer, 0);
}
