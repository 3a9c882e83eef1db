// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/sort.hpp"
#include "cli/flags/limits.hpp"
#include "cli/flags/output_file.hpp"
#include "cli/flags/units.hpp"
#include "cli/output/progress.hpp"

namespace cli {
namespace {

struct SortCommand {
  std::string in, out, memory = "256Mi";
  OutputFile file;

  Status run() const {
    const auto bytes = parse_size(memory);
    if (!bytes) {
      say("--memory " + memory + ": a number like 256Mi is needed");
      return Status::usage;
    }
    // All is read before anything is written.
    const trawl::u64 size = Progress::size_of({in});
    Progress progress(2 * size);
    auto source = trawl::ByteSource::open(in);
    if (!source) return report(source.error());
    auto sort = trawl::Sort::open(std::move(*source), {.memory_bytes = *bytes,
                                                       .reader = reader_options(trawl::KeepBlocks::all),
                                                       .progress = [&](trawl::u64 done) { progress.tick(done); }});
    if (!sort) return report_input(in, sort.error());
    const auto taken = identities_of({in});
    trawl::WriterOptions options;
    file.apply(options);
    options.inputs = taken;
    options.application = "trawl";
    auto writer = trawl::FileWriter::create(out, options);
    if (!writer) return report(writer.error());
    Status status = Status::done;
    for (;;) {
      const auto batch = sort->next();
      if (!batch) status = report_input(in, batch.error());
      if (!batch || !*batch) break;
      const double part = double(writer->packets()) / double(std::max<trawl::u64>(sort->facts().packets, 1));
      progress.tick(size + trawl::u64(part * double(size)));
      if (auto written = writer->write(**batch, sort->interfaces(), sort->blocks()); !written) return report(written.error());
    }
    report_warnings(in, sort->warnings());
    report_left_out(in, writer->format(), sort->facts().other_blocks, sort->facts().uncopyable_blocks);
    report_warnings(out, writer->warnings());
    if (auto closed = writer->close(); !closed) return report(closed.error());
    return status;
  }
};

}  // namespace

void add_sort(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("sort", "put the packets of a capture file in the order of time");
  auto state = std::make_shared<SortCommand>();
  command->add_option("in", state->in, "a capture file; - is standard input")->type_name("IN")->required();
  command->add_option("-w", state->out, "by its suffix: .pcap .pcapng, then .gz .zst .lz4")->type_name("OUT")->required();
  state->file.declare(*command);
  command->add_option("--memory", state->memory, "to hold packets in; the others go to a temporary file ($TMPDIR)")->type_name("SIZE");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
