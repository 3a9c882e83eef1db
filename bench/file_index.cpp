// SPDX-License-Identifier: Apache-2.0 OR MIT
// Builds an index of a file of 1,000,000 packets (or of the files given), and goes to packets and times at random: how long
// building takes beside reading, and a seek with its next(). Medians.  bench_file_index [FILE...]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "trawl/core/describe.hpp"
#include "trawl/file/file_index.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;

namespace {

constexpr int rounds = 5, seeks = 5000;

/// About 430 bytes a packet, as on real links.
void make_sample(const std::string& path, bool seekable) {
  std::mt19937 random(1);
  std::vector<u8> bytes(1u << 20);
  for (auto& byte : bytes) byte = random() % 2 ? u8(random()) : u8(0);
  std::vector<Frame> frames(200);
  auto writer = FileWriter::create(path, {.seekable = seekable});
  const InterfaceInfo interface;
  i64 time = 1'700'000'000'000'000'000;
  for (int batch = 0; batch < 5000 && writer; ++batch) {
    for (auto& frame : frames) {
      const u32 size = random() % 4 == 0 ? 1514 : 54 + u32(random() % 128);
      frame.bytes = Bytes(bytes).slice(random() % (bytes.size() - 2000), size);
      frame.original_length = size;
      frame.time.nanoseconds = time += 1000;
    }
    if (!writer->write(Batch(frames.data(), u32(frames.size())), {&interface, 1})) break;
  }
}

double seconds(auto&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}
double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

bool measure(const std::string& path) {
  auto index = FileIndex::build(path);
  if (!index) return std::fprintf(stderr, "%s: %s\n", path.c_str(), describe(index.error()).c_str()), false;
  std::vector<double> read_times, build_times, packet_times, time_times;
  for (int i = 0; i < rounds; ++i) {
    read_times.push_back(seconds([&] {
      auto reader = FileReader::open(path);
      u64 bytes = 0;
      while (reader) {
        const auto batch = reader->next();
        if (!batch || !*batch) break;
        for (const auto& frame : **batch) bytes += frame.bytes.size;
      }
    }));
    build_times.push_back(seconds([&] { static_cast<void>(FileIndex::build(path)); }));
  }
  auto reader = FileReader::open(path);
  std::mt19937_64 random(2);
  bool good = bool(reader);
  const i64 first = index->earliest()->nanoseconds, span = index->latest()->nanoseconds - first;
  for (int i = 0; i < seeks && good; ++i) {
    const u64 packet = 1 + random() % index->packets();
    packet_times.push_back(seconds([&] { good &= reader->seek(*index, packet) && reader->next(); }));
    const Timestamp time{first + i64(random() % u64(span + 1))};
    time_times.push_back(seconds([&] { good &= reader->seek(*index, time) && reader->next(); }));
  }
  if (!good) return std::fprintf(stderr, "%s: a seek failed\n", path.c_str()), false;
  const double read = median(read_times), build = median(build_times);
  std::printf(
      "%s: %llu packets, %zu places\n  read %.3f s, build %.3f s (%.2fx of the read speed)\n  seek and next: packet %.1f us, time %.1f "
      "us\n",
      path.c_str(), static_cast<unsigned long long>(index->packets()), index->places(), read, build, read / build,
      median(packet_times) * 1e6, median(time_times) * 1e6);
  std::printf("{\"bench\":\"file_index\",\"file\":\"%s\",\"build_of_read\":%.2f,\"seek_packet_us\":%.1f,\"seek_time_us\":%.1f}\n",
              path.c_str(), read / build, median(packet_times) * 1e6, median(time_times) * 1e6);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  bool good = true;
  for (int i = 1; i < argc; ++i) good &= measure(argv[i]);
  if (argc > 1) return good ? 0 : 1;
  const auto folder = std::filesystem::temp_directory_path();
  for (const std::string name : {"trawl-bench.pcap", "trawl-bench.pcapng", "trawl-bench.pcap.zst"}) {
    if (name.ends_with(".zst") && !is_supported(Compression::zstd)) continue;
    const std::string path = folder / name;
    make_sample(path, name.ends_with(".zst"));
    good &= measure(path);
    std::filesystem::remove(path);
  }
  return good ? 0 : 1;
}
