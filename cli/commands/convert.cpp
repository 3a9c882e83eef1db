// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <deque>
#include <map>

#include "cli/flags/limits.hpp"
#include "cli/flags/output_file.hpp"
#include "cli/flags/packet_edits.hpp"
#include "cli/flags/place.hpp"
#include "cli/flags/text_input.hpp"
#include "cli/flags/units.hpp"
#include "cli/output/progress.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/file/deduplicator.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/file/pcapng_copy.hpp"
#include "trawl/file/rotating_writer.hpp"
#include "trawl/filter/filter.hpp"

namespace cli {
namespace {

/// What goes to the writer in one piece.
struct Kept {
  std::vector<trawl::Frame> frames;
  std::vector<trawl::OtherBlock> blocks;
  std::deque<std::vector<trawl::u8>> changed;   ///< what `blocks` borrow
  void clear() { frames.clear(), blocks.clear(), changed.clear(); }
};

template <class Reader> constexpr bool is_file = std::is_same_v<std::remove_cvref_t<Reader>, trawl::FileReader>;
std::span<const trawl::OtherBlock> blocks_of(const auto& reader) {
  if constexpr (is_file<decltype(reader)>) return reader.blocks();
  else return {};
}

struct ConvertCommand {
  std::string in, out, shift, dedup, filter_text;
  std::vector<std::string> comments;
  PlaceFlags place;
  OutputFile file;
  TextInput dump;
  trawl::u32 snaplen = 0;
  trawl::u64 split_packets = 0;
  trawl::u32 split_seconds = 0;
  bool nanoseconds = false, microseconds = false, big = false, little = false, discard_secrets = false;
  PacketEdits edits;

  // Made of the flags:
  std::optional<trawl::FilterMatcher> filter;
  std::optional<trawl::Deduplicator> duplicates;
  std::optional<trawl::Chop> chop;
  trawl::CopyOptions copy;
  std::map<trawl::u64, std::vector<std::string_view>> comments_of;

  bool any() const { return place.any() || filter || duplicates; }
  trawl::Result<bool> keep(trawl::u64 number, const trawl::Frame& frame) {
    if (!place.holds(number, frame)) return false;
    if (filter) {
      const auto matches = filter->matches(frame);
      if (!matches || !*matches) return matches;
    }
    return !duplicates || !duplicates->seen(frame);
  }

  /// False: what is wrong has been said.
  bool prepare() {
    const auto wrong = [](const std::string& what) {
      say(what);
      return false;
    };
    if (int(big) + int(little) > 1 || int(nanoseconds) + int(microseconds) > 1) return wrong("of two opposite flags only one can be given");
    if (!place.prepare("-r")) return false;
    if (!shift.empty()) {
      const auto by = parse_seconds(shift);
      if (!by) return wrong("--shift " + shift + ": seconds are needed, with at most nine decimals");
      copy.shift_nanoseconds = *by;
    }
    if (!dedup.empty() && !prepare_dedup()) return wrong("--dedup " + dedup + ": a number of packets, or seconds like 0.5s, is needed");
    for (const std::string& text : comments) {
      const auto colon = text.find(':');
      const auto number = parse_range(std::string_view(text).substr(0, colon));
      if (colon == text.npos || !number || number->first != number->last) return wrong("--comment " + text + ": N:TEXT is needed");
      comments_of[number->first].push_back(std::string_view(text).substr(colon + 1));
    }
    if (!edits.prepare(snaplen, chop)) return false;
    if (!chop) copy.snaplen = snaplen;
    edits.apply(copy);
    if (big || little) copy.order = big ? trawl::Order::big : trawl::Order::little;
    if (nanoseconds || microseconds) copy.resolution = nanoseconds ? trawl::Resolution::nanoseconds() : trawl::Resolution::microseconds();
    if (discard_secrets) copy.secrets = trawl::Secrets::discard;
    return true;
  }
  bool prepare_dedup() {
    trawl::DedupWindow window;
    if (dedup.ends_with('s')) {
      const auto seconds = parse_seconds(std::string_view(dedup).substr(0, dedup.size() - 1));
      if (!seconds || *seconds <= 0) return false;
      window.nanoseconds = *seconds;
    } else {
      const auto packets = parse_size(dedup);
      if (!packets || !*packets || *packets > UINT32_MAX) return false;
      window.packets = trawl::u32(*packets);
    }
    duplicates.emplace(window);
    return true;
  }
  Status prepare_filter() {
    if (filter_text.empty()) return Status::done;
    auto parsed = trawl::Filter::parse(filter_text);
    if (!parsed) return report(parsed.error(), filter_text);
    filter.emplace(*parsed, trawl::CompileOptions{});
    return Status::done;
  }
  std::span<const std::string_view> comments_for(trawl::u64 number) const {
    const auto found = comments_of.find(number);
    return found == comments_of.end() ? std::span<const std::string_view>() : found->second;
  }

  trawl::WriterOptions writer_options(std::span<const trawl::FileIdentity> inputs) const {
    trawl::WriterOptions options;
    file.apply(options);
    options.inputs = inputs;
    options.snaplen = snaplen;
    if (copy.order) options.order = *copy.order;
    options.resolution = copy.resolution;
    options.application = "trawl";
    options.comments = copy.add_comments;
    return options;
  }

  Status copy_pcapng(Input input, trawl::FileWriter& writer) {
    auto reader = trawl::PcapngBlockReader::open(std::move(input.source), reader_options());
    if (!reader) return report_input(in, reader.error());
    if (any()) copy.keep = [this](trawl::u64 number, const trawl::Frame& frame) { return keep(number, frame); };
    if (chop || edits.changes_bytes()) copy.edit = [this](const trawl::Frame& frame) { return edits.spoil(chop ? (*chop)(frame) : frame); };
    if (edits.changes_times()) copy.retime = [this](trawl::Timestamp time) { return edits.retime(time); };
    if (!comments_of.empty()) copy.comments = [this](trawl::u64 number) { return comments_for(number); };
    const auto index = place.index_of(in);
    if (index) {
      copy.index = &*index;
      copy.first_kept = [&](trawl::u64 number) { return place.first_kept(number, *index); };
    }
    Progress progress(Progress::size_of({in}));
    copy.progress = [&](trawl::u64 bytes) { progress.tick(bytes); };
    const auto counts = trawl::copy_blocks(*reader, writer, copy);
    report_warnings(in, reader->warnings());
    if (!counts) return report(counts.error(), filter_text);
    return counts->damage ? report_input(in, *counts->damage) : Status::done;
  }

  /// Statistics move with their packets.
  void shift_times(Kept& kept, std::span<const trawl::InterfaceInfo> interfaces) const {
    trawl::OtherBlock& last = kept.blocks.back();
    if (!copy.shift_nanoseconds || last.block.type != trawl::BlockType::interface_statistics) return;
    auto moved = trawl::with_times_shifted(last, interfaces, copy.shift_nanoseconds);
    if (moved.empty()) return;
    kept.changed.push_back(std::move(moved));
    last.block.raw = {kept.changed.back().data(), kept.changed.back().size()};
  }

  /// One batch of what stays, changed as asked, with the blocks in between.
  trawl::Result<void> put(const trawl::Batch& batch, trawl::u64 first, const auto& reader, auto& writer, Kept& kept) {
    kept.clear();
    auto blocks = blocks_of(reader);
    const auto take_blocks = [&](trawl::u32 up_to) {
      for (; !blocks.empty() && blocks.front().before <= up_to; blocks = blocks.subspan(1)) {
        kept.blocks.push_back(blocks.front());
        kept.blocks.back().before = trawl::u32(kept.frames.size());
        shift_times(kept, reader.interfaces());
      }
    };
    const auto flush = [&]() -> trawl::Result<void> {
      const auto written = writer.write(trawl::Batch(kept.frames.data(), trawl::u32(kept.frames.size())), reader.interfaces(), kept.blocks);
      kept.clear();
      return written;
    };
    for (trawl::u32 i = 0; i < batch.size(); ++i) {
      take_blocks(i);
      if (any()) {
        const auto wanted = keep(first + i, batch[i]);
        if (!wanted) return std::unexpected(wanted.error());
        if (!*wanted) continue;
      }
      trawl::Frame frame = edits.spoil(chop ? (*chop)(batch[i]) : batch[i]);
      if (snaplen) frame.bytes = frame.bytes.first(snaplen);
      if (copy.discard_comments.packets) edits.silence(frame);
      if (frame.info.has_time) frame.time = edits.retime(frame.time);
      frame.time.nanoseconds += copy.shift_nanoseconds;
      const auto more = comments_for(first + i);
      const bool borrowed = frame.bytes.data != batch[i].bytes.data || copy.discard_comments.packets;   // until the next one
      if (more.empty() && !borrowed) {
        kept.frames.push_back(frame);
        continue;
      }
      if (auto flushed = flush(); !flushed) return flushed;
      if constexpr (requires { writer.write(frame, reader.interfaces(), more); }) {
        if (auto written = writer.write(frame, reader.interfaces(), more); !written) return written;
      } else if (auto written = writer.write(trawl::Batch(&frame, 1), reader.interfaces()); !written) {
        return written;
      }
    }
    take_blocks(batch.size());
    return flush();
  }

  Status copy_frames(Input input, auto& writer) {
    if (input.hex_dump) return copy_frames_of(dump.open(std::move(input.source)), writer);
    return copy_frames_of(trawl::FileReader::open(std::move(input.source), reader_options(trawl::KeepBlocks::all)), writer);
  }
  Status copy_frames_of(auto reader, auto& writer) {
    if (!reader) return report_input(in, reader.error());
    Progress progress(Progress::size_of({in}));
    Kept kept;
    Status status = Status::done;
    // Where blocks in between are to be written, too, all of the file is read.
    std::optional<trawl::FileIndex> index;
    if constexpr (is_file<decltype(*reader)>)
      if (reader->facts().format != trawl::FileFormat::pcapng || writer.format() != trawl::FileFormat::pcapng) index = place.index_of(in);
    for (trawl::u64 number = 1;;) {
      if constexpr (is_file<decltype(*reader)>)
        if (index) {
          if (const auto gone = place.go_on(*reader, *index, number); !gone) return report_input(in, gone.error());
          if (number > index->packets()) break;
        }
      const auto batch = reader->next();
      if (!batch) status = report_input(in, batch.error());
      if (!batch || !*batch) break;
      if constexpr (is_file<decltype(*reader)>) progress.tick(reader->bytes_read());
      const bool plain = !any() && comments_of.empty() && !snaplen && !chop && !copy.shift_nanoseconds && !copy.discard_comments.packets &&
                         !edits.changes_bytes() && !edits.changes_times();
      const auto written =
          plain ? writer.write(**batch, reader->interfaces(), blocks_of(*reader)) : put(**batch, number, *reader, writer, kept);
      if (!written) return report(written.error(), filter_text);
      number += (*batch)->size();
    }
    report_warnings(in, reader->warnings());
    if constexpr (is_file<decltype(*reader)>)
      report_left_out(in, writer.format(), index ? index->other_blocks() : reader->facts().other_blocks, reader->facts().uncopyable_blocks);
    return status;
  }

  Status run() {
    if (!prepare() || !dump.prepare()) return Status::usage;
    if (const Status filtered = prepare_filter(); filtered != Status::done) return filtered;
    auto input = open_input(in);
    if (!input) return report_input(in, input.error());
    input->hex_dump = input->hex_dump || dump.asked_for();
    if (!input->hex_dump && dump.described()) {
      say(in + ": not a hex dump: flags that describe one mean nothing for it; --input-format text if it is one");
      return Status::usage;
    }
    const auto taken = identities_of({in});
    const auto options = writer_options(taken);
    if (split_packets || split_seconds) {
      if (!comments_of.empty() || discard_secrets || edits.of_blocks()) {
        say("flags about comments and secrets do not go with --split-packets and --split-seconds: convert first, then split");
        return Status::usage;
      }
      auto writer = trawl::RotatingWriter::create(out, options, {.max_packets = split_packets, .seconds = split_seconds});
      if (!writer) return report(writer.error());
      return close(*writer, copy_frames(std::move(*input), *writer));
    }
    auto writer = trawl::FileWriter::create(out, options);
    if (!writer) return report(writer.error());
    const bool blocks = input->format == trawl::FileFormat::pcapng && writer->format() == trawl::FileFormat::pcapng;
    if (!blocks && writer->format() == trawl::FileFormat::pcap) {
      if (!comments_of.empty()) say("warning: a pcap file has no place for comments");
      if (input->format == trawl::FileFormat::pcapng)
        say("warning: a pcap file keeps packets, times and one link type; options of packets and interfaces are left out");
      if (!copy.add_secrets.empty() || !copy.add_comments.empty()) say("warning: a pcap file has no place for comments and secrets");
    } else if (!blocks) {
      for (const trawl::DecryptionSecrets& secrets : copy.add_secrets)
        if (auto written = writer->write_raw(trawl::encode(secrets, options.order)); !written) return report(written.error());
    }
    const Status status = blocks ? copy_pcapng(std::move(*input), *writer) : copy_frames(std::move(*input), *writer);
    report_warnings(out, writer->warnings());
    if (chop && chop->unfitted())
      say("warning: headers of " + std::to_string(chop->unfitted()) +
          " packets could not be made to fit: their lengths stand as they were");
    return close(*writer, status);
  }
  static Status close(auto& writer, Status status) {
    const auto closed = writer.close();
    if (closed) return status;
    return status == Status::done ? report(closed.error()) : status;
  }
};

}  // namespace

void add_convert(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("convert", "change the form of a capture file, select, edit");
  auto state = std::make_shared<ConvertCommand>();
  command->add_option("in", state->in, "a capture file; - is standard input")->type_name("IN")->required();
  command->add_option("out", state->out, "by its suffix: .pcap .pcapng, then .gz .zst .lz4")->type_name("OUT")->required();
  state->file.declare(*command);
  state->place.declare(*command, "-r");
  state->dump.declare(*command);
  command->add_option("-f", state->filter_text, "packets that match (pcap-filter language)")->type_name("FILTER");
  command->add_option("--dedup", state->dedup, "leave out what was there within N packets, or 0.5s")->type_name("WINDOW");
  command->add_option("-s", state->snaplen, "keep at most SNAPLEN bytes of a packet")->type_name("SNAPLEN");
  command->add_option("--shift", state->shift, "add to all times")->type_name("SECONDS");
  command->add_flag("--nanoseconds", state->nanoseconds, "times in nanoseconds");
  command->add_flag("--microseconds", state->microseconds, "times in microseconds");
  command->add_flag("--big-endian", state->big, "byte order of the written file");
  command->add_flag("--little-endian", state->little, "byte order of the written file");
  command->add_option("--split-packets", state->split_packets, "a new file after N packets")->type_name("N");
  command->add_option("--split-seconds", state->split_seconds, "a new file for each S seconds")->type_name("S");
  command->add_option("--comment", state->comments, "for a packet, in pcapng (repeat)")
      ->type_name("N:TEXT")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  command->add_flag("--discard-secrets", state->discard_secrets, "leave decryption secrets out");
  state->edits.declare(*command);
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
