// SPDX-License-Identifier: Apache-2.0 OR MIT
/// How much of a file's claims is believed: flags of all commands that read files.
#pragma once
#include "cli/command.hpp"
#include "trawl/file/file_reader.hpp"

namespace cli {

/// What the flags say, for every reader that a command opens.
trawl::ReaderOptions& reader_options();
/// The same, with the blocks beside packets.
trawl::ReaderOptions reader_options(trawl::KeepBlocks blocks);
void declare_limits(CLI::App& app);

}  // namespace cli
