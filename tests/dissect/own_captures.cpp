// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "dissect/own_captures.hpp"

#include "trawl/wire/stack.hpp"
#include "trawl/wire/standard.hpp"

namespace trawl::test {
namespace {

using namespace wire;
using namespace literals;

template <class L> std::vector<u8> bytes_of(const L& layers) {
  std::vector<u8> bytes(size_of(layers));
  if (!compose(layers, bytes)) bytes.clear();
  return bytes;
}
template <class... L> std::vector<std::vector<u8>> packets(const L&... layers) { return {bytes_of(layers)...}; }

constexpr Ethernet ethernet{Ethernet::dst = "00:00:5e:00:53:01"_mac, Ethernet::src = "00:00:5e:00:53:07"_mac};
constexpr Ipv4 ipv4{Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4};
constexpr Ipv6 ipv6{Ipv6::src = "2001:db8::7"_ip6, Ipv6::dst = "2001:db8::1"_ip6};

OwnCapture links_of_ethernet() {
  return {"ethernet", LinkType::ethernet,
          packets(Ethernet{} / Arp{}, ethernet / Ipv4{} / Udp{},
                  ethernet / Llc{Llc::dsap = 0x42, Llc::ssap = 0x42} /
                      Payload{"\0\0\0\0\0\x80\0\0\0\x5e\0\x53\x01\0\0\0\0\x80\0\0\0\x5e\0\x53\x01\x80\x01\0\0\x14\0\x02\0\x0f\0"},
                  ethernet / Llc{Llc::dsap = 0xaa, Llc::ssap = 0xaa}.with(Llc::oui = Octets<3>{}, Llc::type = EtherType::ipv4) / ipv4 /
                      Udp{Udp::dst_port = 9} / Payload{"snap"},
                  ethernet / Llc{Llc::dsap = 0x12, Llc::ssap = 0x12, Llc::control_first = 1}.with(Llc::control_second = 2) /
                      Payload{"supervised"})};
}
OwnCapture vlan() {
  return {
      "vlan", LinkType::ethernet,
      packets(ethernet / Vlan{} / Arp{}, ethernet / Vlan{Vlan::id = 5, Vlan::priority = 3} / ipv4 / Udp{Udp::dst_port = 9} / Payload{"tag"},
              Ethernet{} / ProviderVlan{ProviderVlan::id = 100, ProviderVlan::priority = 3} / Vlan{Vlan::id = 200, Vlan::dei = true} /
                  ipv6 / Udp{Udp::dst_port = 9} / Payload{"QinQ"},
              ethernet / Vlan{Vlan::priority = 7} / ipv4 / Udp{Udp::dst_port = 9} / Payload{"priority"},
              ethernet / ProviderVlan{ProviderVlan::id = 4095, ProviderVlan::dei = true} / ipv4 / Udp{Udp::dst_port = 9} /
                  Payload{"802.1ad alone"},
              Ethernet{Ethernet::type = EtherType::old_qinq} / Vlan{Vlan::id = 7} / Vlan{Vlan::id = 8} / ipv4 / Udp{Udp::dst_port = 9} /
                  Payload{"QinQ before 802.1ad"})};
}
OwnCapture provider_vlan() {
  constexpr ProviderVlan first{ProviderVlan::id = 100}, second{ProviderVlan::id = 200};
  return {"provider_vlan", LinkType::ethernet,
          packets(ethernet / ProviderVlan{} / Arp{}, ethernet / first / second / ipv4 / Udp{Udp::dst_port = 9} / Payload{"twice"},
                  ethernet / first / Llc{Llc::dsap = 0x12, Llc::ssap = 0x12} / Payload{"a length, not a type"})};
}
OwnCapture arp() {
  return {
      "arp", LinkType::ethernet,
      packets(Ethernet{} / Arp{},
              Ethernet{} / Arp{Arp::operation = ArpOperation::request}.with(
                               Arp::src_mac = "00:00:5e:00:53:07"_mac, Arp::src_ipv4 = "192.0.2.7"_ip4, Arp::dst_ipv4 = "192.0.2.1"_ip4),
              ethernet /
                  Arp{Arp::operation = ArpOperation::reply}.with(Arp::src_mac = "00:00:5e:00:53:01"_mac, Arp::src_ipv4 = "192.0.2.1"_ip4,
                                                                 Arp::dst_mac = "00:00:5e:00:53:07"_mac, Arp::dst_ipv4 = "192.0.2.7"_ip4))};
}
OwnCapture ipv4_options() {
  return {"ipv4_options", LinkType::ethernet,
          packets(ethernet / ipv4 / Udp{Udp::dst_port = 9},
                  ethernet / Ipv4{ipv4}.with(Ipv4::options(RouterAlert{})) / Udp{Udp::dst_port = 9} / Payload{"alert"},
                  ethernet /
                      Ipv4{ipv4}.with(Ipv4::options(Ipv4Nop{}, RecordRoute{RecordRoute::pointer = 12}.with(RecordRoute::route(
                                                                   RouteAddress{RouteAddress::address = "198.51.100.1"_ip4},
                                                                   RouteAddress{RouteAddress::address = "198.51.100.2"_ip4})))) /
                      Udp{Udp::dst_port = 9} / Payload{"route"},
                  ethernet / Ipv4{ipv4}.with(Ipv4::options(StreamId{StreamId::value = 77})) / Udp{Udp::dst_port = 9} / Payload{"stream"},
                  ethernet / Ipv4{Ipv4::id = 7, Ipv4::more_fragments = true, Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4} /
                      Udp{Udp::dst_port = 9, Udp::length = 24, Udp::checksum = 0} / Payload{"fragment"},
                  ethernet /
                      Ipv4{Ipv4::id = 7, Ipv4::fragment_offset = 2, Ipv4::protocol = IpProtocol::udp, Ipv4::src = "192.0.2.7"_ip4,
                           Ipv4::dst = "192.0.2.1"_ip4} /
                      Payload{"the rest"})};
}
OwnCapture ipv6_extensions() {
  return {
      "ipv6_extensions", LinkType::ethernet,
      packets(ethernet / ipv6 / HopByHop{}.with(HopByHop::options(PadN{}.with(PadN::zeros = "\0\0\0\0"))) / Udp{Udp::dst_port = 9},
              ethernet / ipv6 / HopByHop{}.with(HopByHop::options(Ipv6RouterAlert{}, PadN{})) / Udp{Udp::dst_port = 9} / Payload{"alert"},
              ethernet / ipv6 / DestinationOptions{}.with(DestinationOptions::options(PadN{}.with(PadN::zeros = "\0\0\0\0"))) /
                  Tcp{Tcp::dst_port = 9, Tcp::flags = Tcp::Flag::syn},
              ethernet / ipv6 /
                  Ipv6Routing{Ipv6Routing::type = 2, Ipv6Routing::segments_left = 1}.with(
                      Ipv6Routing::data = "\0\0\0\0\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09") /
                  Udp{Udp::dst_port = 9} / Payload{"routed"},
              ethernet / ipv6 / Ipv6Fragment{Ipv6Fragment::id = 99u, Ipv6Fragment::more = true} /
                  Udp{Udp::dst_port = 9, Udp::length = 24, Udp::checksum = 0xbeef} / Payload{"fragment"},
              ethernet / ipv6 /
                  AuthenticationHeader{AuthenticationHeader::spi = 1u, AuthenticationHeader::sequence = 1u}.with(AuthenticationHeader::icv =
                                                                                                                     "0123456789ab") /
                  Udp{Udp::dst_port = 9} / Payload{"signed"})};
}
OwnCapture icmp() {
  return {"icmp", LinkType::ethernet,
          packets(ethernet / ipv4 / Icmp{Icmp::type = IcmpType::echo},
                  ethernet / ipv4 / Icmp{Icmp::type = IcmpType::echo}.with(Icmp::id = 7, Icmp::sequence = 1) /
                      Payload{"abcdefghijklmnopqrstuvwabcdefghi"},
                  ethernet / ipv4 / Icmp{Icmp::type = IcmpType::echo_reply}.with(Icmp::id = 7, Icmp::sequence = 1) /
                      Payload{"abcdefghijklmnopqrstuvwabcdefghi"},
                  ethernet / ipv4 / Icmp{Icmp::type = 3, Icmp::code = 3} / Ipv4{Ipv4::src = "192.0.2.1"_ip4, Ipv4::dst = "192.0.2.7"_ip4} /
                      Udp{Udp::src_port = 9, Udp::dst_port = 40000},
                  ethernet / ipv4 / Icmp{Icmp::type = 3, Icmp::code = 4}.with(Icmp::mtu = 1280) /
                      Ipv4{Ipv4::src = "192.0.2.1"_ip4, Ipv4::dst = "192.0.2.7"_ip4} /
                      Tcp{Tcp::src_port = 80, Tcp::dst_port = 40000, Tcp::flags = Tcp::Flag::ack},
                  ethernet / ipv4 / Icmp{Icmp::type = IcmpType::timestamp}.with(Icmp::id = 1, Icmp::originate = 3600000u))};
}
OwnCapture icmpv6() {
  return {
      "icmpv6", LinkType::ethernet,
      packets(
          ethernet / ipv6 / Icmpv6{Icmpv6::type = Icmpv6Type::echo_request},
          ethernet / ipv6 /
              Icmpv6{Icmpv6::type = 135}.with(Icmpv6::ns_target = "2001:db8::1"_ip6,
                                              Icmpv6::options(SourceLinkAddress{SourceLinkAddress::address = "00:00:5e:00:53:07"_mac})),
          ethernet / ipv6 /
              Icmpv6{Icmpv6::type = 136}.with(Icmpv6::na_flags = 0x60000000u, Icmpv6::na_target = "2001:db8::1"_ip6,
                                              Icmpv6::options(TargetLinkAddress{TargetLinkAddress::address = "00:00:5e:00:53:01"_mac})),
          ethernet / ipv6 /
              Icmpv6{Icmpv6::type = 134}.with(
                  Icmpv6::hop_limit = 64, Icmpv6::lifetime = 1800,
                  Icmpv6::options(NdMtu{NdMtu::mtu = 1500u},
                                  PrefixInformation{PrefixInformation::prefix_length = 64, PrefixInformation::on_link = true,
                                                    PrefixInformation::autonomous = true, PrefixInformation::valid = 86400u,
                                                    PrefixInformation::preferred = 14400u, PrefixInformation::prefix = "2001:db8::"_ip6})),
          ethernet / ipv6 / Icmpv6{Icmpv6::type = 1, Icmpv6::code = 4} /
              Ipv6{Ipv6::src = "2001:db8::1"_ip6, Ipv6::dst = "2001:db8::7"_ip6} / Udp{Udp::src_port = 9, Udp::dst_port = 40000},
          ethernet / ipv6 / Icmpv6{Icmpv6::type = 2}.with(Icmpv6::mtu = 1280u) /
              Ipv6{Ipv6::src = "2001:db8::1"_ip6, Ipv6::dst = "2001:db8::7"_ip6} / Udp{Udp::src_port = 9, Udp::dst_port = 40000})};
}
OwnCapture udp() {
  return {"udp", LinkType::ethernet,
          packets(ethernet / ipv4 / Udp{}, ethernet / ipv4 / Udp{Udp::src_port = 40000, Udp::dst_port = 9} / Payload{"hello"},
                  ethernet / ipv4 / Udp{Udp::src_port = 40000, Udp::dst_port = 9, Udp::checksum = 0} / Payload{"no sum"},
                  ethernet / ipv6 / Udp{Udp::src_port = 40000, Udp::dst_port = 9} / Payload{"hello"})};
}
OwnCapture tcp() {
  return {"tcp", LinkType::ethernet,
          packets(ethernet / ipv4 / Tcp{},
                  ethernet / ipv4 /
                      Tcp{Tcp::src_port = 40000, Tcp::dst_port = 80, Tcp::seq = 1000u, Tcp::flags = Tcp::Flag::syn}.with(
                          Tcp::options(Mss{Mss::value = 1460}, SackPermitted{}, Timestamps{Timestamps::value = 1u}, Nop{},
                                       WindowScale{WindowScale::shift = 7})),
                  ethernet / Ipv4{Ipv4::src = "192.0.2.1"_ip4, Ipv4::dst = "192.0.2.7"_ip4} /
                      Tcp{Tcp::src_port = 80, Tcp::dst_port = 40000, Tcp::seq = 5000u, Tcp::ack = 1001u,
                          Tcp::flags = Tcp::Flag::syn | Tcp::Flag::ack}
                          .with(Tcp::options(Mss{Mss::value = 1400}, EndOfOptions{})),
                  ethernet / ipv4 /
                      Tcp{Tcp::src_port = 40000, Tcp::dst_port = 80, Tcp::seq = 1001u, Tcp::ack = 5001u,
                          Tcp::flags = Tcp::Flag::psh | Tcp::Flag::ack}
                          .with(Tcp::options(Nop{}, Nop{}, Timestamps{Timestamps::value = 2u, Timestamps::echo = 1u})) /
                      Payload{"GET / HTTP/1.0\r\n\r\n"},
                  ethernet / ipv4 /
                      Tcp{Tcp::src_port = 40000, Tcp::dst_port = 80, Tcp::seq = 1019u, Tcp::ack = 5001u, Tcp::flags = Tcp::Flag::ack}.with(
                          Tcp::options(Nop{}, Nop{},
                                       Sack{}.with(Sack::blocks(SackBlock{SackBlock::left = 6000u, SackBlock::right = 7000u},
                                                                SackBlock{SackBlock::left = 8000u, SackBlock::right = 9000u})))),
                  ethernet / ipv6 / Tcp{Tcp::src_port = 40001, Tcp::dst_port = 80, Tcp::flags = Tcp::Flag::rst})};
}
OwnCapture gre() {
  return {"gre", LinkType::ethernet,
          packets(ethernet / ipv4 / Gre{} / Ipv4{} / Udp{},
                  ethernet / ipv4 / Gre{}.with(Gre::key = 7u) / ipv4 / Udp{Udp::dst_port = 9} / Payload{"keyed"},
                  ethernet / ipv4 / Gre{}.with(Gre::checksum = 0, Gre::offset = 0, Gre::key = 7u, Gre::sequence = 1u) / ipv6 /
                      Udp{Udp::dst_port = 9} / Payload{"all"},
                  ethernet / ipv6 / Gre{} / ethernet / Arp{})};
}
OwnCapture vxlan() {
  return {"vxlan", LinkType::ethernet,
          packets(ethernet / ipv4 / Udp{} / Vxlan{} / Ethernet{} / Arp{},
                  ethernet / ipv4 / Udp{Udp::src_port = 50000, Udp::checksum = 0} / Vxlan{Vxlan::vni = 42u} / ethernet / ipv4 /
                      Tcp{Tcp::src_port = 40000, Tcp::dst_port = 80, Tcp::flags = Tcp::Flag::syn})};
}
/// VXLAN on the port that Linux took before there was a registered one.
OwnCapture vxlan_8472() {
  return {"vxlan_8472", LinkType::ethernet,
          packets(ethernet / ipv4 / Udp{Udp::src_port = 50000, Udp::dst_port = 8472} / Vxlan{Vxlan::vni = 42u} / ethernet / ipv4 /
                  Udp{Udp::src_port = 40000, Udp::dst_port = 9} / Payload{"inner"})};
}
OwnCapture dns() {
  static constexpr u8 pointer[] = {0xc0, 0x0c}, alias[] = {3, 'w', 'e', 'b', 0xc0, 0x10};
  const auto question =
      DnsQuestion{}.with(DnsQuestion::owner = "www.example.test", DnsQuestion::type = DnsType::a, DnsQuestion::dns_class = 1);
  const Ipv4 back{Ipv4::src = "192.0.2.1"_ip4, Ipv4::dst = "192.0.2.7"_ip4};
  return {"dns", LinkType::ethernet,
          packets(ethernet / ipv4 / Udp{} / Dns{},
                  ethernet / ipv4 / Udp{Udp::src_port = 40000} / Dns{Dns::id = 0x1234}.with(Dns::questions(question)),
                  ethernet / back / Udp{Udp::src_port = 53, Udp::dst_port = 40000} /
                      Dns{Dns::id = 0x1234, Dns::response = true}.with(
                          Dns::questions(question),
                          Dns::answers(DnsRecord{}.with(DnsRecord::owner = Bytes(pointer), DnsRecord::dns_class = 1, DnsRecord::ttl = 60u) /
                                           DnsCname{}.with(DnsCname::target = Bytes(alias)),
                                       DnsRecord{}.with(DnsRecord::owner = Bytes(alias), DnsRecord::dns_class = 1, DnsRecord::ttl = 60u) /
                                           DnsA{DnsA::address = "192.0.2.80"_ip4})),
                  ethernet / ipv6 / Udp{Udp::src_port = 53, Udp::dst_port = 40000} /
                      Dns{Dns::id = 0x1235, Dns::response = true}.with(
                          Dns::questions(DnsQuestion{}.with(DnsQuestion::owner = "example.test", DnsQuestion::type = DnsType::mx,
                                                            DnsQuestion::dns_class = 1)),
                          Dns::answers(DnsRecord{}.with(DnsRecord::owner = Bytes(pointer), DnsRecord::dns_class = 1, DnsRecord::ttl = 60u) /
                                           DnsMx{DnsMx::preference = 10}.with(DnsMx::exchange = "mail.example.test"),
                                       DnsRecord{}.with(DnsRecord::owner = Bytes(pointer), DnsRecord::dns_class = 1, DnsRecord::ttl = 60u) /
                                           DnsAaaa{DnsAaaa::address = "2001:db8::80"_ip6})),
                  ethernet / ipv4 / Tcp{Tcp::src_port = 40000, Tcp::dst_port = 53, Tcp::flags = Tcp::Flag::psh | Tcp::Flag::ack} /
                      DnsOverTcp{} / Dns{Dns::id = 0x1236}.with(Dns::questions(question)))};
}
OwnCapture sctp() {
  return {
      "sctp", LinkType::ethernet,
      packets(ethernet / ipv4 / Sctp{},
              ethernet / ipv4 /
                  Sctp{Sctp::src_port = 40000, Sctp::dst_port = 9}.with(Sctp::chunks(SctpInit{SctpInit::tag = 1u}.with(
                      SctpInit::parameters(SctpIpv4Address{SctpIpv4Address::address = "192.0.2.7"_ip4},
                                           SctpIpv6Address{SctpIpv6Address::address = "2001:db8::7"_ip6})))),
              ethernet / ipv4 /
                  Sctp{Sctp::src_port = 40000, Sctp::dst_port = 9, Sctp::tag = 5u}.with(Sctp::chunks(
                      SctpCookieEcho{}.with(SctpCookieEcho::cookie = "biscuit!"),
                      SctpChunk{SctpChunk::flags = 3} / SctpData{SctpData::tsn = 7u, SctpData::stream = 1}.with(SctpData::data = "hello"))),
              ethernet / ipv6 /
                  Sctp{Sctp::src_port = 9, Sctp::dst_port = 40000, Sctp::tag = 1u}.with(
                      Sctp::chunks(SctpSack{SctpSack::cumulative = 7u, SctpSack::window = 65535u}.with(
                                       SctpSack::gaps(SctpGapBlock{SctpGapBlock::start = 2, SctpGapBlock::last = 3})),
                                   SctpShutdown{SctpShutdown::cumulative = 7u})))};
}
OwnCapture radiotap() {
  static constexpr auto beacon =
      "\x80\0\0\0\xff\xff\xff\xff\xff\xff\0\0\x5e\0\x53\x01\0\0\x5e\0\x53\x01\x10\0\0\0\0\0\0\0\0\0\x64\0\x01\0\0\x04test\x01\x01\x82";
  return {"radiotap", LinkType::ieee802_11_radiotap,
          packets(Radiotap{} / Payload(Bytes::of({beacon, 45})),
                  Radiotap{}.with(Radiotap::tsft = 123456u, Radiotap::flags = 0, Radiotap::rate = 2, Radiotap::frequency = 2412,
                                  Radiotap::channel_flags = 0xa0, Radiotap::signal = -40, Radiotap::antenna = 1) /
                      Payload(Bytes::of({beacon, 45})))};
}

}  // namespace

std::vector<OwnCapture> own_captures() {
  const auto inner = ipv4 / Udp{Udp::src_port = 40000, Udp::dst_port = 9} / Payload{"hello"};
  const auto inner6 = ipv6 / Udp{Udp::src_port = 40000, Udp::dst_port = 9} / Payload{"hello"};
  return {
      links_of_ethernet(),
      vlan(),
      provider_vlan(),
      arp(),
      ipv4_options(),
      ipv6_extensions(),
      icmp(),
      icmpv6(),
      udp(),
      tcp(),
      gre(),
      vxlan(),
      vxlan_8472(),
      dns(),
      sctp(),
      radiotap(),
      {"sll", LinkType::linux_sll,
       packets(Sll{} / Ipv4{} / Udp{}, Sll{Sll::packet_type = SllPacketType::outgoing, Sll::src = "00:00:5e:00:53:07"_mac} / inner,
               Sll{} / inner6)},
      {"sll2", LinkType::linux_sll2,
       packets(Sll2{} / Ipv4{} / Udp{}, Sll2{Sll2::interface = 2u, Sll2::packet_type = 4, Sll2::src = "00:00:5e:00:53:07"_mac} / inner,
               Sll2{} / inner6)},
      {"null", LinkType::null, packets(Null{} / Ipv4{} / Udp{}, Null{} / inner, Null{Null::family = 30u} / inner6)},
      {"loop", LinkType::loop, packets(Loop{} / Ipv4{} / Udp{}, Loop{} / inner, Loop{Loop::family = 24u} / inner6)},
      {"raw", LinkType::raw, packets(inner, inner6)},
  };
}

std::vector<u8> pcap_of(const OwnCapture& capture) {
  std::vector<u8> file;
  const auto put = [&](auto value) {
    u8 bytes[sizeof value];
    store_le(bytes, value);
    file.insert(file.end(), bytes, bytes + sizeof value);
  };
  put(u32{0xa1b2c3d4}), put(u16{2}), put(u16{4}), put(u32{0}), put(u32{0}), put(u32{262144}), put(u32(capture.link));
  u32 seconds = 1767225600;
  for (const auto& packet : capture.packets) {
    put(seconds++), put(u32{0}), put(u32(packet.size())), put(u32(packet.size()));
    file.insert(file.end(), packet.begin(), packet.end());
  }
  return file;
}

}  // namespace trawl::test
