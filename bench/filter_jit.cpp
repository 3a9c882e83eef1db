// SPDX-License-Identifier: Apache-2.0 OR MIT
// Promise: machine code takes at most a third of the time of libpcap's bpf_filter(), as a geometric mean over these filters.
// The same packets and filters as in filter_interpreter.cpp.
#include <benchmark/benchmark.h>

#include "filter_cases.hpp"
#include "trawl/bpf/native.hpp"

using namespace trawl;
using namespace trawl::bench;

namespace {

void ours(benchmark::State& state) {
  const bpf::NativeProgram program(*Filter::parse(filters()[size_t(state.range(0))])->compile(LinkType::ethernet, bpf::Target::offline));
  const std::vector<Frame> frames = make_frames();
  u32 matches = 0;
  for (auto _ : state)
    for (const Frame& frame : frames) matches += program.run(frame) != 0;
  benchmark::DoNotOptimize(matches);
  state.SetItemsProcessed(state.iterations() * i64(frames.size()));
  state.SetLabel(filters()[size_t(state.range(0))].substr(0, 50) + (program.is_native() ? "" : " (interpreted)"));
}

}  // namespace

BENCHMARK(ours)->DenseRange(0, 11);
BENCHMARK(peer_filter)->DenseRange(0, 11);
BENCHMARK_MAIN();
