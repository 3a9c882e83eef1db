// SPDX-License-Identifier: Apache-2.0 OR MIT
// Packets counted from a live interface: our loop, and libpcap's pcap_dispatch (loaded when it is installed).
// Without arguments it runs bench/capture_loop.py, which makes the network and the comparison.
//   bench_capture_loop trawl|libpcap INTERFACE COUNT [BUFFER_BYTES]    receive COUNT packets; one line of JSON
//   bench_capture_loop send INTERFACE COUNT PPS                        a paced sender
#include <dlfcn.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "trawl/capture/capture.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/core/describe.hpp"

using namespace trawl;
using namespace std::chrono_literals;

namespace {

struct Cpu {
  double user = 0, system = 0;
};

Cpu cpu_seconds(int whom) {
  rusage usage{};
  ::getrusage(whom, &usage);
  const auto seconds = [](timeval t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return {seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

struct Tally {
  u64 got = 0, bytes = 0, dropped = 0, wakeups = 0;
  Cpu thread;  ///< in the loop, without opening and closing

  void begin() { thread = cpu_seconds(RUSAGE_THREAD); }
  void end() {
    const Cpu now = cpu_seconds(RUSAGE_THREAD);
    thread = {now.user - thread.user, now.system - thread.system};
  }
};

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "bench_capture_loop: %s\n", why.c_str());
  std::exit(1);
}

/// A second without packets, once some have come, is the end.
constexpr int idle_calls = 10;

Tally with_trawl(const char* interface, u64 count, size_t buffer) {
  auto capture = Capture::open(interface, {.buffer_bytes = buffer, .timeout = 100ms});
  if (!capture) give_up(describe(capture.error()));
  Tally tally;
  std::puts("ready");
  std::fflush(stdout);
  tally.begin();
  for (int idle = 0; tally.got < count && idle < idle_calls;) {
    const auto batch = capture->next();
    if (!batch || !*batch) break;
    idle = (*batch)->empty() && tally.got ? idle + 1 : 0;
    ++tally.wakeups;
    for (const auto& frame : **batch) {
      tally.bytes += frame.original_length;
      tally.got += frame.bytes.size > 14 && frame.bytes[12] == 8;  // looks at the packet, as any use does
    }
  }
  tally.end();
  tally.dropped = capture->statistics().dropped_kernel;
  return tally;
}

// What is used of pcap.h.
struct PcapHeader {
  timeval time;
  unsigned captured, length;
};
struct PcapStatistics {
  unsigned received, dropped, interface_dropped;
};

template <class F> F symbol(void* library, const char* name) {
  void* const address = ::dlsym(library, name);
  if (!address) give_up(std::string("libpcap has no ") + name);
  return reinterpret_cast<F>(address);
}

Tally with_libpcap(const char* interface, u64 count, size_t buffer) {
  void* const library = ::dlopen("libpcap.so.0.8", RTLD_NOW);
  if (!library) give_up("libpcap.so.0.8 is not installed");
  const auto set = [&](const char* name, void* handle, int value) { symbol<int (*)(void*, int)>(library, name)(handle, value); };
  char error[256];
  void* const handle = symbol<void* (*)(const char*, char*)>(library, "pcap_create")(interface, error);
  set("pcap_set_snaplen", handle, 262144);
  set("pcap_set_promisc", handle, 1);
  set("pcap_set_timeout", handle, 100);
  set("pcap_set_buffer_size", handle, int(buffer));
  if (symbol<int (*)(void*)>(library, "pcap_activate")(handle) < 0) give_up("pcap_activate failed");
  // Under TPACKET_V3 libpcap's own wait never ends: it is asked without blocking and waited for here.
  symbol<int (*)(void*, int, char*)>(library, "pcap_setnonblock")(handle, 1, error);
  const int fd = symbol<int (*)(void*)>(library, "pcap_get_selectable_fd")(handle);
  using Callback = void (*)(unsigned char*, const PcapHeader*, const unsigned char*);
  const auto dispatch = symbol<int (*)(void*, int, Callback, unsigned char*)>(library, "pcap_dispatch");
  const Callback callback = [](unsigned char* to, const PcapHeader* header, const unsigned char* bytes) {
    auto& tally = *reinterpret_cast<Tally*>(to);
    tally.bytes += header->length;
    tally.got += header->captured > 14 && bytes[12] == 8;
  };
  Tally tally;
  std::puts("ready");
  std::fflush(stdout);
  tally.begin();
  for (int idle = 0; tally.got < count && idle < idle_calls;) {
    const int n = dispatch(handle, -1, callback, reinterpret_cast<unsigned char*>(&tally));
    if (n < 0) break;
    ++tally.wakeups;
    if (n > 0) {
      idle = 0;
      continue;
    }
    pollfd wait{fd, POLLIN, 0};
    if (::poll(&wait, 1, 100) == 0 && tally.got) ++idle;
  }
  tally.end();
  PcapStatistics statistics{};
  symbol<int (*)(void*, PcapStatistics*)>(library, "pcap_stats")(handle, &statistics);
  tally.dropped = statistics.dropped;
  return tally;
}

int send_packets(const char* interface, u64 count, double pps) {
  auto sender = Sender::open(interface);
  if (!sender) give_up(describe(sender.error()));
  u8 frame[64] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 50, 0, 0, 0, 0, 64, 17};
  const auto start = std::chrono::steady_clock::now();
  for (u64 i = 0; i < count; ++i) {
    std::memcpy(frame + 46, &i, sizeof i);
    const auto due = start + std::chrono::nanoseconds(i64(double(i) * 1e9 / pps));
    while (std::chrono::steady_clock::now() < due) {}
    if (const auto sent = sender->send({frame, sizeof frame}); !sent) give_up(describe(sent.error()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    const std::string script = TRAWL_SOURCE_DIR "/bench/capture_loop.py";
    ::execlp("python3", "python3", script.c_str(), argv[0], static_cast<char*>(nullptr));
    give_up("python3 is not installed");
  }
  const std::string_view mode = argv[1];
  const u64 count = std::strtoull(argv[3], nullptr, 10);
  if (mode == "send") return send_packets(argv[2], count, argc > 4 ? std::atof(argv[4]) : 300'000);
  const size_t buffer = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 32u << 20;
  const Tally tally = mode == "trawl" ? with_trawl(argv[2], count, buffer) : with_libpcap(argv[2], count, buffer);
  const auto process = cpu_seconds(RUSAGE_SELF);
  const auto each = [&](double seconds) { return seconds * 1e9 / double(tally.got ? tally.got : 1); };
  std::printf(
      "{\"receiver\":\"%s\",\"got\":%llu,\"dropped\":%llu,\"user_ns\":%.1f,\"thread_ns\":%.1f,\"process_ns\":%.1f,\"calls\":%llu}\n",
      argv[1], static_cast<unsigned long long>(tally.got), static_cast<unsigned long long>(tally.dropped), each(tally.thread.user),
      each(tally.thread.user + tally.thread.system), each(process.user + process.system), static_cast<unsigned long long>(tally.wakeups));
}
