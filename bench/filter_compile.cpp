// SPDX-License-Identifier: Apache-2.0 OR MIT
// Promise: compiling takes no longer than pcap_compile() does (median over all filters of tests/filter/lengths.tsv and, where
// they are unpacked, of the filter vectors), lists of hosts grow in proportion to their length (400 take at most 10 MB), and a
// set of 100,000 takes at most 200 ms.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "peer_libpcap.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/core/link_type.hpp"
#include "trawl/filter/filter.hpp"

using namespace trawl;

namespace {

std::string random_address(std::mt19937& random) {
  const u32 a = u32(random());
  return std::to_string((a >> 24 & 127) + 1) + '.' + std::to_string(a >> 16 & 255) + '.' + std::to_string(a >> 8 & 255) + '.' +
         std::to_string(a & 255);
}

std::string hosts(int count) {
  std::mt19937 random(7);
  std::string text;
  for (int i = 0; i < count; ++i) text += (i ? " or host " : "host ") + random_address(random);
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

struct Expression {
  LinkType link;
  int data_link;
  std::string text;
};

// `text_column`: of the tab-separated file, whose first column is the link type.
std::vector<Expression> expressions(const std::filesystem::path& path, size_t text_column) {
  std::vector<Expression> result;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> columns;
    for (size_t at = 0; at <= line.size();) {
      const size_t tab = std::min(line.find('\t', at), line.size());
      columns.push_back(line.substr(at, tab - at));
      at = tab + 1;
    }
    if (line.starts_with('#') || columns.size() <= text_column) continue;
    const auto link = parse_link_type(columns[0]);
    const int data_link = peer::libpcap().data_link(columns[0].c_str());
    if (link && data_link >= 0) result.push_back({*link, data_link, columns[text_column]});
  }
  return result;
}

template <class F> double microseconds(F&& work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - before).count();
}

// Each filter in turn by both, the best of 25; the median of what they took and of their ratio.
void median(benchmark::State& state, const std::filesystem::path& path, size_t text_column) {
  const auto& pcap = peer::libpcap();
  if (!pcap || !pcap.data_link) return state.SkipWithError("no libpcap.so.0.8");
  if (!std::filesystem::exists(path)) return state.SkipWithError("not there");
  const auto all = expressions(path, text_column);
  std::vector<double> mine, theirs, ratios;
  for (auto _ : state) {
    for (const Expression& expression : all) {
      void* handle = pcap.open_dead(expression.data_link, pcap.snaplen);
      bool good = true;
      double best[2] = {1e9, 1e9};
      for (int round = 0; round < (best[1] > 20'000 ? 2 : 25) && good; ++round) {
        best[0] = std::min(best[0], microseconds([&] {
                             const auto filter = Filter::parse(expression.text);
                             good = filter && filter->compile(expression.link, bpf::Target::offline);
                           }));
        peer::Program program;
        int failed = 0;
        best[1] =
            std::min(best[1], microseconds([&] { failed = pcap.compile(handle, &program, expression.text.c_str(), pcap.optimize, ~0u); }));
        if (failed) good = false;
        else pcap.free_code(&program);
      }
      pcap.close(handle);
      if (good) mine.push_back(best[0]), theirs.push_back(best[1]), ratios.push_back(best[0] / best[1]);
    }
  }
  const auto middle = [](std::vector<double>& values) {
    std::ranges::nth_element(values, values.begin() + std::ptrdiff_t(values.size() / 2));
    return values.empty() ? 0 : values[values.size() / 2];
  };
  state.counters["ours_us"] = middle(mine);
  state.counters["peer_us"] = middle(theirs);
  state.counters["ratio"] = middle(ratios);
  state.SetLabel(std::to_string(ratios.size()) + " filters");
}

std::string set_of_hosts(int count) {
  std::mt19937 random(7);
  std::string text = "host in {";
  for (int i = 0; i < count; ++i) text += (i ? ", " : "") + random_address(random);
  return text + '}';
}

void set(benchmark::State& state) {
  const std::string text = set_of_hosts(int(state.range(0)));
  size_t length = 0;
  for (auto _ : state) length = Filter::parse(text)->compile(LinkType::ethernet, bpf::Target::offline)->instructions().size();
  state.SetLabel('(' + std::to_string(length) + ')');
}

// What asking it takes: half of the packets have a member as source, the others neither address.
template <class Program> void ask_set(benchmark::State& state) {
  const Program program(*Filter::parse(set_of_hosts(int(state.range(0))))->compile(LinkType::ethernet, bpf::Target::offline));
  std::mt19937 members(7), others(8);
  std::vector<std::vector<u8>> packets(4096, std::vector<u8>(60));
  for (size_t i = 0; i < packets.size(); ++i) {
    store_be<u16>(&packets[i][12], 0x0800);
    store_be<u32>(&packets[i][26], load_be<u32>(parse_ipv4(random_address(i % 2 ? others : members))->octet));
    store_be<u32>(&packets[i][30], u32(others()));
  }
  u32 matches = 0;
  for (auto _ : state)
    for (const auto& packet : packets) matches += program.matches({.bytes = Bytes(packet.data(), packet.size()), .original_length = 60});
  benchmark::DoNotOptimize(matches);
  state.SetItemsProcessed(state.iterations() * i64(packets.size()));
}

// What the kernel says was the most at once, over what it was before.
void memory_of_400_hosts(benchmark::State& state) {
  const std::string text = hosts(400);
  size_t before = 0, most = 0;
  for (auto _ : state) {
    malloc_trim(0);
    const auto peak = [] {
      std::ifstream file("/proc/self/status");
      for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmHWM:")) return size_t(std::stoull(line.substr(6)));
      return size_t{0};
    };
    std::ofstream("/proc/self/clear_refs") << '5';  // forgets the highest
    before = peak();
    const auto program = Filter::parse(text)->compile(LinkType::ethernet, bpf::Target::offline);
    benchmark::DoNotOptimize(program);
    most = peak();
  }
  state.counters["kilobytes"] = double(most - before);
}

}  // namespace

BENCHMARK_CAPTURE(median, everyday, TRAWL_SOURCE_DIR "/tests/filter/lengths.tsv", 3)->Iterations(1);
BENCHMARK_CAPTURE(median, vectors, std::filesystem::temp_directory_path() / "captures/filter/valid.tsv", 1)->Iterations(1);
BENCHMARK(memory_of_400_hosts)->Iterations(1);
BENCHMARK(set)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK(ask_set<bpf::NativeProgram>)->Arg(1000)->Arg(100'000);
BENCHMARK(ask_set<bpf::Program>)->Arg(1000)->Arg(100'000);
BENCHMARK(ours)->DenseRange(0, 10);
BENCHMARK(libpcap)->DenseRange(0, 8);
BENCHMARK_MAIN();
