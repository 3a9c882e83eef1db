// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/merge.hpp"
#include "cli/flags/limits.hpp"
#include "cli/flags/output_file.hpp"
#include "cli/output/progress.hpp"
#include "trawl/core/describe.hpp"

namespace cli {
namespace {

struct MergeCommand {
  std::vector<std::string> paths;
  std::string out;
  OutputFile file;
  trawl::u32 snaplen = 0;
  bool concatenate = false;

  Status run() const {
    const auto taken = identities_of(paths);
    trawl::WriterOptions options;
    file.apply(options);
    options.inputs = taken;
    options.snaplen = snaplen;
    options.application = "trawl";
    auto writer = trawl::FileWriter::create(out, options);
    if (!writer) return report(writer.error());
    auto merge = trawl::Merge::open(paths, {.order = concatenate ? trawl::MergeOrder::as_given : trawl::MergeOrder::by_time,
                                            .reader = reader_options(trawl::KeepBlocks::others)});
    std::vector<trawl::Frame> cut;
    Progress progress(Progress::size_of(paths));
    for (;;) {
      const auto batch = merge.next();
      if (!batch || !*batch) break;   // failures are said below, each with its file
      progress.tick(merge.bytes_read());
      trawl::Batch frames = **batch;
      if (snaplen) {
        cut.assign(frames.begin(), frames.end());
        for (trawl::Frame& frame : cut) frame.bytes = frame.bytes.first(snaplen);
        frames = {cut.data(), trawl::u32(cut.size())};
      }
      if (auto written = writer->write(frames, merge.interfaces(), merge.blocks()); !written) return report(written.error());
    }
    Status status = Status::done;
    for (const auto& failure : merge.failures()) status = report_input(failure.path, failure.error);
    report_warnings("merge", merge.warnings());
    report_left_out("merge", writer->format(), merge.other_blocks(), merge.uncopyable_blocks());
    report_warnings(out, writer->warnings());
    if (auto closed = writer->close(); !closed) return report(closed.error());
    return status;
  }
};

}  // namespace

void add_merge(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("merge", "join capture files in the order of time");
  auto state = std::make_shared<MergeCommand>();
  command->add_option("files", state->paths, "capture files; - is standard input")->type_name("IN")->required();
  command->add_option("-w", state->out, "by its suffix: .pcap .pcapng, then .gz .zst .lz4")->type_name("OUT")->required();
  state->file.declare(*command);
  command->add_flag("--concatenate", state->concatenate, "one file behind the other, whatever their times");
  command->add_option("-s", state->snaplen, "keep at most SNAPLEN bytes of a packet")->type_name("SNAPLEN");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
