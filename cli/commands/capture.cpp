// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <csignal>

#include <atomic>
#include <cstdio>

#include "cli/flags/capture_how.hpp"
#include "cli/flags/privileges.hpp"
#include "cli/flags/rotation.hpp"
#include "cli/input/in_threads.hpp"
#include "cli/output/pump.hpp"
#include "cli/output/rate_line.hpp"
#include "cli/output/statistics.hpp"
#include "trawl/capture/interfaces.hpp"
#include "trawl/core/describe.hpp"

namespace cli {
namespace {

std::vector<trawl::StopHandle> stop_handles;   // not changed while the handlers are in place
std::atomic<bool> wants_statistics = false;

void on_stop(int) {
  for (const trawl::StopHandle& handle : stop_handles) handle.stop();
}
void on_statistics(int) { wants_statistics = true; }

struct CaptureCommand {
  PacketOptions packets;
  mutable Rotation rotation;
  Privileges privileges;
  CaptureHow how;
  std::vector<std::string> names, words;
  trawl::u32 fanout = 1;
  double duration = 0;
  bool list_link_types = false;
  const AfterDashes& rest;

  explicit CaptureCommand(const AfterDashes& after) : rest(after) {}

  static Counters counters_of(const trawl::CaptureStatistics& s, const PumpCounts* pump) {
    Counters c{.received = s.received,
               .captured = s.captured,
               .dropped_kernel = s.dropped_kernel,
               .dropped_interface = s.dropped_interface,
               .discarded = s.discarded,
               .filtered = s.filtered,
               .written = pump ? pump->delivered : 0};
    // Given out but not asked for any more (-c): as if they had not been read.
    const trawl::u64 handled = c.written + c.filtered + (pump ? pump->filtered : 0);
    if (c.captured > handled) c.discarded += c.captured - handled, c.captured = handled;
    return c;
  }

  /// Of each interface; the members of a group added up.
  static std::vector<trawl::CaptureStatistics> statistics_of(Live& live) {
    std::vector<trawl::CaptureStatistics> sums(live.interfaces().size());
    for (size_t i = 0; i < live.captures().size(); ++i) sums[live.interface_of(i)].add_member(live.captures()[i].statistics());
    return sums;
  }

  /// @param each gets those of each interface, if it is wanted
  static Counters count(Live& live, const Pump& pump, std::vector<InterfaceCountersOf>* each = nullptr) {
    Counters all;
    const auto statistics = statistics_of(live);
    for (size_t i = 0; i < statistics.size(); ++i) {
      const PumpCounts* mine = i < pump.by_interface().size() ? &pump.by_interface()[i] : nullptr;
      const Counters c = counters_of(statistics[i], mine);
      all.received += c.received, all.captured += c.captured, all.dropped_kernel += c.dropped_kernel, all.discarded += c.discarded;
      all.dropped_interface += c.dropped_interface, all.filtered += c.filtered, all.written += c.written;
      if (each) each->push_back({std::string(live.interfaces()[i].name), c});
    }
    return all;
  }

  static void print_counters(Live& live, const Pump& pump, bool json) {
    std::vector<InterfaceCountersOf> each;
    const Counters all = count(live, pump, &each);
    print_statistics(json, all, each);
  }

  /// While packets flow: what a signal asked for, and the rate.
  static void tell(Live& live, const Pump& pump, bool json, RateLine& rate) {
    if (wants_statistics.exchange(false)) print_counters(live, pump, json);
    if (rate.due()) rate.show(count(live, pump), pump.counts().bytes);
  }

  Status list(const std::string& name) const {
    const auto interface = trawl::find_interface(name);
    if (!interface) return report(interface.error());
    const trawl::LinkTypeEntry* entry = trawl::find_link_type(interface->info.link_type);
    std::printf("%.*s (%u)%s%.*s\n", int(entry ? entry->dlt_name.size() : 0), entry ? entry->dlt_name.data() : "",
                unsigned(interface->info.link_type), entry && !entry->description.empty() ? ": " : "",
                int(entry ? entry->description.size() : 0), entry ? entry->description.data() : "");
    return Status::done;
  }

  Status open(Live& live, const std::optional<std::string>& text) const {
    trawl::CaptureOptions options = how.options();
    options.snaplen = packets.snaplen;
    if (text) {
      auto filter = trawl::Filter::parse(*text, {.files = true});
      if (!filter) return report(filter.error(), *text);
      const auto compile = packets.compile_options();
      if (!compile) return report(compile.error());
      options.filter = [filter = *filter, compile = *compile](trawl::LinkType link, trawl::bpf::Target target) {
        return filter.compile(link, target, compile);
      };
      options.filter_text = *text;
    }
    for (const std::string& name : names) {
      if (auto opened = live.open(name, options, fanout); !opened)
        return text && opened.error().operation == trawl::Operation::compile_filter ? report(opened.error(), *text)
                                                                                    : report(opened.error());
    }
    if (!packets.link_type.empty()) {
      const auto link = trawl::parse_link_type(packets.link_type);
      if (!link) return report(trawl::fail(trawl::Operation::parse_link_type, trawl::Reason::unknown_name, packets.link_type).error());
      for (const trawl::InterfaceInfo& i : live.interfaces())
        if (i.link_type != *link) {
          say(std::string(i.name) + " has link type " + std::string(trawl::name(i.link_type)) + " only");
          return Status::failed;
        }
    }
    return Status::done;
  }

  Status run() const {
    std::string problem;
    if (names.empty()) problem = "capture needs -i INTERFACE (trawl interfaces lists them)";
    if (!problem.empty() || !packets.check(problem)) {
      say(problem);
      return Status::usage;
    }
    if (list_link_types) return list(names.front());
    if (const Status rotates = rotation.check(packets.write_path); rotates != Status::done) return rotates;
    std::vector<std::string> all_words = words;
    all_words.insert(all_words.end(), rest.words.begin(), rest.words.end());
    Status status = Status::done;
    const auto text = packets.filter_from(all_words, status);
    if (status != Status::done) return status;

    const auto display = packets.display_filter(status);
    if (status != Status::done) return status;
    std::unique_ptr<PacketPrinter> printer;
    std::optional<trawl::FileWriter> writer;
    std::optional<trawl::RotatingWriter> files;
    if (packets.write_path.empty()) {
      auto made = PacketPrinter::make(packets);
      if (!made) return report(made.error());
      printer = std::move(*made);
    }
    if (const Status checked = how.check(names); checked != Status::done) return checked;
    Live live;
    if (const Status opened = open(live, text); opened != Status::done) return opened;
    if (const Status dropped = privileges.drop_before_files(); dropped != Status::done) return dropped;
    if (!packets.write_path.empty()) {
      const Status opened = rotation.any() ? open_rotation(packets, rotation.options(), files) : open_writer(packets, {}, writer);
      if (opened != Status::done) return opened;
    }
    const auto rights = rotation.any() ? trawl::FileRights::write : trawl::FileRights::none;
    const Status dropped = privileges.drop_the_rest(rights, rotation.runs_command() ? StartsPrograms::yes : StartsPrograms::no);
    if (dropped != Status::done) return dropped;

    for (const trawl::Capture& capture : live.captures()) stop_handles.push_back(capture.stop_handle());
    std::signal(SIGINT, on_stop);
    std::signal(SIGTERM, on_stop);
    std::signal(SIGUSR1, on_statistics);
    std::string where;
    for (const std::string& name : names) where += (where.empty() ? "" : ", ") + name;
    if (!packets.quiet) say("capturing on " + where + "; Ctrl-C ends it");

    std::optional<PumpSink> sink;
    if (writer) sink = *writer;
    if (files) sink = *files;
    Pump pump(packets, std::nullopt, display, printer.get(), sink);
    status =
        fanout > 1 ? pump_in_threads(live, pump, printer.get(), writer, files) : pump_packets(live, pump, printer.get(), writer, files);
    if (printer) printer->finish();
    if (writer) finish(live, pump, *writer, status);
    if (files) {
      if (files->current()) add_statistics(live, pump, *files->current());
      if (auto closed = files->close(); !closed) status = report(closed.error());
      rotation.wait();
    }
    for (const trawl::Capture& capture : live.captures())
      report_warnings(capture.interfaces().empty() ? "capture" : capture.interfaces()[0].name, capture.warnings());
    print_counters(live, pump, packets.json);
    return status;
  }

  trawl::Result<void> flush(bool packets_came, PacketPrinter* printer, std::optional<trawl::FileWriter>& writer,
                            std::optional<trawl::RotatingWriter>& files) const {
    if (printer && packets_came) printer->flush();
    if (writer && packets.flush)
      if (auto flushed = writer->flush(); !flushed) return flushed;
    if (files && packets.flush) return files->flush();
    return {};
  }

  bool shows_rate() const { return !packets.write_path.empty() && !packets.quiet; }

  /// A thread for each capture; one stream in order of time.
  Status pump_in_threads(Live& live, Pump& pump, PacketPrinter* printer, std::optional<trawl::FileWriter>& writer,
                         std::optional<trawl::RotatingWriter>& files) const {
    InThreads threads(live, [&](const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces) -> trawl::Result<bool> {
      auto taken = pump.take(batch, interfaces);
      if (!taken) return taken;
      if (auto flushed = flush(true, printer, writer, files); !flushed) return std::unexpected(flushed.error());
      return taken;
    });
    const double limit = rotation.duration().value_or(duration);
    RateLine rate(shows_rate());
    const auto ended = threads.run(limit, [&] { return wants_statistics || rate.due(); }, [&] { tell(live, pump, packets.json, rate); });
    return ended ? Status::done : report(ended.error());
  }

  Status pump_packets(Live& live, Pump& pump, PacketPrinter* printer, std::optional<trawl::FileWriter>& writer,
                      std::optional<trawl::RotatingWriter>& files) const {
    using Clock = std::chrono::steady_clock;
    std::optional<Clock::time_point> deadline;
    const double limit = rotation.duration().value_or(duration);
    if (limit > 0) deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(limit));
    bool draining = false;
    RateLine rate(shows_rate());
    for (;;) {
      auto batch = draining ? live.drain() : live.next(deadline);
      tell(live, pump, packets.json, rate);
      if (!batch) return report(batch.error());
      if (!*batch) {
        if (draining) return Status::done;
        draining = true;   // stopped: take what was received before
        continue;
      }
      if (auto taken = pump.take(**batch, live.interfaces()); !taken) return report(taken.error());
      else if (!*taken) return Status::done;
      if (auto flushed = flush(!(*batch)->empty(), printer, writer, files); !flushed) return report(flushed.error());
      if (!draining && deadline && Clock::now() >= *deadline) on_stop(0);
    }
  }

  static void add_statistics(Live& live, const Pump& pump, trawl::FileWriter& writer) {
    const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    const auto statistics = statistics_of(live);
    for (size_t i = 0; i < statistics.size(); ++i) {
      const Counters c = counters_of(statistics[i], i < pump.by_interface().size() ? &pump.by_interface()[i] : nullptr);
      trawl::InterfaceCounters block;
      block.received = c.received, block.dropped = c.dropped_interface, block.filter_accepted = c.received,
      block.os_dropped = c.dropped_kernel;
      block.delivered = c.written, block.end = trawl::Timestamp{now};
      writer.add_statistics(trawl::u32(i), live.interfaces(), block, {now});
    }
  }
  static void finish(Live& live, const Pump& pump, trawl::FileWriter& writer, Status& status) {
    add_statistics(live, pump, writer);
    if (auto closed = writer.close(); !closed) status = report(closed.error());
  }
};

}  // namespace

void add_capture(CLI::App& app, Run& run, const AfterDashes& rest) {
  CLI::App* command = app.add_subcommand("capture", "print or write packets from interfaces");
  auto state = std::make_shared<CaptureCommand>(rest);
  command->add_option("-i", state->names, "interface (repeat); any: all of them")
      ->type_name("IF")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  state->packets.declare(*command);
  state->rotation.declare(*command);
  state->privileges.declare(*command);
  state->how.declare(*command);
  command->add_option("filter", state->words, "capture filter (pcap-filter language)")->type_name("FILTER");
  command->add_option("--duration", state->duration, "stop after so many seconds")->type_name("SECONDS");
  command->add_option("--fanout", state->fanout, "capture with so many threads")->type_name("N")->check(CLI::Range(1, 256));
  command->add_flag("-L", state->list_link_types, "list the link types of the interface");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
