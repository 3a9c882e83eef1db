// SPDX-License-Identifier: Apache-2.0 OR MIT
// What stands in files beside this one: columns of errors, lengths of programs.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "expressions.hpp"

using namespace trawl;
using namespace trawl::test;

namespace {

const std::string folder = std::string(TRAWL_SOURCE_DIR) + "/tests/filter/";

std::string hosts(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += (i ? " or host 10." : "host 10.") + std::to_string(i * 37 % 251) + '.' + std::to_string(i * 91 % 241) + '.' +
            std::to_string(i % 200);
  return text;
}

std::string length_line(const std::string& label, const std::string& text, LinkType link, bpf::Target target) {
  const auto program = Filter::parse(text)->compile(link, target, vector_options);
  return std::string(name(link)) + '\t' + (target == bpf::Target::live ? "live" : "offline") + '\t' +
         (program ? std::to_string(program->instructions().size()) : "-") + '\t' + label + '\n';
}

std::string all_lengths() {
  std::string result = "# SPDX-License-Identifier: Apache-2.0 OR MIT\n# Link type, target, instructions, filter.\n";
  for (const auto link : {LinkType::ethernet, LinkType::raw, LinkType::linux_sll2, LinkType::ieee802_11_radiotap})
    for (const char* text : everyday_expressions) result += length_line(text, text, link, bpf::Target::offline);
  for (const char* text : ethernet_expressions)
    for (const auto target : {bpf::Target::offline, bpf::Target::live}) result += length_line(text, text, LinkType::ethernet, target);
  for (const int count : {2, 10, 50, 100, 400, 1000})
    result += length_line(std::to_string(count) + " hosts", hosts(count), LinkType::ethernet, bpf::Target::offline);
  return result;
}

}  // namespace

TEST(Golden, wrong_filters_are_wrong_at_these_columns) {
  int right = 0, all = 0;
  for (const auto& row : rows_of(folder + "columns.tsv")) {
    const auto filter = Filter::parse(row[1]);
    const auto program = filter ? filter->compile(*parse_link_type(row[0]), bpf::Target::offline) : fail(filter.error());
    ASSERT_FALSE(program) << row[1];
    ++all, right += std::to_string(program.error().column) == row[2];
    EXPECT_EQ(std::to_string(program.error().column), row[2]) << row[0] << ' ' << row[1];
  }
  EXPECT_GT(all, 200);
}

// A change that makes programs longer or shorter changes this file in the same commit.
TEST(Golden, programs_are_as_long_as_they_were) {
  std::ifstream file(folder + "lengths.tsv");
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  const std::string actual = all_lengths();
  if (actual == expected) return;
  const std::string written = std::string(TRAWL_BINARY_DIR) + "/lengths.tsv";
  std::ofstream(written) << actual;
  ADD_FAILURE() << "see the difference: diff " << folder << "lengths.tsv " << written
                << "; if it is wanted, copy the latter over the former";
}
