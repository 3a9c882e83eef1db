// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Messages to standard error, and what they make of the exit status.
#pragma once
#include <string_view>

#include "trawl/core/error.hpp"
#include "trawl/core/warnings.hpp"
#include "trawl/file/file_reader.hpp"

namespace cli {

/// 0 done, 1 the job failed or the input was damaged, 2 wrong usage.
enum class Status : int { done = 0, failed = 1, usage = 2 };

/// "trawl: <text>"
void say(std::string_view text);
/// Says what is wrong. A bad filter or name is wrong usage. Nothing is wrong when the reader of a pipe has gone.
Status report(const trawl::Error& error);
/// Says in which file, too.
Status report_input(std::string_view path, const trawl::Error& error);
/// The same, with the text and a caret under the column.
Status report(const trawl::Error& error, std::string_view text);
/// "trawl: FILE: warning: ..." for the first few, and how many more.
void report_warnings(std::string_view what, const trawl::Warnings& warnings);

/// Warns of blocks of a pcapng file that are not among what was written: names, secrets, statistics. `uncopyable`: those of
/// them that must not go into a changed file; into pcapng all others went.
void report_left_out(std::string_view what, trawl::FileFormat written, trawl::u64 blocks, trawl::u64 uncopyable);

}  // namespace cli
