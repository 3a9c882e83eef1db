// SPDX-License-Identifier: Apache-2.0 OR MIT
// scapy is asked about the same pairs. Where it says otherwise, differences.md says why.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "exchange/pairs.hpp"
#include "support/captures.hpp"

using namespace trawl;
using namespace trawl::testing_exchange;

namespace {

std::string hex(Bytes bytes) {
  constexpr auto digits = "0123456789abcdef";
  std::string text;
  for (const u8 byte : bytes) text += digits[byte >> 4], text += digits[byte & 15];
  return text;
}

/// The lines "- **name**: why".
std::set<std::string> explained() {
  std::set<std::string> names;
  std::ifstream file(TRAWL_SOURCE_DIR "/tests/exchange/differences.md");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("- **")) names.insert(line.substr(4, line.find("**", 4) - 4));
  return names;
}

std::string python_with_scapy() {
  for (const std::string python : {"python3", "/usr/bin/python3"})
    if (test::run(python + " -c 'import scapy.layers.all'").status == 0) return python;
  return {};
}

TEST(Answers, agree_with_scapy_but_for_explained_differences) {
  const auto python = python_with_scapy();
  if (python.empty()) GTEST_SKIP() << "scapy is not installed";
  const test::ScratchFolder folder;
  std::ofstream file(folder / "pairs");
  for (const Pair& pair : pairs()) file << hex(pair.request.bytes()) << ' ' << hex(pair.packet.bytes()) << '\n';
  file.close();
  const auto ran = test::run(python + " " TRAWL_SOURCE_DIR "/tests/exchange/_scapy_answers.py <" + (folder / "pairs"));
  ASSERT_EQ(ran.status, 0) << ran.output;
  std::istringstream lines(ran.output);
  auto differences = explained();
  EXPECT_FALSE(differences.empty());
  for (const Pair& pair : pairs()) {
    int answers = -1;
    ASSERT_TRUE(lines >> answers) << ran.output;
    EXPECT_EQ(bool(answers) != pair.kind.has_value(), differences.erase(pair.name) != 0) << pair.name << ": scapy says " << answers;
  }
  for (const auto& name : differences) ADD_FAILURE() << "no longer a difference: " << name;
}

}  // namespace
