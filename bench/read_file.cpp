// SPDX-License-Identifier: Apache-2.0 OR MIT
// Reads a large capture and sums its lengths: FileReader, libpcap if this machine has it, and the floor (the same walk with
// no checks but the necessary ones). CPU time, interleaved rounds, medians.  bench_read_file [FILE...]
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "trawl/core/describe.hpp"
#include "trawl/file/file_reader.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;

namespace {

constexpr int rounds = 9;

struct Sum {
  u64 packets = 0, bytes = 0;
  bool operator==(const Sum&) const = default;
};

Sum ours(const char* path) {
  Sum sum;
  auto reader = FileReader::open(path);
  while (reader) {
    const auto batch = reader->next();
    if (!batch || !*batch) break;
    for (const auto& frame : **batch) ++sum.packets, sum.bytes += frame.bytes.size;
  }
  return sum;
}

/// Little-endian files without options, 256 KiB at a time.
Sum floor(const char* path) {
  Sum sum;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  static u8 buffer[(256u << 10) + (1u << 20)];
  size_t have = 0, at = 0;
  ssize_t got = 0;
  bool pcapng = false;
  while ((got = read(fd, buffer + have, 256u << 10)) > 0) {
    have += size_t(got);
    if (sum.packets == 0) pcapng = load_be<u32>(buffer) == 0x0a0d0d0a, at = pcapng ? 0 : 24;
    while (have - at >= 32) {
      const u8* p = buffer + at;
      const u32 captured = load_le<u32>(p + (pcapng ? 20 : 8)), size = pcapng ? load_le<u32>(p + 4) : 16 + captured;
      if (size > have - at) break;
      if (!pcapng || load_le<u32>(p) == 6) ++sum.packets, sum.bytes += captured;
      at += size;
    }
    std::memmove(buffer, buffer + at, have - at);
    have -= at, at = 0;
  }
  close(fd);
  return sum;
}

/// What is used of libpcap, loaded at run time.
struct Libpcap {
  struct Header {
    timeval time;
    u32 captured, length;
  };
  void* (*open)(const char*, char*) = nullptr;
  int (*next)(void*, Header**, const u8**) = nullptr;
  void (*close)(void*) = nullptr;
  Libpcap() {
    void* library = dlopen("libpcap.so.0.8", RTLD_NOW);
    if (!library) library = dlopen("libpcap.so.1", RTLD_NOW);
    if (!library) return;
    open = reinterpret_cast<decltype(open)>(dlsym(library, "pcap_open_offline"));
    next = reinterpret_cast<decltype(next)>(dlsym(library, "pcap_next_ex"));
    close = reinterpret_cast<decltype(close)>(dlsym(library, "pcap_close"));
  }
  Sum operator()(const char* path) const {
    Sum sum;
    char text[256];
    void* handle = open(path, text);
    Header* header = nullptr;
    const u8* bytes = nullptr;
    while (handle && next(handle, &header, &bytes) == 1) ++sum.packets, sum.bytes += header->captured;
    if (handle) close(handle);
    return sum;
  }
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}
double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// About 430 bytes a packet, as on real links: many small, some full.
void make_sample(const std::string& path) {
  std::vector<u8> bytes(1514, 0x5a);
  std::vector<Frame> frames(Batch::max_frames);
  u32 state = 1;
  auto writer = FileWriter::create(path);
  const InterfaceInfo interface;
  for (int batch = 0; batch < 2000 && writer; ++batch) {
    for (auto& frame : frames) {
      state = state * 1664525 + 1013904223;
      const u32 kind = state >> 24;
      frame.bytes = Bytes(bytes).first(kind < 60 ? 1514 : 54 + kind % 128);
      frame.original_length = u32(frame.bytes.size);
      frame.time.nanoseconds = 1'700'000'000'000'000'000 + batch;
    }
    if (!writer->write(Batch(frames.data(), u32(frames.size())), {&interface, 1})) break;
  }
}

bool measure(const char* path) {
  static const Libpcap libpcap;
  const Sum expected = ours(path);  // also brings the file into the page cache
  if (!expected.packets) return std::fprintf(stderr, "%s: nothing to read\n", path), false;
  std::vector<double> our_times, floor_times, peer_times;
  const auto time = [&](auto&& read, std::vector<double>& times) {
    const double start = cpu_seconds();
    const Sum sum = read(path);
    times.push_back((cpu_seconds() - start) * 1e9 / double(expected.packets));
    return sum == expected;
  };
  bool same = true;
  for (int round = 0; round < rounds; ++round) {
    same &= time(ours, our_times);
    time(floor, floor_times);
    if (libpcap.next) same &= time(libpcap, peer_times);
  }
  const double mine = median(our_times), least = median(floor_times), peer = peer_times.empty() ? 0 : median(peer_times);
  std::printf("%s: %llu packets, %llu bytes%s\n", path, static_cast<unsigned long long>(expected.packets),
              static_cast<unsigned long long>(expected.bytes), same ? "" : "  SUMS DIFFER");
  std::printf("  %-10s %8.1f ns/packet\n  %-10s %8.1f ns/packet  %.2fx of ours\n", "trawl", mine, "floor", least, least / mine);
  if (peer > 0) std::printf("  %-10s %8.1f ns/packet  %.2fx of ours\n", "libpcap", peer, peer / mine);
  std::printf(
      "{\"bench\":\"read_file\",\"file\":\"%s\",\"unit\":\"ns/packet\",\"ours\":%.1f,\"peer\":%.1f,\"ratio\":%.2f,\"floor\":%.1f}\n", path,
      mine, peer, peer / mine, least);
  return same;
}

}  // namespace

int main(int argc, char** argv) {
  bool good = true;
  for (int i = 1; i < argc; ++i) good &= measure(argv[i]);
  if (argc > 1) return good ? 0 : 1;
  const auto folder = std::filesystem::temp_directory_path();
  for (auto name : {"trawl-bench.pcap", "trawl-bench.pcapng"}) {
    const std::string path = folder / name;
    make_sample(path);
    good &= measure(path.c_str());
    std::filesystem::remove(path);
  }
  return good ? 0 : 1;
}
