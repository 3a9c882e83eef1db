// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/limits.hpp"
#include "cli/flags/output_file.hpp"
#include "cli/flags/units.hpp"
#include "cli/output/output.hpp"
#include "trawl/file/deduplicator.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/file/pcapng_copy.hpp"
#include "trawl/rewrite/chop.hpp"

namespace cli {
namespace {

constexpr trawl::u32 usual_window = 5;

struct DedupCommand {
  std::string in, out, seconds;
  OutputFile file;
  trawl::u32 window = 0;
  trawl::ComparedOptions compared;
  bool list = false;

  std::optional<trawl::Deduplicator> deduplicator;
  std::vector<trawl::u8> room;
  Output output;
  trawl::u64 removed = 0, read = 0;

  bool keep(trawl::u64 number, const trawl::Frame& frame) {
    ++read;
    const auto earlier = deduplicator->find(frame, trawl::compared_bytes(frame, compared, room));
    if (!earlier) return true;
    ++removed;
    if (list) output.text() += std::to_string(number) + " = " + std::to_string(*earlier + 1) + "\n";
    output.flush_if_large();
    return false;
  }
  bool prepare() {
    trawl::DedupWindow how{.packets = window};
    if (!seconds.empty()) {
      const auto time = parse_seconds(seconds);
      if (!time || *time < 0) return say("-w " + seconds + ": seconds are needed, with at most nine decimals"), false;
      how.nanoseconds = std::max<trawl::i64>(*time, 1);   // 0 is no limit there; packets a nanosecond apart are near enough
    } else if (!window) {
      how.packets = usual_window;
    }
    deduplicator.emplace(how);
    return true;
  }
  Status copy_frames(trawl::ByteSource source, trawl::FileWriter& writer) {
    auto reader = trawl::FileReader::open(std::move(source), reader_options());
    if (!reader) return report_input(in, reader.error());
    std::vector<trawl::Frame> kept;
    Status status = Status::done;
    for (trawl::u64 number = 0;;) {
      const auto batch = reader->next();
      if (!batch) status = report_input(in, batch.error());
      if (!batch || !*batch) break;
      kept.clear();
      for (const trawl::Frame& frame : **batch)
        if (keep(++number, frame)) kept.push_back(frame);
      if (const auto written = writer.write(trawl::Batch(kept.data(), trawl::u32(kept.size())), reader->interfaces()); !written)
        return report(written.error());
    }
    report_warnings(in, reader->warnings());
    report_left_out(in, writer.format(), reader->facts().other_blocks, 0);
    return status;
  }
  Status copy_blocks(trawl::ByteSource source, trawl::FileWriter& writer) {
    auto reader = trawl::PcapngBlockReader::open(std::move(source), reader_options());
    if (!reader) return report_input(in, reader.error());
    trawl::CopyOptions how;
    how.keep = [this](trawl::u64 number, const trawl::Frame& frame) { return trawl::Result<bool>(keep(number, frame)); };
    const auto counts = trawl::copy_blocks(*reader, writer, how);
    report_warnings(in, reader->warnings());
    if (!counts) return report(counts.error());
    return counts->damage ? report_input(in, *counts->damage) : Status::done;
  }
  Status run() {
    if (!prepare()) return Status::usage;
    auto input = open_input(in);
    if (!input) return report_input(in, input.error());
    const auto taken = identities_of({in});
    trawl::WriterOptions options;
    file.apply(options);
    options.inputs = taken, options.application = "trawl";
    auto writer = trawl::FileWriter::create(out, options);
    if (!writer) return report(writer.error());
    const bool blocks = input->format == trawl::FileFormat::pcapng && writer->format() == trawl::FileFormat::pcapng;
    const Status status = blocks ? copy_blocks(std::move(input->source), *writer) : copy_frames(std::move(input->source), *writer);
    output.flush();
    if (const auto closed = writer->close(); !closed) return report(closed.error());
    say(std::to_string(read) + " packets, " + std::to_string(removed) + " of them removed");
    return status;
  }
};

}  // namespace

void add_dedup(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("dedup", "leave out packets that were there before");
  auto state = std::make_shared<DedupCommand>();
  command->add_option("in", state->in, "a capture file; - is standard input")->type_name("IN")->required();
  command->add_option("out", state->out, "by its suffix: .pcap .pcapng, then .gz .zst .lz4")->type_name("OUT")->required();
  auto* packets = command->add_option("-D", state->window, "compare with the N - 1 packets before (5; with -w as many as there are)")
                      ->type_name("N")
                      ->check(CLI::Range(1, 1'000'000));
  command->add_flag_callback("-d", [state] { state->window = usual_window; }, "the same as -D 5")->excludes(packets);
  command->add_option("-w", state->seconds, "compare with packets at most so long ago")->type_name("SECONDS");
  command->add_option("-I", state->compared.skip_bytes, "bytes at the front that do not count")->type_name("N");
  command->add_flag("--novlan", state->compared.skip_vlan, "VLAN tags do not count");
  command->add_flag("--skip-radiotap-header", state->compared.skip_radiotap, "radiotap headers do not count");
  command->add_flag("--list", state->list, "print \"NUMBER = EARLIER NUMBER\" for each packet left out");
  state->file.declare(*command);
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
