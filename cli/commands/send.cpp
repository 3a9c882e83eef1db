// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <atomic>
#include <csignal>
#include <cstdio>

#include "cli/flags/privileges.hpp"
#include "cli/input/inputs.hpp"
#include "trawl/capture/replayer.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/owned_batch.hpp"

namespace cli {
namespace {

trawl::StopHandle stop_handle;   // not changed while the handlers are in place
std::atomic<bool> wants_report = false;

void on_stop(int) { stop_handle.stop(); }
void on_report(int) { wants_report = true; }

struct SendCommand {
  std::string interface, backend = "auto", when_full = "wait";
  std::vector<std::string> paths;
  Privileges privileges;
  double pps = 0, mbps = 0, multiplier = 0;
  trawl::u64 loop = 1, limit = 0, truncated = 0;
  trawl::u32 queue = 0, piece = 1;   ///< packets between two looks at the signals
  bool top_speed = false, preload = false, bypass = false, json = false;

  trawl::Pace pace() const {
    if (top_speed) return trawl::Pace::top_speed();
    if (pps > 0) return trawl::Pace::packets_per_second(pps);
    if (mbps > 0) return trawl::Pace::bits_per_second(mbps * 1e6);
    return trawl::Pace::recorded(multiplier > 0 ? multiplier : 1);
  }
  trawl::SenderOptions options() const {
    trawl::SenderOptions o;
    o.method = backend == "socket" ? trawl::SendMethod::socket
               : backend == "ring" ? trawl::SendMethod::ring
               : backend == "xdp"  ? trawl::SendMethod::xdp
                                   : trawl::SendMethod::automatic;
    o.when_full = when_full == "drop" ? trawl::WhenFull::drop_and_count : trawl::WhenFull::wait;
    o.bypass = bypass ? trawl::QdiscBypass::on : trawl::QdiscBypass::off;
    o.queue = queue;
    return o;
  }

  static void print_report(trawl::Sender& sender, const trawl::Replayer& replayer, bool json) {
    const auto s = sender.statistics();
    const trawl::u64 packets = s.packets - s.lost, failed = s.failed + s.lost + replayer.skipped();
    const double seconds = double(replayer.elapsed().count()) / 1e9;
    const double rate = seconds > 0 ? double(packets) / seconds : 0, bits = seconds > 0 ? double(s.bytes) * 8 / seconds / 1e6 : 0;
    std::fprintf(stderr,
                 json ? "{\"packets\":%llu,\"bytes\":%llu,\"failed\":%llu,\"seconds\":%.6f,\"pps\":%.1f,\"mbps\":%.3f}\n"
                      : "%llu packets sent, %llu bytes, %llu failed, in %.3f s: %.0f packets/s, %.3f Mbit/s\n",
                 static_cast<unsigned long long>(packets), static_cast<unsigned long long>(s.bytes),
                 static_cast<unsigned long long>(failed), seconds, rate, bits);
  }

  /// In pieces, so that a report is not kept waiting by a slow rate. @return false when nothing more is to be sent
  trawl::Result<bool> play(trawl::Sender& sender, trawl::Replayer& replayer, const trawl::Batch& batch) {
    using Clock = std::chrono::steady_clock;
    constexpr auto slow = std::chrono::milliseconds(50);
    for (const trawl::Frame& frame : batch) truncated += frame.truncated();
    for (trawl::u32 from = 0; from < batch.size();) {
      const trawl::u32 count = std::min(piece, batch.size() - from);
      const auto begun = Clock::now();
      const auto more = replayer.play({batch.begin() + from, count});
      if (wants_report.exchange(false)) print_report(sender, replayer, json);
      if (!more || !*more) return more;
      from += count;
      piece = Clock::now() - begun > slow ? 1 : std::min(2 * piece, trawl::Batch::max_frames);
    }
    return true;
  }

  /// Once through the files; damage ends a file and not the work. `keep`: puts the packets there instead.
  trawl::Result<bool> once(trawl::Sender& sender, trawl::Replayer& replayer, Status& status, trawl::OwnedBatch* keep) {
    Inputs inputs(paths);
    std::string path;
    for (;;) {
      const auto batch = inputs.next();
      if (!batch) {
        status = report_input(inputs.path(), batch.error());
        if (inputs.at_end()) return true;
        continue;
      }
      if (!*batch) return true;
      if (keep) {
        keep->append(**batch);
        if (replayer.left() < keep->size()) return true;
        continue;
      }
      if (path != inputs.path()) path = inputs.path(), replayer.begin_source();
      const auto more = play(sender, replayer, **batch);
      if (!more || !*more) return more;
    }
  }
  trawl::Result<bool> once(trawl::Sender& sender, trawl::Replayer& replayer, const trawl::OwnedBatch& packets) {
    replayer.begin_source();
    for (size_t first = 0; first < packets.size(); first += trawl::Batch::max_frames) {
      const auto more = play(sender, replayer, packets.from(first));
      if (!more || !*more) return more;
    }
    return true;
  }

  Status run() {
    if (int(top_speed) + int(pps > 0) + int(mbps > 0) + int(multiplier > 0) > 1) {
      say("of --topspeed, --pps, --mbps and --multiplier only one can be given");
      return Status::usage;
    }
    if (loop != 1 && std::find(paths.begin(), paths.end(), "-") != paths.end()) preload = true;   // it can be read once only
    auto sender = trawl::Sender::open(interface, options());
    if (!sender) return report(sender.error());
    if (const Status dropped = privileges.drop_before_files(); dropped != Status::done) return dropped;
    if (const Status dropped = privileges.drop_the_rest(trawl::FileRights::read, StartsPrograms::no); dropped != Status::done)
      return dropped;
    trawl::Replayer replayer(*sender, pace(), limit ? limit : ~trawl::u64{});
    stop_handle = sender->stop_handle();
    std::signal(SIGINT, on_stop);
    std::signal(SIGTERM, on_stop);
    std::signal(SIGUSR1, on_report);

    Status status = Status::done;
    trawl::OwnedBatch packets;   // read once, sent often
    trawl::Result<bool> more = true;
    if (preload) more = once(*sender, replayer, status, &packets);
    for (trawl::u64 i = 0; more && *more && (i < loop || loop == 0) && !stop_handle.stopped(); ++i) {
      Status this_time = Status::done;
      const trawl::u64 left = replayer.left();
      more = preload ? once(*sender, replayer, packets) : once(*sender, replayer, this_time, nullptr);
      if (this_time != Status::done) status = this_time;
      if (more && left == replayer.left() && replayer.skipped() == 0) break;   // nothing in the files: not for ever
      if (status != Status::done) break;   // and damage is said once
    }
    if (!more && more.error().reason != trawl::Reason::stopped) status = report(more.error());
    if (const auto flushed = sender->flush(); !flushed && !stop_handle.stopped()) status = report(flushed.error());
    print_report(*sender, replayer, json);
    report_warnings(interface, sender->warnings());
    report_warnings(interface, replayer.warnings());
    if (truncated) say(std::to_string(truncated) + " packets were cut when they were captured and are sent as short as they are");
    if (const auto closed = sender->close(); !closed && status == Status::done) status = report(closed.error());
    return status;
  }
};

}  // namespace

void add_send(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("send", "send the packets of capture files");
  auto state = std::make_shared<SendCommand>();
  command->add_option("-i", state->interface, "interface")->type_name("IF")->required();
  command->add_option("files", state->paths, "capture files")->type_name("FILE")->required();
  command->add_flag("--topspeed", state->top_speed, "as fast as it goes");
  command->add_option("--pps", state->pps, "packets per second")->type_name("N")->check(CLI::PositiveNumber);
  command->add_option("--mbps", state->mbps, "10^6 bits of frames per second")->type_name("N")->check(CLI::PositiveNumber);
  command->add_option("--multiplier", state->multiplier, "times the recorded speed (1)")->type_name("X")->check(CLI::PositiveNumber);
  command->add_option("--loop", state->loop, "times to send the files; 0: until stopped")->type_name("N");
  command->add_option("--limit", state->limit, "packets to send")->type_name("N");
  command->add_flag("--preload", state->preload, "read the files before the first packet is sent");
  command->add_option("--backend", state->backend, "how packets go to the kernel")
      ->type_name("auto|socket|ring|xdp")
      ->check(CLI::IsMember({"auto", "socket", "ring", "xdp"}));
  command->add_option("--queue", state->queue, "queue of the interface for xdp")->type_name("N");
  command->add_flag("--bypass-qdisc", state->bypass, "past the queueing discipline; captures on IF do not see the packets");
  command->add_option("--when-full", state->when_full, "what becomes of a packet without room")
      ->type_name("wait|drop")
      ->check(CLI::IsMember({"wait", "drop"}));
  state->privileges.declare(*command);
  command->add_flag("--json", state->json, "the report as JSON");
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
