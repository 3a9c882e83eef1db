// SPDX-License-Identifier: Apache-2.0 OR MIT
// Promise: machine code takes at most a third of the time of libpcap's bpf_filter(), as a geometric mean over these filters, and
// at most 1.15 of what the same programs take when a C compiler has compiled them (floor). In turn, the best of many rounds. The
// same packets and filters as in filter_interpreter.cpp.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "compiled_c.hpp"
#include "filter_cases.hpp"
#include "trawl/bpf/native.hpp"

using namespace trawl;
using namespace trawl::bench;

namespace {

// Nanoseconds a packet.
template <class F> void measure(double& best, F&& run) {
  const auto before = std::chrono::steady_clock::now();
  run();
  const double took = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - before).count();
  best = std::min(best, took / double(packets().size()));
}

struct Row {
  double ours = 1e9, floor = 1e9, peer = 1e9;
  bool equal = true;
};

Row measure_all(const std::string& text) {
  Row row;
  const auto compiled = *Filter::parse(text)->compile(LinkType::ethernet, bpf::Target::offline);
  const bpf::NativeProgram native(compiled);
  const CompiledC in_c = compile_c(compiled);
  const peer::Libpcap& pcap = peer::libpcap();
  peer::Program theirs;
  const bool have_peer = pcap && pcap.compile(pcap.open_dead(pcap.ethernet, pcap.snaplen), &theirs, text.c_str(), 1, 0) == 0;
  const std::vector<Frame> frames = make_frames();
  constexpr int rounds = 300;
  for (int round = 0; round < rounds; ++round) {
    size_t mine = 0, of_c = 0, of_peer = 0;
    measure(row.ours, [&] {
      for (const Frame& frame : frames) mine += native.run(frame) != 0;
      benchmark::DoNotOptimize(mine);
    });
    if (in_c)
      measure(row.floor, [&] {
        for (const Frame& frame : frames) of_c += in_c(frame.bytes.data, frame.bytes.size, frame.original_length) != 0;
        benchmark::DoNotOptimize(of_c);
      });
    if (have_peer)
      measure(row.peer, [&] {
        for (const auto& packet : packets())
          of_peer += pcap.filter(theirs.instructions, packet.data(), unsigned(packet.size()), unsigned(packet.size())) != 0;
        benchmark::DoNotOptimize(of_peer);
      });
    row.equal = row.equal && (!in_c || mine == of_c) && (!have_peer || mine == of_peer);
  }
  if (have_peer) pcap.free_code(&theirs);
  return row;
}

}  // namespace

int main() {
  double to_floor = 0, to_peer = 0;
  std::printf("ns a packet: ours   floor    peer   ours/floor  peer/ours\n");
  for (const std::string& text : filters()) {
    const Row row = measure_all(text);
    to_floor += std::log(row.ours / row.floor), to_peer += std::log(row.peer / row.ours);
    std::printf("%16.2f %7.2f %7.2f %12.2f %10.2f  %s%.50s\n", row.ours, row.floor, row.peer, row.ours / row.floor, row.peer / row.ours,
                row.equal ? "" : "DIFFERENT VERDICTS ", text.c_str());
  }
  const double count = double(filters().size());
  std::printf("geometric mean: ours/floor %.3f, peer/ours %.2f\n", std::exp(to_floor / count), std::exp(to_peer / count));
}
