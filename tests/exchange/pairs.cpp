// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "exchange/pairs.hpp"

namespace trawl::testing_exchange {
namespace {

using Flag = Tcp::Flag;
constexpr auto reply = AnswerKind::reply, error = AnswerKind::error;
constexpr std::optional<AnswerKind> none;
constexpr MacAddress our_mac{{{2, 0, 0, 0, 0, 1}}}, their_mac{{{2, 0, 0, 0, 0, 7}}};
constexpr auto group = "224.0.0.251"_ip4, other = "203.0.113.9"_ip4, nobody = "0.0.0.0"_ip4, everyone = "255.255.255.255"_ip4;
constexpr auto nodes6 = "ff02::1"_ip6, solicited6 = "ff02::1:ff00:7"_ip6, nobody6 = "::"_ip6, other6 = "2001:db8::99"_ip6;

using List = std::vector<Pair>;

Packet arp(u16 operation, MacAddress src_mac, Ipv4Address src, MacAddress dst_mac, Ipv4Address dst) {
  return Packet(Ethernet{} / Arp{Arp::operation = operation}.with(Arp::src_mac = src_mac, Arp::src_ipv4 = src, Arp::dst_mac = dst_mac,
                                                                  Arp::dst_ipv4 = dst));
}

void add_arp(List& list) {
  const Packet request = arp(1, our_mac, ours, {}, theirs);
  list.push_back({"ARP reply", request, arp(2, their_mac, theirs, our_mac, ours), reply});
  list.push_back({"ARP reply about another address", request, arp(2, their_mac, router, our_mac, ours), none});
  list.push_back({"ARP reply to another host", request, arp(2, their_mac, theirs, their_mac, router), none});
  list.push_back({"ARP reply to our address at another MAC address", request, arp(2, their_mac, theirs, their_mac, ours), none});
  list.push_back({"ARP request of theirs", request, arp(1, their_mac, theirs, our_mac, ours), none});
  list.push_back({"ARP request come back", request, request, none});
  list.push_back({"ARP probe", arp(1, our_mac, nobody, {}, theirs), arp(2, their_mac, theirs, our_mac, nobody), reply});
  list.push_back({"reverse ARP", arp(3, our_mac, nobody, our_mac, nobody), arp(4, their_mac, theirs, our_mac, ours), reply});
  list.push_back({"reverse ARP for another", arp(3, our_mac, nobody, our_mac, nobody), arp(4, their_mac, theirs, their_mac, ours), none});
}

auto echo(IcmpType type, u16 id, u16 sequence) { return Icmp{Icmp::type = type}.with(Icmp::id = id, Icmp::sequence = sequence); }
auto echo6(Icmpv6Type type, u16 id, u16 sequence) { return Icmpv6{Icmpv6::type = type}.with(Icmpv6::id = id, Icmpv6::sequence = sequence); }

void add_echo(List& list) {
  const auto ping = IcmpType::echo, pong = IcmpType::echo_reply;
  const Packet request = ip(ours, theirs, {}, echo(ping, 7, 1));
  list.push_back({"echo reply", request, ip(theirs, ours, {}, echo(pong, 7, 1), Payload{"behind"}), reply});
  list.push_back({"echo reply with another sequence number", request, ip(theirs, ours, {}, echo(pong, 7, 2)), none});
  list.push_back({"echo reply with another identifier", request, ip(theirs, ours, {}, echo(pong, 8, 1)), none});
  list.push_back({"echo reply of another host", request, ip(router, ours, {}, echo(pong, 7, 1)), none});
  list.push_back({"echo reply to another host", request, ip(theirs, router, {}, echo(pong, 7, 1)), none});
  list.push_back({"echo request of theirs", request, ip(theirs, ours, {}, echo(ping, 7, 1)), none});
  list.push_back(
      {"timestamp reply to an echo", request, ip(theirs, ours, {}, Icmp{Icmp::type = 14}.with(Icmp::id = 7, Icmp::sequence = 1)), none});
  list.push_back({"timestamp reply", ip(ours, theirs, {}, Icmp{Icmp::type = 13}.with(Icmp::id = 7, Icmp::sequence = 1)),
                  ip(theirs, ours, {}, Icmp{Icmp::type = 14}.with(Icmp::id = 7, Icmp::sequence = 1)), reply});
  list.push_back(
      {"echo reply of a member of a group", ip(ours, group, {}, echo(ping, 7, 1)), ip(theirs, ours, {}, echo(pong, 7, 1)), reply});
  list.push_back({"echo reply after a broadcast", ip(ours, everyone, {}, echo(ping, 7, 1)), ip(theirs, ours, {}, echo(pong, 7, 1)), reply});
  list.push_back({"echo reply to a reply", ip(ours, theirs, {}, echo(pong, 7, 1)), ip(theirs, ours, {}, echo(pong, 7, 1)), none});

  const Packet request6 = ip6(ours6, theirs6, echo6(Icmpv6Type::echo_request, 7, 1));
  list.push_back({"echo reply over IPv6", request6, ip6(theirs6, ours6, echo6(Icmpv6Type::echo_reply, 7, 1)), reply});
  list.push_back({"echo reply over IPv6 of another sequence", request6, ip6(theirs6, ours6, echo6(Icmpv6Type::echo_reply, 7, 2)), none});
  list.push_back({"echo reply over IPv6 of another host", request6, ip6(other6, ours6, echo6(Icmpv6Type::echo_reply, 7, 1)), none});
  list.push_back({"echo reply over IPv6 from a group", ip6(ours6, nodes6, echo6(Icmpv6Type::echo_request, 7, 1)),
                  ip6(other6, ours6, echo6(Icmpv6Type::echo_reply, 7, 1)), reply});
}

void add_neighbors(List& list) {
  const auto ask = [](Ipv6Address from, Ipv6Address to) {
    return ip6(from, to, Icmpv6{Icmpv6::type = Icmpv6Type::neighbor_solicitation}.with(Icmpv6::ns_target = theirs6));
  };
  const auto tell = [](Ipv6Address from, Ipv6Address to, Ipv6Address target) {
    return ip6(from, to, Icmpv6{Icmpv6::type = Icmpv6Type::neighbor_advertisement}.with(Icmpv6::na_target = target));
  };
  list.push_back({"neighbor advertisement", ask(ours6, solicited6), tell(theirs6, ours6, theirs6), reply});
  list.push_back({"neighbor advertisement from another address", ask(ours6, solicited6), tell(other6, ours6, theirs6), reply});
  list.push_back({"neighbor advertisement for another target", ask(ours6, solicited6), tell(other6, ours6, other6), none});
  list.push_back({"neighbor advertisement to another host", ask(ours6, solicited6), tell(theirs6, other6, theirs6), none});
  list.push_back({"neighbor advertisement to a unicast solicitation", ask(ours6, theirs6), tell(theirs6, ours6, theirs6), reply});
  list.push_back({"neighbor advertisement of another to a unicast solicitation", ask(ours6, theirs6), tell(other6, ours6, theirs6), none});
  list.push_back(
      {"neighbor advertisement after duplicate address detection", ask(nobody6, solicited6), tell(theirs6, nodes6, theirs6), reply});
  const auto router_message = [](Icmpv6Type type) { return Icmpv6{Icmpv6::type = type}.with(); };
  list.push_back({"router advertisement", ip6(ours6, "ff02::2"_ip6, router_message(Icmpv6Type::router_solicitation)),
                  ip6(router6, nodes6, router_message(Icmpv6Type::router_advertisement)), reply});
}

Packet tcp(Ipv4Address src, Ipv4Address dst, u16 from, u16 to, u16 flags, u32 seq, u32 ack, Bytes payload = {}) {
  return ip(src, dst, {}, Tcp{Tcp::src_port = from, Tcp::dst_port = to, Tcp::flags = flags, Tcp::seq = seq, Tcp::ack = ack},
            Payload{payload});
}
Packet theirs_to_us(u16 flags, u32 seq, u32 ack, u16 from = 80, u16 to = 4000) { return tcp(theirs, ours, from, to, flags, seq, ack); }

void add_tcp(List& list) {
  const Packet syn = tcp(ours, theirs, 4000, 80, Flag::syn, 1000, 0);
  list.push_back({"SYN+ACK", syn, theirs_to_us(Flag::syn | Flag::ack, 5, 1001), reply});
  list.push_back({"RST+ACK", syn, theirs_to_us(Flag::rst | Flag::ack, 0, 1001), reply});
  list.push_back({"SYN+ACK of another number", syn, theirs_to_us(Flag::syn | Flag::ack, 5, 1002), none});
  list.push_back({"SYN+ACK of an old number", syn, theirs_to_us(Flag::syn | Flag::ack, 5, 1000), none});
  list.push_back({"SYN+ACK from another port", syn, theirs_to_us(Flag::syn | Flag::ack, 5, 1001, 81), none});
  list.push_back({"SYN+ACK to another port", syn, theirs_to_us(Flag::syn | Flag::ack, 5, 1001, 80, 4001), none});
  list.push_back({"SYN+ACK with the ports as they were", syn, theirs_to_us(Flag::syn | Flag::ack, 5, 1001, 4000, 80), none});
  list.push_back({"SYN+ACK of another host", syn, tcp(router, ours, 80, 4000, Flag::syn | Flag::ack, 5, 1001), none});
  list.push_back({"SYN to a SYN", syn, theirs_to_us(Flag::syn, 5, 0), none});
  list.push_back({"UDP to a SYN", syn, ip(theirs, ours, {}, Udp{Udp::src_port = 80, Udp::dst_port = 4000}), none});
  list.push_back({"SYN+ACK around the end of numbers", tcp(ours, theirs, 4000, 80, Flag::syn, 0xffffffff, 0),
                  theirs_to_us(Flag::syn | Flag::ack, 5, 0), reply});

  const Packet data = tcp(ours, theirs, 4000, 80, Flag::ack | Flag::psh, 1000, 5, Bytes::of("request"));
  list.push_back({"ACK of data", data, theirs_to_us(Flag::ack, 5, 1007), reply});
  list.push_back({"ACK of a part of the data", data, theirs_to_us(Flag::ack, 5, 1003), reply});
  list.push_back({"ACK of what was before the data", data, theirs_to_us(Flag::ack, 5, 1000), none});
  list.push_back({"ACK of more than there was", data, theirs_to_us(Flag::ack, 5, 1008), none});
  list.push_back({"RST at the number acknowledged", data, theirs_to_us(Flag::rst, 5, 0), reply});
  list.push_back({"RST at another number", data, theirs_to_us(Flag::rst, 6, 0), none});
  list.push_back({"SYN+ACK to data", data, theirs_to_us(Flag::syn | Flag::ack, 4, 1000), none});
  list.push_back({"RST to an ACK without data", tcp(ours, theirs, 4000, 80, Flag::ack, 1000, 5), theirs_to_us(Flag::rst, 5, 0), reply});
  list.push_back(
      {"RST+ACK to a FIN", tcp(ours, theirs, 4000, 80, Flag::fin, 1000, 0), theirs_to_us(Flag::rst | Flag::ack, 0, 1001), reply});
  list.push_back({"RST+ACK to no flags", tcp(ours, theirs, 4000, 80, 0, 1000, 0), theirs_to_us(Flag::rst | Flag::ack, 0, 1000), reply});
  list.push_back({"RST+ACK to a RST", tcp(ours, theirs, 4000, 80, Flag::rst, 1000, 0), theirs_to_us(Flag::rst | Flag::ack, 0, 1000), none});
  const auto over6 = [](Ipv6Address src, Ipv6Address dst, u16 from, u16 to, u16 flags, u32 ack) {
    return ip6(src, dst, Tcp{Tcp::src_port = from, Tcp::dst_port = to, Tcp::flags = flags, Tcp::seq = 1000u, Tcp::ack = ack});
  };
  list.push_back({"SYN+ACK over IPv6", over6(ours6, theirs6, 4000, 80, Flag::syn, 0),
                  over6(theirs6, ours6, 80, 4000, Flag::syn | Flag::ack, 1001), reply});
}

auto query(u16 id, bool response, u16 type = DnsType::a) {
  return Dns{Dns::id = id, Dns::response = response}.with(
      Dns::questions(DnsQuestion{}.with(DnsQuestion::owner = "www.example.org", DnsQuestion::type = type, DnsQuestion::dns_class = 1)));
}
auto udp(u16 from, u16 to) { return Udp{Udp::src_port = from, Udp::dst_port = to}; }

void add_udp(List& list) {
  const Packet datagram = ip(ours, theirs, {}, udp(4000, 9000), Payload{"hello"});
  list.push_back({"UDP back", datagram, ip(theirs, ours, {}, udp(9000, 4000), Payload{"anything"}), reply});
  list.push_back({"UDP from another port", datagram, ip(theirs, ours, {}, udp(9001, 4000)), none});
  list.push_back({"UDP to another port", datagram, ip(theirs, ours, {}, udp(9000, 4001)), none});
  list.push_back({"UDP of another host", datagram, ip(other, ours, {}, udp(9000, 4000)), none});
  list.push_back({"UDP from nobody to everyone", ip(nobody, everyone, {}, udp(68, 67)), ip(router, ours, {}, udp(67, 68)), reply});

  const Packet ask = ip(ours, theirs, {}, udp(4000, 53), query(7, false));
  list.push_back({"DNS answer", ask, ip(theirs, ours, {}, udp(53, 4000), query(7, true)), reply});
  list.push_back({"DNS answer of another id", ask, ip(theirs, ours, {}, udp(53, 4000), query(8, true)), none});
  list.push_back({"DNS answer to another question", ask, ip(theirs, ours, {}, udp(53, 4000), query(7, true, DnsType::aaaa)), none});
  list.push_back(
      {"DNS answer without the question", ask, ip(theirs, ours, {}, udp(53, 4000), Dns{Dns::id = 7, Dns::response = true}), reply});
  list.push_back({"DNS query of theirs", ask, ip(theirs, ours, {}, udp(53, 4000), query(7, false)), none});
  list.push_back({"DNS answer to another port", ask, ip(theirs, ours, {}, udp(53, 4001), query(7, true)), none});
  const Packet capitals = ip(theirs, ours, {}, udp(53, 4000),
                             Dns{Dns::id = 7, Dns::response = true}.with(Dns::questions(DnsQuestion{}.with(
                                 DnsQuestion::owner = "WWW.Example.ORG", DnsQuestion::type = DnsType::a, DnsQuestion::dns_class = 1))));
  list.push_back({"DNS answer in other letters", ask, capitals, reply});
  list.push_back({"DNS answer over IPv6", ip6(ours6, theirs6, udp(4000, 53), query(7, false)),
                  ip6(theirs6, ours6, udp(53, 4000), query(7, true)), reply});
}

Packet unreachable6(const Packet& of, size_t most) {
  return ip6(router6, ours6, Icmpv6{Icmpv6::type = 1, Icmpv6::code = 4}.with(), Payload{quote(of, most)});
}

void add_errors(List& list) {
  const Packet datagram = ip(ours, theirs, {.id = 700}, udp(4000, 9000), Payload{"hello"});
  const auto unreachable = [](const Packet& of) {
    return ip(theirs, ours, {}, Icmp{Icmp::type = 3, Icmp::code = 3}.with(Icmp::unused = 0, Icmp::mtu = 0), Payload{quote(of)});
  };
  list.push_back({"time exceeded", datagram, time_exceeded(datagram), error});
  list.push_back({"port unreachable", datagram, unreachable(datagram), error});
  list.push_back({"time exceeded that quotes everything", datagram, time_exceeded(datagram, 1000), error});
  list.push_back({"time exceeded about another port", datagram, time_exceeded(ip(ours, theirs, {.id = 700}, udp(4000, 9001))), none});
  list.push_back({"time exceeded about another host", datagram, time_exceeded(ip(ours, other, {.id = 700}, udp(4000, 9000))), none});
  list.push_back(
      {"time exceeded about what another host sent", datagram, time_exceeded(ip(other, theirs, {.id = 700}, udp(4000, 9000))), none});
  list.push_back({"time exceeded about TCP with these ports", datagram, time_exceeded(tcp(ours, theirs, 4000, 9000, 0, 0, 0)), none});
  list.push_back({"time exceeded sent to another host", datagram, time_exceeded(datagram, 28, other), none});
  list.push_back(
      {"time exceeded about a datagram of another number", datagram, time_exceeded(ip(ours, theirs, {.id = 701}, udp(4000, 9000))), error});

  const Packet syn = tcp(ours, theirs, 4000, 80, Flag::syn, 1000, 0);
  list.push_back({"time exceeded about a SYN", syn, time_exceeded(syn), error});
  list.push_back(
      {"time exceeded about a SYN with another number", syn, time_exceeded(tcp(ours, theirs, 4000, 80, Flag::syn, 1001, 0)), none});
  const Packet rst = tcp(ours, theirs, 4000, 80, Flag::rst, 1000, 0);
  list.push_back({"time exceeded about a RST", rst, time_exceeded(rst), error});
  const Packet ping = ip(ours, theirs, {}, echo(IcmpType::echo, 7, 1), Payload{"abc"});
  list.push_back({"time exceeded about an echo", ping, time_exceeded(ping), error});
  list.push_back({"time exceeded about the next echo", ping, time_exceeded(ip(ours, theirs, {}, echo(IcmpType::echo, 7, 2))), none});
  list.push_back({"time exceeded about an echo reply", ping, time_exceeded(ip(ours, theirs, {}, echo(IcmpType::echo_reply, 7, 1))), none});
  const Packet timestamp = ip(ours, theirs, {}, Icmp{Icmp::type = 13}.with(Icmp::id = 7, Icmp::sequence = 1));
  list.push_back({"time exceeded about a timestamp request, cut in its middle", timestamp, time_exceeded(timestamp), error});
  const Packet ask = ip(ours, theirs, {}, udp(4000, 53), query(7, false));
  list.push_back({"port unreachable about DNS", ask, unreachable(ask), error});

  const Packet datagram6 = ip6(ours6, theirs6, udp(4000, 9000), Payload{"hello"});
  list.push_back({"unreachable over IPv6", datagram6, unreachable6(datagram6, 1232), error});
  list.push_back({"unreachable over IPv6 with eight bytes of UDP", datagram6, unreachable6(datagram6, 48), error});
  list.push_back({"unreachable over IPv6 about another port", datagram6, unreachable6(ip6(ours6, theirs6, udp(4000, 9001)), 1232), none});
  const Packet solicitation =
      ip6(ours6, solicited6, Icmpv6{Icmpv6::type = Icmpv6Type::neighbor_solicitation}.with(Icmpv6::ns_target = theirs6));
  list.push_back({"unreachable about a solicitation", solicitation, unreachable6(solicitation, 1232), error});
}

Packet tagged(u16 id, Ipv4Address src, Ipv4Address dst, IcmpType type) {
  return Packet(Ethernet{} / Vlan{Vlan::id = id} / Ipv4{Ipv4::src = src, Ipv4::dst = dst} / echo(type, 7, 1));
}

void add_layers(List& list) {
  const Packet request = tagged(5, ours, theirs, IcmpType::echo);
  list.push_back({"echo reply in the same VLAN", request, tagged(5, theirs, ours, IcmpType::echo_reply), reply});
  list.push_back({"echo reply in another VLAN", request, tagged(6, theirs, ours, IcmpType::echo_reply), none});
  list.push_back({"echo reply outside of the VLAN", request, ip(theirs, ours, {}, echo(IcmpType::echo_reply, 7, 1)), none});
  list.push_back({"echo reply with a tag for its priority", ip(ours, theirs, {}, echo(IcmpType::echo, 7, 1)),
                  tagged(0, theirs, ours, IcmpType::echo_reply), reply});
  const auto inside = [](Ipv4Address src, Ipv4Address dst, IcmpType type) {
    const auto inner = src == ours ? Ipv4{Ipv4::src = router, Ipv4::dst = other} : Ipv4{Ipv4::src = other, Ipv4::dst = router};
    return Packet(Ethernet{} / Ipv4{Ipv4::src = src, Ipv4::dst = dst} / Gre{} / inner / echo(type, 7, 1));
  };
  list.push_back({"echo reply in a tunnel", inside(ours, theirs, IcmpType::echo), inside(theirs, ours, IcmpType::echo_reply), reply});
  list.push_back({"echo reply beside the tunnel", inside(ours, theirs, IcmpType::echo),
                  ip(other, router, {}, echo(IcmpType::echo_reply, 7, 1)), none});

  const auto unknown = [](Ipv4Address src, Ipv4Address dst, u8 protocol) {
    return Packet(Ethernet{} / Ipv4{Ipv4::src = src, Ipv4::dst = dst, Ipv4::protocol = protocol} / Payload{"nobody knows"});
  };
  list.push_back({"an unknown protocol back", unknown(ours, theirs, 99), unknown(theirs, ours, 99), reply});
  list.push_back({"another unknown protocol back", unknown(ours, theirs, 99), unknown(theirs, ours, 98), none});
  list.push_back({"UDP to an unknown protocol", unknown(ours, theirs, 99), ip(theirs, ours, {}, udp(1, 2)), none});
}

}  // namespace

const std::vector<Pair>& pairs() {
  static const List all = [] {
    List list;
    add_echo(list), add_arp(list), add_neighbors(list), add_tcp(list), add_udp(list), add_errors(list), add_layers(list);
    return list;
  }();
  return all;
}

}  // namespace trawl::testing_exchange
