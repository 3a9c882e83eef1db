// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <poll.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>

#include "cli/flags/limits.hpp"
#include "cli/output/pump.hpp"
#include "trawl/file/file_reader.hpp"

namespace cli {
namespace {

int stop_pipe[2] = {-1, -1};

volatile std::sig_atomic_t stopping = 0;

void on_stop(int) {
  stopping = 1;
  const char byte = 0;
  static_cast<void>(!::write(stop_pipe[1], &byte, 1));
}

struct TailCommand {
  PacketOptions packets;
  std::vector<std::string> words;
  std::string path;
  trawl::u64 last = 10;
  bool follow_file = false, follow_name = false;
  const AfterDashes& rest;

  explicit TailCommand(const AfterDashes& after) : rest(after) {}

  /// How many packets are there now; damage is said when it is met again.
  static trawl::Result<trawl::u64> count(const std::string& file) {
    auto reader = trawl::FileReader::open(file, reader_options());
    if (!reader) return std::unexpected(reader.error());
    for (;;) {
      const auto batch = reader->next();
      if (!batch || !*batch) return reader->facts().packets;
    }
  }

  Status run() const {
    Status status = Status::done;
    std::vector<std::string> all_words = words;
    all_words.insert(all_words.end(), rest.words.begin(), rest.words.end());
    const auto text = packets.filter_from(all_words, status);
    if (status != Status::done) return status;
    auto matcher = packets.matcher(text, status);
    if (status != Status::done) return status;
    const auto display = packets.display_filter(status);
    if (status != Status::done) return status;
    auto printer = PacketPrinter::make(packets);
    if (!printer) return report(printer.error());
    const auto there = count(path);
    if (!there) return report_input(path, there.error());
    if (::pipe(stop_pipe) != 0) return Status::failed;
    std::signal(SIGINT, on_stop);
    std::signal(SIGTERM, on_stop);
    auto reader = open();
    if (!reader) return report_input(path, reader.error());

    Pump pump(packets, std::move(matcher), display, printer->get(), std::nullopt);
    trawl::u64 to_pass = *there > last ? *there - last : 0;
    for (bool more = true; more;) {
      const auto batch = reader->next();
      // A writer that is still at work may have half a record out when we are told to stop.
      const bool half = !batch && stopping && batch.error().reason == trawl::Reason::truncated;
      if (!batch && !half) status = report_input(path, batch.error());
      if (!batch || !*batch) {
        if (!follow_name || stopping) break;
        reader = open_again();
        if (!reader && !stopping) status = report_input(path, reader.error());
        if (!reader) break;
        to_pass = 0;
        continue;
      }
      const auto passed = trawl::u32(std::min<trawl::u64>(to_pass, (*batch)->size()));
      to_pass -= passed;
      pump.pass_over(passed);
      const auto taken = pump.take({(*batch)->begin() + passed, (*batch)->size() - passed}, reader->interfaces());
      if (!taken) return text ? report(taken.error(), *text) : report(taken.error());
      more = *taken;
      (*printer)->flush();
    }
    (*printer)->finish();
    return status;
  }

  trawl::Result<trawl::FileReader> open() const {
    const bool follow = follow_file || follow_name;
    auto source = follow ? trawl::ByteSource::follow(path, stop_pipe[0], follow_name ? trawl::Follow::name : trawl::Follow::file)
                         : trawl::ByteSource::open(path);
    if (!source) return std::unexpected(source.error());
    return trawl::FileReader::open(std::move(*source), reader_options());
  }

  /// The file that has the name now; waits for one, and for its first bytes.
  trawl::Result<trawl::FileReader> open_again() const {
    constexpr int patience_ms = 20;
    for (;;) {
      auto reader = open();
      const auto is = [&](auto member, auto value) { return !reader && reader.error().*member == value; };
      const bool gone = is(&trawl::Error::system_error, ENOENT) || is(&trawl::Error::reason, trawl::Reason::truncated) ||
                        (!reader && reader.error().detail_view() == "it is empty");
      if (reader || stopping || !gone) return reader;
      pollfd stop{stop_pipe[0], POLLIN, 0};
      ::poll(&stop, 1, patience_ms);
    }
  }
};

}  // namespace

void add_tail(CLI::App& app, Run& run, const AfterDashes& rest) {
  CLI::App* command = app.add_subcommand("tail", "print the last packets of a file, or follow it");
  auto state = std::make_shared<TailCommand>(rest);
  command->add_option("file", state->path, "a capture file")->type_name("FILE")->required();
  command->add_option("filter", state->words, "capture filter (pcap-filter language)")->type_name("FILTER");
  command->add_option("--last", state->last, "packets to begin with")->type_name("N");
  state->packets.declare(*command);
  // -f is a filter elsewhere; here it is what tail(1) has it for. And nothing is written.
  for (const char* flag : {"-f", "-F", "-w", "--format", "--compress", "--comment", "-U"})
    command->remove_option(command->get_option(flag));
  command->add_flag("-f,--follow", state->follow_file, "go on as the file grows, until Ctrl-C");
  command->add_flag("-F,--follow-name", state->follow_name, "the same, and go on with the file that takes its name");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
