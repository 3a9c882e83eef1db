// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <iostream>

#include "cli/flags/limits.hpp"
#include "cli/flags/output_file.hpp"
#include "cli/flags/units.hpp"
#include "cli/output/output.hpp"
#include "cli/output/progress.hpp"
#include "trawl/file/merge.hpp"
#include "trawl/file/rotating_writer.hpp"

namespace cli {
namespace {

struct SplitCommand {
  std::vector<std::string> paths;
  std::string out, size;
  trawl::u64 packets = 0;
  trawl::u32 seconds = 0;
  OutputFile file;

  Status run() const {
    const auto bytes = size.empty() ? std::optional<trawl::u64>(0) : parse_size(size);
    if (!bytes || (!*bytes && !packets && !seconds)) {
      say(bytes ? "split needs --packets, --size or --seconds" : "--size " + size + ": a number like 100M is needed");
      return Status::usage;
    }
    const auto taken = identities_of(paths);
    trawl::WriterOptions options;
    file.apply(options);
    options.inputs = taken;
    options.application = "trawl";
    Output names;
    const auto finished = [&](const std::string& path) { names.text().append(path).append("\n"); };
    auto writer = trawl::RotatingWriter::create(out, options,
                                                {.max_bytes = *bytes, .max_packets = packets, .seconds = seconds, .finished = finished});
    if (!writer) return report(writer.error());
    auto source = trawl::Merge::open(paths, {.order = trawl::MergeOrder::as_given, .reader = reader_options(trawl::KeepBlocks::all)});
    Progress progress(Progress::size_of(paths));
    for (;;) {
      const auto batch = source.next();
      if (!batch || !*batch) break;
      if (auto written = writer->write(**batch, source.interfaces(), source.blocks()); !written) return report(written.error());
      names.flush_if_large();
      progress.tick(source.bytes_read());
    }
    Status status = Status::done;
    for (const auto& failure : source.failures()) status = report_input(failure.path, failure.error);
    report_warnings("split", source.warnings());
    report_left_out("split", writer->format(), source.other_blocks(), source.uncopyable_blocks());
    if (auto closed = writer->close(); !closed) return report(closed.error());
    return status;
  }
};

}  // namespace

void add_split(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("split", "cut capture files into a row of smaller ones");
  auto state = std::make_shared<SplitCommand>();
  command->add_option("files", state->paths, "capture files; - is standard input")->type_name("IN")->required();
  command->add_option("-w", state->out, "a.pcap: a.pcap, a1.pcap, ...; with --seconds: strftime")->type_name("OUT")->required();
  state->file.declare(*command);
  command->add_option("--packets", state->packets, "at most so many in a file")->type_name("N");
  command->add_option("--size", state->size, "bytes of a file, at most: 100M, 1Gi")->type_name("SIZE");
  command->add_option("--seconds", state->seconds, "a file for each interval of so many")->type_name("S");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
