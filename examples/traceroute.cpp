// SPDX-License-Identifier: Apache-2.0 OR MIT
// The routers on the way to a host: all hop limits are tried at once.
#include <cstring>

#include "ends.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 3, "INTERFACE GATEWAY HOST [icmp|udp]");
  const Ipv4Address gateway = must_be_ipv4(argv[2]), host = must_be_ipv4(argv[3]);
  const bool udp = argc > 4 && std::strcmp(argv[4], "udp") == 0;
  const u8 most_hops = 30;

  Exchange exchange = must(Exchange::open(argv[1], {.retries = 1, .pace = std::chrono::milliseconds(5)}));
  const Ends ours = ends_of(exchange);
  const Ethernet ethernet{Ethernet::dst = resolve(exchange, ours, gateway), Ethernet::src = ours.mac};
  std::vector<Packet> probes;
  for (u8 ttl = 1; ttl <= most_hops; ++ttl) {
    const Ipv4 ip{Ipv4::src = ours.ipv4, Ipv4::dst = host, Ipv4::ttl = ttl, Ipv4::id = ttl};
    if (udp) probes.emplace_back(ethernet / ip / Udp{Udp::src_port = 33000, Udp::dst_port = u16(33433 + ttl)});
    else probes.emplace_back(ethernet / ip / Icmp{Icmp::type = wire::IcmpType::echo}.with(Icmp::id = 1, Icmp::sequence = u16(ttl)));
  }

  const Exchanged result = exchange.run(probes);
  for (u32 hop = 0; hop < most_hops; ++hop) {
    const Answered* answer = nullptr;
    for (const Answered& one : result.answered)
      if (one.request == hop) answer = &one;
    if (!answer) {
      std::printf("%u *\n", hop + 1);
      continue;
    }
    const Ipv4Address router = answer->packet()[Ipv4::src];
    std::printf("%u %s %.3f ms\n", hop + 1, std::string(text(router)).c_str(), double(answer->round_trip().count()) / 1e6);
    if (router == host) break;
  }
}
