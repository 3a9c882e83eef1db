// SPDX-License-Identifier: Apache-2.0 OR MIT
// Promise: a display filter dissects no further than it asks. The packets of tests/captures/ over and over, in cache; the peer
// is the same filter over the whole dissection.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "trawl/core/owned_frame.hpp"
#include "trawl/display/display_filter.hpp"
#include "trawl/file/file_reader.hpp"

using namespace trawl;

namespace {

constexpr const char* texts[] = {"frame.number <= 100",
                                 "eth.type == 0x86dd",
                                 "ip.ttl < 5",
                                 "tcp.flags.syn == 1",
                                 "dns",
                                 "not tcp",
                                 "ip.addr == 10.0.0.0/8 and udp.port == 53"};

const std::vector<OwnedFrame>& packets() {
  static const std::vector<OwnedFrame> all = [] {
    std::vector<OwnedFrame> result;
    for (const auto& entry : std::filesystem::directory_iterator(TRAWL_SOURCE_DIR "/tests/captures")) {
      auto reader = FileReader::open(entry.path().string());
      if (!reader) continue;
      for (auto batch = reader->next(); batch && *batch; batch = reader->next())
        for (const Frame& frame : **batch) result.emplace_back(frame);
    }
    return result;
  }();
  return all;
}

template <class Match> void measure(benchmark::State& state, Match match) {
  const char* text = texts[size_t(state.range(0))];
  const auto filter = *DisplayFilter::parse(text);
  std::vector<Frame> frames;
  for (const OwnedFrame& packet : packets()) frames.push_back(packet.frame());
  u64 matches = 0;
  for (auto _ : state)
    for (const Frame& frame : frames) matches += match(filter, frame);
  benchmark::DoNotOptimize(matches);
  state.SetItemsProcessed(state.iterations() * i64(frames.size()));
  state.SetLabel(text);
}

void ours(benchmark::State& state) {
  measure(state, [](const DisplayFilter& filter, const Frame& frame) { return filter.matches(frame); });
}
void whole(benchmark::State& state) {
  measure(state, [](const DisplayFilter& filter, const Frame& frame) { return filter.matches(dissect(frame), frame); });
}

}  // namespace

BENCHMARK(ours)->DenseRange(0, std::size(texts) - 1);
BENCHMARK(whole)->DenseRange(0, std::size(texts) - 1);
BENCHMARK_MAIN();
