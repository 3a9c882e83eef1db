// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a subcommand is: it declares its flags once, and runs.
#pragma once
#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/output/report.hpp"

namespace cli {

/// The operands behind "--", and whether there was one. Set before a subcommand runs.
struct AfterDashes {
  bool given = false;
  std::vector<std::string> words;
};

/// Each declares one subcommand; the function that it leaves in `run` does the work.
using Run = std::function<Status()>;
void add_interfaces(CLI::App& app, Run& run);
void add_capture(CLI::App& app, Run& run, const AfterDashes& rest);
void add_read(CLI::App& app, Run& run, const AfterDashes& rest);
void add_info(CLI::App& app, Run& run);
void add_convert(CLI::App& app, Run& run);
void add_anonymize(CLI::App& app, Run& run);
void add_dedup(CLI::App& app, Run& run);
void add_merge(CLI::App& app, Run& run);
void add_split(CLI::App& app, Run& run);
void add_repair(CLI::App& app, Run& run);
void add_index(CLI::App& app, Run& run);
void add_sort(CLI::App& app, Run& run);
void add_tail(CLI::App& app, Run& run, const AfterDashes& rest);
void add_send(CLI::App& app, Run& run);
void add_filter(CLI::App& app, Run& run, const AfterDashes& rest);

}  // namespace cli
