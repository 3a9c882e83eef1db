// SPDX-License-Identifier: Apache-2.0 OR MIT
// Promises: decoding to layer 4 costs at most 1.3 times what a decoder written by hand costs, cache-hot, and a fifth of
// libtins; composing a packet costs a quarter of libtins; the checksum runs at 0.8 of the speed of reading memory.
#include <benchmark/benchmark.h>
#include <tins/tins.h>
#include <tins/utils/checksum_utils.h>

#include <random>
#include <vector>

#include "trawl/core/checksum.hpp"
#include "trawl/dissect/dissection.hpp"
#include "trawl/wire/stack.hpp"

using namespace trawl;
using namespace trawl::wire;
using namespace trawl::literals;

namespace {

// ---- a thousand packets of four kinds in random order, about 120 KB

struct Packets {
  std::vector<std::vector<u8>> bytes;
  std::vector<Frame> frames;
};
template <class L> std::vector<u8> bytes_of(const L& layers) {
  std::vector<u8> buffer(size_of(layers));
  (void)compose(layers, buffer);
  return buffer;
}
Packets make_packets(unsigned kinds) {
  std::mt19937 random(1);
  Packets p;
  static const u8 data[400] = {};
  for (int i = 0; i < 1000; ++i) {
    const Payload payload(Bytes(data, random() % 200));
    const auto port = u16(1024 + random() % 60000);
    const Ethernet eth{Ethernet::dst = "02:00:00:00:00:02"_mac};
    const Ipv4 ip{Ipv4::src = "192.0.2.1"_ip4, Ipv4::dst = "192.0.2.2"_ip4};
    const Ipv6 ip6{Ipv6::src = "2001:db8::1"_ip6};
    switch (random() % kinds) {
      case 0:
        p.bytes.push_back(bytes_of(eth / ip / Tcp{Tcp::src_port = port, Tcp::dst_port = 443, Tcp::flags = Tcp::Flag::ack} / payload));
        break;
      case 1: p.bytes.push_back(bytes_of(eth / ip / Udp{Udp::src_port = port, Udp::dst_port = 9999} / payload)); break;
      case 2: p.bytes.push_back(bytes_of(eth / Vlan{Vlan::id = 7} / ip / Tcp{Tcp::dst_port = port} / payload)); break;
      default: p.bytes.push_back(bytes_of(eth / ip6 / Tcp{Tcp::src_port = port, Tcp::dst_port = 443} / payload)); break;
    }
  }
  for (const auto& b : p.bytes) {
    Frame f;
    f.bytes = std::span<const u8>(b);
    f.original_length = u32(b.size());
    p.frames.push_back(f);
  }
  return p;
}

// ---- the decoder by hand: checks the same, keeps offsets

struct ByHand {
  u16 net, transport, payload, end;
  u8 net_kind, transport_kind, tags, protocol;
  bool fragment;
};
[[gnu::noinline]] void decode_by_hand(const u8* p, u32 n, ByHand& v) {
  v = {};
  if (n < 14) return;
  u32 at = 14;
  u16 type = load_be<u16>(p + 12);
  while ((type == 0x8100 || type == 0x88a8 || type == 0x9100) && at + 4 <= n) type = load_be<u16>(p + at + 2), at += 4, ++v.tags;
  v.net = u16(at);
  u32 end = n;
  u8 protocol = 0;
  if (type == 0x0800) {
    if (at + 20 > n || p[at] >> 4 != 4) return;
    const u32 header = (p[at] & 15u) * 4, total = load_be<u16>(p + at + 2);
    if (header < 20 || at + header > n || (total && total < header)) return;
    v.net_kind = 4;
    if (total && at + total < end) end = at + total;
    const u16 fragment = load_be<u16>(p + at + 6);
    v.fragment = fragment & 0x3fff, protocol = p[at + 9], at += header;
    if (fragment & 0x1fff) return;
  } else if (type == 0x86dd) {
    if (at + 40 > n || p[at] >> 4 != 6) return;
    v.net_kind = 6;
    const u32 length = load_be<u16>(p + at + 4);
    if (length && at + 40 + length < end) end = at + 40 + length;
    protocol = p[at + 6], at += 40;
  } else {
    return;
  }
  v.protocol = protocol, v.transport = u16(at), v.end = u16(end);
  if (protocol == 6) {
    if (at + 20 > end) return;
    const u32 header = (p[at + 12] >> 4) * 4u;
    if (header < 20 || at + header > end) return;
    v.transport_kind = 6, v.payload = u16(at + header);
  } else if (protocol == 17) {
    if (at + 8 > end) return;
    v.transport_kind = 17, v.payload = u16(at + 8);
  }
}

void decode_ours(benchmark::State& state) {
  const Packets p = make_packets(unsigned(state.range(0)));
  u64 sum = 0;
  for (auto _ : state)
    for (const Frame& f : p.frames) {
      const Dissection d = dissect(f);
      sum += d.layers[d.count - 1].offset;
    }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * i64(p.frames.size()));
}
void decode_hand(benchmark::State& state) {
  const Packets p = make_packets(unsigned(state.range(0)));
  u64 sum = 0;
  for (auto _ : state)
    for (const Frame& f : p.frames) {
      ByHand v;
      decode_by_hand(f.bytes.data, u32(f.bytes.size), v);
      sum += v.transport;
    }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * i64(p.frames.size()));
}
void decode_libtins(benchmark::State& state) {
  const Packets p = make_packets(unsigned(state.range(0)));
  u64 sum = 0;
  for (auto _ : state)
    for (const auto& b : p.bytes) {
      Tins::EthernetII eth(b.data(), u32(b.size()));
      if (const auto* tcp = eth.find_pdu<Tins::TCP>()) sum += tcp->dport();
      else if (const auto* udp = eth.find_pdu<Tins::UDP>()) sum += udp->dport();
    }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * i64(p.bytes.size()));
}
BENCHMARK(decode_ours)->Arg(1)->Arg(4);
BENCHMARK(decode_hand)->Arg(1)->Arg(4);
BENCHMARK(decode_libtins)->Arg(1)->Arg(4);

// ---- Ethernet / IPv4 / TCP / 64 bytes, both sums

const u8 payload64[64] = {1, 2, 3};

void compose_ours(benchmark::State& state) {
  alignas(64) u8 buffer[256];
  u32 i = 0;
  for (auto _ : state) {
    ++i;
    const auto n = compose(Ethernet{Ethernet::dst = "02:00:00:00:00:02"_mac, Ethernet::src = "02:00:00:00:00:01"_mac} /
                               Ipv4{Ipv4::src = "10.0.0.1"_ip4, Ipv4::dst = "10.0.0.2"_ip4, Ipv4::id = u16(i)} /
                               Tcp{Tcp::src_port = 1234, Tcp::dst_port = 80, Tcp::seq = i, Tcp::flags = Tcp::Flag::ack} /
                               Payload{Bytes(payload64, 64)},
                           buffer);
    benchmark::DoNotOptimize(n);
    benchmark::ClobberMemory();
  }
}
void compose_libtins(benchmark::State& state) {
  u32 i = 0;
  const Tins::HWAddress<6> dst("02:00:00:00:00:02"), src("02:00:00:00:00:01");
  const Tins::IPv4Address to("10.0.0.2"), from("10.0.0.1");
  for (auto _ : state) {
    ++i;
    Tins::IP ip(to, from);
    ip.id(u16(i));
    Tins::TCP tcp(80, 1234);
    tcp.seq(i);
    tcp.flags(Tins::TCP::ACK);
    Tins::EthernetII eth = Tins::EthernetII(dst, src) / ip / tcp / Tins::RawPDU(payload64, 64);
    auto bytes = eth.serialize();
    benchmark::DoNotOptimize(bytes.data());
  }
}
/// Copies a finished packet, writes another sequence number, and updates the sum.
void stamp_ours(benchmark::State& state) {
  const auto model = bytes_of(Ethernet{} / Ipv4{} / Tcp{Tcp::dst_port = 80} / Payload{Bytes(payload64, 64)});
  const u16 sum = load_be<u16>(model.data() + 50);
  alignas(64) u8 buffer[256];
  u32 i = 0;
  for (auto _ : state) {
    ++i;
    copy_bytes(buffer, model.data(), model.size());
    const Edit<Tcp> tcp = Edit<Tcp>::of(std::span<u8>(buffer).subspan(34, 20));
    tcp[Tcp::seq] = i;
    tcp[Tcp::checksum] = updated_checksum(sum, 0, i);
    benchmark::DoNotOptimize(buffer);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(compose_ours);
BENCHMARK(compose_libtins);
BENCHMARK(stamp_ours);

// ---- sums

void checksum_ours(benchmark::State& state) {
  const std::vector<u8> b(size_t(state.range(0)), 0xa5);
  for (auto _ : state) {
    benchmark::DoNotOptimize(b.data());
    benchmark::DoNotOptimize(internet_checksum(std::span<const u8>(b)));
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
void checksum_libtins(benchmark::State& state) {
  const std::vector<u8> b(size_t(state.range(0)), 0xa5);
  for (auto _ : state) {
    benchmark::DoNotOptimize(b.data());
    benchmark::DoNotOptimize(Tins::Utils::sum_range(b.data(), b.data() + b.size()));
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
/// Reads every byte, eight at a time, and adds what it reads.
void read_memory(benchmark::State& state) {
  const std::vector<u8> b(size_t(state.range(0)), 0xa5);
  for (auto _ : state) {
    benchmark::DoNotOptimize(b.data());
    u64 s[4] = {};
    for (size_t i = 0; i + 32 <= b.size(); i += 32)
      for (int k = 0; k < 4; ++k) {
        u64 w;
        __builtin_memcpy(&w, b.data() + i + 8 * k, 8);
        s[k] += w;
      }
    benchmark::DoNotOptimize(s[0] + s[1] + s[2] + s[3]);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(checksum_ours)->Arg(20)->Arg(64)->Arg(1460);
BENCHMARK(checksum_libtins)->Arg(1460);
BENCHMARK(read_memory)->Arg(1460);

}  // namespace

BENCHMARK_MAIN();
