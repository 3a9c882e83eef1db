// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Twelve filters, 2,000 packets, and libpcap as the peer.
#pragma once
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "peer_libpcap.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/filter/filter.hpp"

namespace trawl::bench {

inline std::string fifty_hosts() {
  std::string text = "host 10.1.0.1";
  for (int i = 2; i <= 50; ++i) text += " or host 10." + std::to_string(i * 37 % 200) + "." + std::to_string(i) + ".1";
  return text;
}
inline const std::vector<std::string>& filters() {
  static const std::vector<std::string> result = {
      "ip",
      "tcp port 443",
      "host 10.0.0.1",
      "net 10.0.0.0/8 and not port 22",
      fifty_hosts(),
      "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
      "vlan and tcp port 80",
      "ip6 and udp port 53",
      "tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420",
      "icmp or icmp6",
      "portrange 1000-2000 and not net 192.168.0.0/16",
      "(tcp and port 80) or (udp and not port 53) and host 10.0.0.2",
  };
  return result;
}

// Ethernet, four of five IPv4, TCP and UDP on everyday ports.
inline std::vector<std::vector<u8>> make_packets() {
  std::mt19937 random(1);
  std::vector<std::vector<u8>> packets(2000);
  constexpr u16 ports[] = {22, 53, 80, 443, 1500, 8080};
  for (auto& packet : packets) {
    packet.resize(54 + random() % 1400);
    const bool v6 = random() % 5 == 0, tcp = random() % 4 != 0;
    store_be<u16>(&packet[12], v6 ? 0x86dd : 0x0800);
    packet[14] = v6 ? 0x60 : 0x45;
    packet[v6 ? 20 : 23] = tcp ? 6 : 17;
    if (!v6) store_be<u32>(&packet[26], u32(0x0a000000 + random() % 4)), store_be<u32>(&packet[30], u32(0xc0a80000 + random() % 300));
    const size_t transport = v6 ? 54 : 34;
    packet.resize(std::max(packet.size(), transport + 20));
    store_be<u16>(&packet[transport], u16(1024 + random() % 60000));
    store_be<u16>(&packet[transport + 2], ports[random() % std::size(ports)]);
    packet[transport + 12] = 0x50, packet[transport + 13] = u8(random() % 8 == 0 ? 2 : 16);
  }
  return packets;
}
inline const std::vector<std::vector<u8>>& packets() {
  static const auto result = make_packets();
  return result;
}

inline std::vector<Frame> make_frames() {
  std::vector<Frame> frames;
  for (const auto& packet : packets())
    frames.push_back({.bytes = Bytes(packet.data(), packet.size()), .original_length = u32(packet.size())});
  return frames;
}

inline void peer_filter(benchmark::State& state) {
  const peer::Libpcap& peer = peer::libpcap();
  if (!peer) return state.SkipWithError("no libpcap.so.0.8");
  peer::Program program;
  constexpr int ethernet = 1, all = 262144;
  if (peer.compile(peer.open_dead(ethernet, all), &program, filters()[size_t(state.range(0))].c_str(), 1, 0) != 0)
    return state.SkipWithError("does not compile");
  u32 matches = 0;
  for (auto _ : state)
    for (const auto& packet : packets())
      matches += peer.filter(program.instructions, packet.data(), unsigned(packet.size()), unsigned(packet.size())) != 0;
  benchmark::DoNotOptimize(matches);
  state.SetItemsProcessed(state.iterations() * i64(packets().size()));
  state.SetLabel('(' + std::to_string(program.length) + ')');
  peer.free_code(&program);
}

}  // namespace trawl::bench
