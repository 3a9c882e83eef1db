// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <string_view>

#include "cli/command.hpp"
#include "cli/flags/limits.hpp"
#include "trawl/core/switches.hpp"

namespace {

/// All commands on one screen; CLI11's way for each of them.
std::string help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) {
  if (app->get_parent() || mode != CLI::AppFormatMode::Normal) return CLI::Formatter().make_help(app, std::move(name), mode);
  std::string text = app->get_description() + "\nUsage: trawl COMMAND [OPTIONS]\n\n";
  for (const CLI::App* command : app->get_subcommands({})) {
    text += "  " + command->get_name();
    text.append(14 - std::min<size_t>(command->get_name().size(), 13), ' ');
    text += command->get_description() + '\n';
  }
  return text + "\ntrawl COMMAND --help tells the rest, trawl --version the version.\n";
}

struct Command {
  std::string_view name;
  void (*add)(CLI::App&, cli::Run&, const cli::AfterDashes&);
};

constexpr Command commands[] = {
    {"interfaces", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_interfaces(app, run); }},
    {"capture", [](CLI::App& app, cli::Run& run, const cli::AfterDashes& rest) { cli::add_capture(app, run, rest); }},
    {"read", [](CLI::App& app, cli::Run& run, const cli::AfterDashes& rest) { cli::add_read(app, run, rest); }},
    {"info", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_info(app, run); }},
    {"convert", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_convert(app, run); }},
    {"anonymize", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_anonymize(app, run); }},
    {"dedup", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_dedup(app, run); }},
    {"merge", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_merge(app, run); }},
    {"split", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_split(app, run); }},
    {"repair", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_repair(app, run); }},
    {"index", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_index(app, run); }},
    {"sort", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_sort(app, run); }},
    {"tail", [](CLI::App& app, cli::Run& run, const cli::AfterDashes& rest) { cli::add_tail(app, run, rest); }},
    {"send", [](CLI::App& app, cli::Run& run, const cli::AfterDashes&) { cli::add_send(app, run); }},
    {"filter", [](CLI::App& app, cli::Run& run, const cli::AfterDashes& rest) { cli::add_filter(app, run, rest); }},
};

/// The one that is named first, alone: to declare the options of all takes a quarter of a short run's time.
void add_commands(CLI::App& app, cli::Run& run, const cli::AfterDashes& rest, std::string_view first) {
  const auto named = std::ranges::find(commands, first, &Command::name);
  if (named != std::end(commands)) return named->add(app, run, rest);
  for (const Command& command : commands) command.add(app, run, rest);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  cli::AfterDashes rest;
  std::vector<std::string> words;   // CLI11 takes them from the back
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (rest.given) rest.words.push_back(word);
    else if (word == "--") rest.given = true;
    else words.insert(words.begin(), word);
  }

  CLI::App app("trawl: capture, filter, read, dissect and write packets");
  app.name("trawl");
  app.require_subcommand(1);
  app.set_version_flag("--version", "trawl " TRAWL_VERSION);
  app.fallthrough();   // so that the limits may stand behind a command
  cli::declare_limits(app);
  app.formatter_fn(help);
  cli::Run run;
  add_commands(app, run, rest, argc > 1 ? argv[1] : "");
  for (CLI::App* command : app.get_subcommands({}))
    command->footer(
        "Limits for files that are not trusted: --max-packet SIZE (32Mi), --max-window SIZE (16Mi, of zstd),\n"
        "--max-interfaces N (100000), --max-interface-bytes SIZE (8Mi)");

  if (argc == 1) {
    std::fputs(app.help().c_str(), stdout);
    return int(cli::Status::usage);
  }
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    cli::say(error.what());
    return int(cli::Status::usage);
  }
  return int(run ? run() : cli::Status::usage);
}
