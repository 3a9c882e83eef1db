// SPDX-License-Identifier: Apache-2.0 OR MIT
// Asks TCP ports of a host whether somebody listens.
#include "ends.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 4, "INTERFACE GATEWAY HOST PORT...");
  const Ipv4Address gateway = must_be_ipv4(argv[2]), host = must_be_ipv4(argv[3]);
  Exchange exchange = must(Exchange::open(argv[1], {.timeout = std::chrono::milliseconds(500), .retries = 1}));
  const Ends ours = ends_of(exchange);
  const Ethernet ethernet{Ethernet::dst = resolve(exchange, ours, gateway), Ethernet::src = ours.mac};

  std::vector<Packet> probes;
  for (int i = 4; i < argc; ++i)
    probes.emplace_back(ethernet / Ipv4{Ipv4::src = ours.ipv4, Ipv4::dst = host} /
                        Tcp{Tcp::src_port = 40000, Tcp::dst_port = u16(std::atoi(argv[i])), Tcp::seq = 1000u, Tcp::flags = Tcp::Flag::syn});
  const Exchanged result = exchange.run(probes);
  for (const Answered& one : result.answered) {
    const Packet packet = one.packet();
    const bool open = one.kind == AnswerKind::reply && packet.find<Tcp>()[Tcp::syn];
    std::printf("%s %s\n", argv[4 + one.request], open ? "open" : one.kind == AnswerKind::reply ? "closed" : "unreachable");
  }
  for (const u32 silent : result.unanswered) std::printf("%s no answer\n", argv[4 + silent]);
}
