// SPDX-License-Identifier: Apache-2.0 OR MIT
// Sends three UDP packets that it makes itself.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main(int argc, char** argv) {
  must_have(argc, argv, 1, "INTERFACE");
  Sender sender = must(Sender::open(argv[1]));
  for (u16 port = 9001; port <= 9003; ++port) {
    const Packet packet(Ethernet{} / Ipv4{Ipv4::src = "192.0.2.1"_ip4, Ipv4::dst = "192.0.2.255"_ip4} /
                        Udp{Udp::src_port = 9, Udp::dst_port = port} / Payload{"hello"});
    must(sender.send(packet.bytes()));
  }
  const SenderStatistics counted = sender.statistics();
  must_hold(counted.packets == 3 && counted.failed == 0, "the kernel took them all");
  must(sender.close());
}
