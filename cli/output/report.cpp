// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/report.hpp"

#include <cstdio>
#include <string>

#include "cli/output/terminal_line.hpp"
#include "trawl/core/describe.hpp"

namespace cli {

void say(std::string_view text) {
  std::fflush(stdout);
  TerminalLine::hide();
  std::fprintf(stderr, "trawl: %.*s\n", int(text.size()), text.data());
}

Status report(const trawl::Error& error) {
  if (error.operation == trawl::Operation::write_file && error.reason == trawl::Reason::broken_pipe) return Status::done;
  say(trawl::describe(error));
  switch (error.operation) {
    case trawl::Operation::parse_filter:
    case trawl::Operation::compile_filter:
    case trawl::Operation::parse_name:
    case trawl::Operation::parse_link_type:
    case trawl::Operation::parse_expression:
    case trawl::Operation::parse_time: return Status::usage;
    default: return error.reason == trawl::Reason::same_file ? Status::usage : Status::failed;
  }
}

Status report_input(std::string_view path, const trawl::Error& error) {
  if (error.operation != trawl::Operation::read_file) return report(error);   // the others name the file themselves
  say(std::string(path) + ": " + trawl::describe(error));
  return Status::failed;
}

Status report(const trawl::Error& error, std::string_view text) {
  const Status status = report(error);
  if (error.column && text.find('\n') == text.npos) {
    const std::string space(error.column - 1 < text.size() ? error.column - 1 : text.size(), ' ');
    const std::string mark(error.length > 1 ? error.length - 1 : 0, '~');
    std::fprintf(stderr, "  %.*s\n  %s^%s\n", int(text.size()), text.data(), space.c_str(), mark.c_str());
  }
  return status;
}

void report_warnings(std::string_view what, const trawl::Warnings& warnings) {
  constexpr size_t shown = 5;
  size_t n = 0;
  for (const trawl::Error& warning : warnings.first()) {
    if (n++ == shown) break;
    say(std::string(what) + ": warning: " + trawl::describe(warning));
  }
  if (warnings.count() > shown) say(std::string(what) + ": " + std::to_string(warnings.count() - shown) + " more warnings");
}

void report_left_out(std::string_view what, trawl::FileFormat written, trawl::u64 blocks, trawl::u64 uncopyable) {
  const auto warn = [&](trawl::u64 count, std::string_view kind, std::string_view why) {
    if (count)
      say(std::string(what) + ": warning: " + std::to_string(count) + (count == 1 ? " block" : " blocks") + std::string(kind) +
          " left out: " + std::string(why));
  };
  if (written == trawl::FileFormat::pcapng) warn(uncopyable, "", "custom ones that must not be copied into a changed file");
  else warn(blocks, " of names, secrets, statistics or the like", "a pcap file has no place for them; write pcapng to keep them");
}

}  // namespace cli
