// SPDX-License-Identifier: Apache-2.0 OR MIT
// Writes packets from memory to /dev/null: FileWriter as pcap, as pcapng and as pcapng with flags, libpcap's pcap_dump if this
// machine has it, and the floor (a copy into a buffer of 256 KiB). CPU time, interleaved rounds, medians.
// bench_write_file [FILE [ROUNDS]]: the packets of FILE; without it or with "", packets as on real links.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "trawl/file/file_reader.hpp"
#include "trawl/file/file_writer.hpp"

using namespace trawl;

namespace {

/// Packets in memory. Each writer gets them in its own form a batch at a time, as a capture would hand them over.
struct Packet {
  const u8* bytes;
  u32 size, length;
  i64 time;
};
struct Sample {
  std::vector<u8> bytes;
  std::vector<Packet> packets;
};

void add(Sample& sample, Bytes packet, u32 length, i64 time) {
  sample.packets.push_back({nullptr, u32(packet.size), length, time});
  sample.bytes.insert(sample.bytes.end(), packet.begin(), packet.end());
}
void settle(Sample& sample) {
  const u8* at = sample.bytes.data();
  for (auto& packet : sample.packets) packet.bytes = at, at += packet.size;
}

Sample load_sample(const char* path) {
  Sample sample;
  auto reader = FileReader::open(path);
  while (reader) {
    const auto batch = reader->next();
    if (!batch || !*batch) break;
    for (const auto& frame : **batch) add(sample, frame.bytes, frame.original_length, frame.time.nanoseconds);
  }
  settle(sample);
  return sample;
}
/// About 430 bytes a packet, as on real links: many small, some full.
Sample made_sample() {
  Sample sample;
  std::vector<u8> bytes(1514, 0x5a);
  u32 state = 1;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 1664525 + 1013904223;
    const u32 kind = state >> 24, length = kind < 60 ? 1514 : 54 + kind % 128;
    add(sample, Bytes(bytes).first(length), length, 1'700'000'000'000'000'000 + i * 1000);
  }
  settle(sample);
  return sample;
}

bool ours(const Sample& sample, FileFormat format, PacketType type) {
  auto writer = FileWriter::create("/dev/null", {.format = format});
  InterfaceInfo interface;
  interface.resolution = Resolution::microseconds();
  std::vector<Frame> frames(Batch::max_frames);
  for (auto& frame : frames) frame.info.packet_type = type;
  const auto& packets = sample.packets;
  for (size_t i = 0; i < packets.size() && writer; i += Batch::max_frames) {
    const u32 count = u32(std::min<size_t>(Batch::max_frames, packets.size() - i));
    for (u32 k = 0; k < count; ++k) {
      frames[k].bytes = {packets[i + k].bytes, packets[i + k].size};
      frames[k].original_length = packets[i + k].length;
      frames[k].time.nanoseconds = packets[i + k].time;
    }
    if (!writer->write(Batch(frames.data(), count), {&interface, 1})) return false;
  }
  return writer && writer->close();
}

void floor(const Sample& sample) {
  const int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  static u8 buffer[(256u << 10) + (1u << 19)];
  size_t used = 0;
  for (const auto& packet : sample.packets) {
    const u64 t = u64(packet.time) / 1000;
    const u32 header[4] = {u32(t / 1'000'000), u32(t % 1'000'000), packet.size, packet.length};
    std::memcpy(buffer + used, header, 16);
    std::memcpy(buffer + used + 16, packet.bytes, packet.size);
    used += 16 + packet.size;
    if (used >= 256u << 10) static_cast<void>(!write(fd, buffer, used)), used = 0;
  }
  static_cast<void>(!write(fd, buffer, used));
  close(fd);
}

/// What is used of libpcap, loaded at run time.
struct Libpcap {
  struct Header {
    timeval time;
    u32 captured, length;
  };
  void* (*open_dead)(int, int) = nullptr;
  void* (*dump_open)(void*, const char*) = nullptr;
  void (*dump)(u8*, const Header*, const u8*) = nullptr;
  void (*dump_close)(void*) = nullptr;
  void (*close)(void*) = nullptr;
  Libpcap() {
    void* library = dlopen("libpcap.so.0.8", RTLD_NOW);
    if (!library) library = dlopen("libpcap.so.1", RTLD_NOW);
    if (!library) return;
    open_dead = reinterpret_cast<decltype(open_dead)>(dlsym(library, "pcap_open_dead"));
    dump_open = reinterpret_cast<decltype(dump_open)>(dlsym(library, "pcap_dump_open"));
    dump = reinterpret_cast<decltype(dump)>(dlsym(library, "pcap_dump"));
    dump_close = reinterpret_cast<decltype(dump_close)>(dlsym(library, "pcap_dump_close"));
    close = reinterpret_cast<decltype(close)>(dlsym(library, "pcap_close"));
  }
};

void peer(const Libpcap& pcap, const Sample& sample) {
  void* handle = pcap.open_dead(1, 262144);
  void* file = pcap.dump_open(handle, "/dev/null");
  for (const auto& packet : sample.packets) {
    const Timestamp time{packet.time};
    const Libpcap::Header header{{time.seconds(), time.subsecond() / 1000}, packet.size, packet.length};
    pcap.dump(static_cast<u8*>(file), &header, packet.bytes);
  }
  pcap.dump_close(file);
  pcap.close(handle);
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}
double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const Sample sample = argc > 1 && *argv[1] ? load_sample(argv[1]) : made_sample();
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 15;
  if (sample.packets.empty()) return std::fprintf(stderr, "nothing to write\n"), 1;
  const Libpcap libpcap;

  struct Way {
    const char* name;
    std::function<void()> write;
    std::vector<double> times, ratios;
  };
  std::vector<Way> ways{{"pcap", [&] { ours(sample, FileFormat::pcap, PacketType::unknown); }, {}, {}},
                        {"pcapng", [&] { ours(sample, FileFormat::pcapng, PacketType::unknown); }, {}, {}},
                        {"pcapng, flags", [&] { ours(sample, FileFormat::pcapng, PacketType::to_us); }, {}, {}},
                        {"floor", [&] { floor(sample); }, {}, {}}};
  if (libpcap.dump) ways.push_back({"pcap_dump", [&] { peer(libpcap, sample); }, {}, {}});
  for (int round = 0; round < rounds; ++round) {
    for (auto& way : ways) {
      const double start = cpu_seconds();
      way.write();
      way.times.push_back((cpu_seconds() - start) * 1e9 / double(sample.packets.size()));
    }
    for (auto& way : ways) way.ratios.push_back(ways.back().times.back() / way.times.back());
  }
  std::printf("%zu packets, %llu bytes, to /dev/null\n", sample.packets.size(), static_cast<unsigned long long>(sample.bytes.size()));
  for (const auto& way : ways)
    std::printf("  %-14s %8.1f ns/packet  %5.2fx of %s's speed\n", way.name, median(way.times), median(way.ratios), ways.back().name);
  std::printf(
      "{\"bench\":\"write_file\",\"unit\":\"ns/packet\",\"pcap\":%.1f,\"pcapng\":%.1f,\"peer\":%.1f,\"ratio\":%.2f,\"floor\":%.1f}\n",
      median(ways[0].times), median(ways[1].times), libpcap.dump ? median(ways.back().times) : 0.0,
      libpcap.dump ? median(ways[0].ratios) : 0.0, median(ways[3].times));
  return 0;
}
