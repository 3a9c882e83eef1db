// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/limits.hpp"
#include "cli/flags/output_file.hpp"
#include "cli/output/progress.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/file/file_reader.hpp"

namespace cli {
namespace {

struct RepairCommand {
  std::string in, out;
  OutputFile file;
  bool json = false;

  Status run() const {
    trawl::ReaderOptions how = reader_options(trawl::KeepBlocks::all);
    how.recovery = trawl::Recovery::search;
    auto reader = trawl::FileReader::open(in, how);
    if (!reader) return report_input(in, reader.error());
    const auto taken = identities_of({in});
    trawl::WriterOptions options;
    file.apply(options);
    options.inputs = taken;
    options.application = "trawl repair";
    auto writer = trawl::FileWriter::create(out, options);
    if (!writer) return report(writer.error());
    Progress progress(Progress::size_of({in}));
    bool damaged = false;
    for (;;) {
      const auto batch = reader->next();
      damaged = !batch;
      if (!batch || !*batch) break;
      progress.tick(reader->bytes_read());
      if (auto written = writer->write(**batch, reader->interfaces(), reader->blocks()); !written) return report(written.error());
    }
    const auto interfaces = reader->interfaces();
    if (reader->facts().format == trawl::FileFormat::pcapng)
      for (trawl::u32 i = 0; i < interfaces.size(); ++i)
        if (auto described = writer->describe(i, interfaces); !described) return report(described.error());
    const trawl::u64 packets = writer->packets();
    if (auto closed = writer->close(); !closed) return report(closed.error());
    constexpr size_t shown = 10;
    size_t n = 0;
    for (const trawl::Error& damage : reader->damage().first())
      if (n++ < shown) say(in + ": " + trawl::describe(damage));
    if (reader->damage().count() > shown) say(in + ": " + std::to_string(reader->damage().count() - shown) + " more such places");
    report_warnings(in, reader->warnings());
    report_left_out(in, writer->format(), reader->facts().other_blocks, 0);
    say(out + ": " + std::to_string(packets) + " packets" + (damaged ? " from around the damage" : "; nothing was damaged"));
    return Status::done;
  }
};

}  // namespace

void add_repair(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("repair", "write what a damaged capture file still holds");
  auto state = std::make_shared<RepairCommand>();
  command->add_option("in", state->in, "the damaged file; - is standard input")->type_name("IN")->required();
  command->add_option("out", state->out, "by its suffix: .pcap .pcapng, then .gz .zst .lz4")->type_name("OUT")->required();
  state->file.declare(*command);
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
