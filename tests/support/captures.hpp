// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Sample captures that are too large for the source tree, and programs that judge what we write.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "trawl/core/bytes.hpp"

namespace trawl::test {

/// The folder that holds corpus/ and its companions: $TRAWL_CAPTURES, else unpacked once beside the build. Empty where
/// there are none: skip with a word then.
std::string captures();

/// The lines of a table with a header, by column name.
std::vector<std::map<std::string, std::string>> read_table(const std::string& path);

std::vector<u8> read_bytes(const std::string& path);
void write_bytes(const std::string& path, Bytes bytes);

struct Ran {
  int status = -1;  ///< 127: there is no such program
  std::string output;
};
/// A shell command and what it says on both outputs.
Ran run(const std::string& command);
bool installed(const std::string& program);

/// A new empty folder that goes away with this object.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace trawl::test
