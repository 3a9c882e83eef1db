// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The flags of commands that write a capture file, and what they ask of the writer.
#pragma once
#include "cli/command.hpp"
#include "trawl/file/file_writer.hpp"

namespace cli {

struct OutputFile {
  std::string format, compress;
  int level = 0;
  bool seekable = false;

  void declare(CLI::App& command);
  /// Sets what the flags say; `inputs`: files that must not be written over.
  void apply(trawl::WriterOptions& options) const;
};

/// Device and inode of those that are there.
std::vector<trawl::FileIdentity> identities_of(const std::vector<std::string>& paths);

/// An input that can be asked what it is before it is read, standard input too.
struct Input {
  trawl::ByteSource source;
  trawl::FileFormat format;
  bool hex_dump = false;   ///< it is text
};
trawl::Result<Input> open_input(const std::string& path);

}  // namespace cli
