// SPDX-License-Identifier: Apache-2.0 OR MIT
// Promise: compiling takes no longer than pcap_compile() does, and lists of hosts grow in proportion to their length.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "peer_libpcap.hpp"
#include "trawl/filter/filter.hpp"

using namespace trawl;

namespace {

std::string hosts(int count) {
  std::mt19937 random(7);
  std::string text;
  for (int i = 0; i < count; ++i) {
    const u32 a = u32(random());
    text += (i ? " or host " : "host ") + std::to_string((a >> 24 & 127) + 1) + '.' + std::to_string(a >> 16 & 255) + '.' +
            std::to_string(a >> 8 & 255) + '.' + std::to_string(a & 255);
  }
  return text;
}

const std::vector<std::string>& filters() {
  static const std::vector<std::string> result = {
      "ip",
      "tcp port 443",
      "host 10.0.0.1",
      "net 10.0.0.0/8 and not port 22",
      "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
      "tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420",
      "portrange 1000-2000 and not net 192.168.0.0/16",
      hosts(10),
      hosts(50),
      hosts(100),
      hosts(400),
  };
  return result;
}

void ours(benchmark::State& state) {
  const std::string& text = filters()[size_t(state.range(0))];
  size_t length = 0;
  for (auto _ : state) length = Filter::parse(text)->compile(LinkType::ethernet, bpf::Target::offline)->instructions().size();
  state.SetLabel(text.substr(0, 40) + " (" + std::to_string(length) + ')');
}

void libpcap(benchmark::State& state) {
  const auto& pcap = peer::libpcap();
  if (!pcap) return state.SkipWithError("no libpcap.so.0.8");
  void* handle = pcap.open_dead(pcap.ethernet, pcap.snaplen);
  const std::string& text = filters()[size_t(state.range(0))];
  peer::Program program;
  for (auto _ : state) {
    pcap.compile(handle, &program, text.c_str(), pcap.optimize, 0);
    state.PauseTiming();
    state.SetLabel('(' + std::to_string(program.length) + ')');
    pcap.free_code(&program);
    state.ResumeTiming();
  }
}

}  // namespace

BENCHMARK(ours)->DenseRange(0, 10);
BENCHMARK(libpcap)->DenseRange(0, 8);
BENCHMARK_MAIN();
