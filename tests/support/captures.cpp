// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/captures.hpp"

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace trawl::test {

namespace fs = std::filesystem;

std::string captures() {
  static const std::string folder = [] {
    if (const char* given = std::getenv("TRAWL_CAPTURES")) return std::string(given);
    const std::string unpack = std::string(TRAWL_SHARED_DIR) + "/captures/unpack", to = std::string(TRAWL_BINARY_DIR) + "/captures";
    if (std::string(TRAWL_SHARED_DIR).empty() || !fs::exists(unpack)) return std::string();
    fs::create_directories(to);
    // Several test programs may come here at once.
    return run("flock '" + to + "' '" + unpack + "' '" + to + "'").status == 0 ? to : std::string();
  }();
  return folder;
}

std::vector<std::map<std::string, std::string>> read_table(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> fields(1);
    for (char c : line) {
      if (c == '\t') fields.emplace_back();
      else fields.back() += c;
    }
    if (names.empty()) {
      names = fields;
      continue;
    }
    auto& row = rows.emplace_back();
    for (size_t i = 0; i < names.size(); ++i) row[names[i]] = i < fields.size() ? fields[i] : "";
  }
  return rows;
}

std::vector<u8> read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::string& path, Bytes bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes.text();
}

Ran run(const std::string& command) {
  Ran ran;
  FILE* pipe = popen(("( " + command + " ) 2>&1").c_str(), "r");
  if (!pipe) return ran;
  char buffer[4096];
  while (const size_t got = fread(buffer, 1, sizeof buffer, pipe)) ran.output.append(buffer, got);
  const int status = pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return ran;
}

bool installed(const std::string& program) { return run("command -v " + program).status == 0; }

ScratchFolder::ScratchFolder() {
  std::string name = (fs::temp_directory_path() / "trawl-test-XXXXXX").string();
  path_ = mkdtemp(name.data()) ? name : "";
}
ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace trawl::test
