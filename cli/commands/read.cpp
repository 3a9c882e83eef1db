// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <csignal>

#include "cli/input/inputs.hpp"
#include "cli/output/progress.hpp"
#include "cli/output/pump.hpp"
#include "cli/output/statistics.hpp"

namespace cli {
namespace {

std::atomic<bool> stopped = false;

struct ReadCommand {
  PacketOptions packets;
  PlaceFlags place;
  std::vector<std::string> operands, files;
  const AfterDashes& rest;

  explicit ReadCommand(const AfterDashes& after) : rest(after) {}

  /// Sorts operands into files and filter words.
  bool sort(std::vector<std::string>& paths, std::vector<std::string>& words) const {
    paths = files;
    if (!files.empty()) {
      words = operands;
      words.insert(words.end(), rest.words.begin(), rest.words.end());
    } else if (rest.given) {
      paths = operands;
      words = rest.words;
    } else if (!operands.empty()) {
      paths = {operands.front()};
      words.assign(operands.begin() + 1, operands.end());
    }
    return !paths.empty();
  }

  Status run() {
    std::vector<std::string> paths, words;
    std::string problem;
    if (!sort(paths, words)) problem = "read needs a file; - is standard input";
    if (!problem.empty() || !packets.check(problem)) {
      say(problem);
      return Status::usage;
    }
    if (!place.prepare("--packets")) return Status::usage;
    Status status = Status::done;
    const auto text = packets.filter_from(words, status);
    if (status != Status::done) return status;
    auto matcher = packets.matcher(text, status);
    if (status != Status::done) return status;
    const auto display = packets.display_filter(status);
    if (status != Status::done) return status;
    std::unique_ptr<PacketPrinter> printer;
    std::optional<trawl::FileWriter> writer;
    if (packets.write_path.empty() || packets.count_only || packets.numbers) {
      auto made = PacketPrinter::make(packets);
      if (!made) return report(made.error());
      printer = std::move(*made);
    }
    if (!packets.write_path.empty()) {
      if (const Status opened = open_writer(packets, paths, writer); opened != Status::done) return opened;
    }
    std::signal(SIGINT, [](int) { stopped = true; });
    std::signal(SIGTERM, [](int) { stopped = true; });
    const bool blocks = writer && writer->format() == trawl::FileFormat::pcapng;
    Inputs inputs(paths, blocks ? trawl::KeepBlocks::all : trawl::KeepBlocks::none, &place);
    Pump pump(packets, std::move(matcher), display, printer.get(), writer ? std::optional<PumpSink>(*writer) : std::nullopt,
              place.any() ? &place : nullptr);
    Progress progress(Progress::size_of(paths));
    bool more = true;
    while (more && !stopped) {
      auto batch = inputs.next();
      if (!batch) {
        if (printer) printer->flush();
        const Status bad = report_input(inputs.path(), batch.error());
        if (status == Status::done) status = bad;
        if (inputs.at_end()) break;
        continue;
      }
      if (!*batch) break;
      if (writer && !printer) progress.tick(inputs.bytes_read());
      pump.go_to(inputs.packets_before());
      auto taken = pump.take(**batch, inputs.interfaces(), inputs.blocks());
      if (!taken) {
        if (printer) printer->flush();
        return text ? report(taken.error(), *text) : report(taken.error());
      }
      more = *taken;
    }
    if (printer) printer->finish();
    if (writer) report_left_out("read", writer->format(), inputs.other_blocks(), inputs.uncopyable_blocks());
    if (writer)
      if (auto closed = writer->close(); !closed) status = report(closed.error());
    if (packets.statistics) print_statistics(packets.json, of_files(pump), {});
    return status;
  }
};

}  // namespace

void add_read(CLI::App& app, Run& run, const AfterDashes& rest) {
  CLI::App* command = app.add_subcommand("read", "print or copy the packets of capture files");
  auto state = std::make_shared<ReadCommand>(rest);
  state->packets.declare(*command);
  command->add_option("operands", state->operands, "FILE [FILTER...]; or FILE... -- [FILTER...]")->type_name("FILE");
  command->add_option("-r", state->files, "a file (repeat); then all operands are filter")
      ->type_name("FILE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  state->place.declare(*command, "--packets");
  command->add_flag("--stats", state->packets.statistics, "counters at the end, on standard error");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
