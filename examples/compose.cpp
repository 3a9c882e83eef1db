// SPDX-License-Identifier: Apache-2.0 OR MIT
// Puts layers together with /, and takes them out by index.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main() {
  Packet packet(Ethernet{} / Ipv4{Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4} / Udp{} / Payload{"hello"});
  packet[Udp::src_port] = 10001;
  packet[Udp::dst_port] = 9;
  packet.update_checksums();

  // What nobody said was computed: lengths, next protocols, sums.
  must_hold(packet[Ethernet::type] == 0x0800, "Ethernet says that IPv4 follows");
  must_hold(packet[Ipv4::length] == 20 + 8 + 5, "IPv4 counts itself and what it carries");
  must_hold(packet[Udp::length] == 8 + 5, "UDP too");

  // The second IPv4 header of a tunnel, options, and a field that is a number space: they read as integers.
  Packet tunnel(
      Ethernet{} / Ipv4{} / Gre{}.with(Gre::key = 7u) / Ipv4{Ipv4::ttl = 3} /
      Tcp{Tcp::dst_port = 80, Tcp::flags = Tcp::Flag::syn}.with(Tcp::options(wire::Mss{wire::Mss::value = 1460}, wire::SackPermitted{})));
  must_hold(tunnel.find<Ipv4>(1)[Ipv4::ttl] == 3, "layers are counted from outside, from 0");
  must_hold(tunnel.find<Gre>()[Gre::key] == 7u, "a field that may be absent is an optional");
  must_hold(wire::find<wire::Mss>(tunnel.find<Tcp>()[Tcp::options])[wire::Mss::value] == 1460, "options are found by their type");

  std::string text;
  for (const Packet* one : {&packet, &tunnel}) append_tree(text, one->frame(), one->layers(), {});
  std::fputs(text.c_str(), stdout);
}
