// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/rewrite/dummy_headers.hpp"

#include <algorithm>

#include "trawl/dissect/update.hpp"
#include "trawl/wire/stack.hpp"

namespace trawl::inline v0 {
namespace {

using namespace wire;
using namespace literals;

// Locally administered: nobody's.
constexpr auto first_mac = "02:00:00:00:00:01"_mac, second_mac = "02:00:00:00:00:02"_mac;
constexpr size_t most_content = 65535 - 40 - 28;   // an IPv6 header counts for nothing, IPv4 and SCTP DATA for 48

/// Puts a header before what is there.
template <class L> void prepend(std::vector<u8>& bytes, const L& header) {
  std::vector<u8> whole(size_of(header / wire::Payload(Bytes(bytes))));
  static_cast<void>(compose(header / wire::Payload(Bytes(bytes)), whole));
  bytes = std::move(whole);
}
template <class T> const T& from(const std::array<T, 2>& pair, bool back) { return pair[back]; }
template <class T> const T& to(const std::array<T, 2>& pair, bool back) { return pair[!back]; }

}  // namespace

void DummyHeaders::put_transport(bool back, u8& protocol) {
  const u32 size = u32(bytes_.size());
  if (const auto& udp = options_.udp) {
    prepend(bytes_, Udp{Udp::src_port = from(*udp, back), Udp::dst_port = to(*udp, back)});
    protocol = u8(IpProtocol::udp);
  } else if (const auto& tcp = options_.tcp) {
    prepend(bytes_, Tcp{Tcp::src_port = from(*tcp, back), Tcp::dst_port = to(*tcp, back), Tcp::seq = sequence_[back],
                        Tcp::ack = sequence_[!back], Tcp::flags = 0x10, Tcp::window = 8192});
    sequence_[back] += size;
    protocol = u8(IpProtocol::tcp);
  } else if (const auto& sctp = options_.sctp) {
    if (sctp->payload_protocol) {
      const u32 tsn = sequence_[0]++;
      u8 chunk[16] = {0, 3};   // DATA, first and last fragment; RFC 9260 3.3.1
      store_be(chunk + 2, u16(16 + size)), store_be(chunk + 4, tsn), store_be(chunk + 10, u16(tsn)),
          store_be(chunk + 12, *sctp->payload_protocol);
      bytes_.insert(bytes_.begin(), chunk, chunk + 16);
      bytes_.resize((bytes_.size() + 3) & ~size_t{3});
    }
    u8 header[12] = {};
    store_be(header, from(sctp->ports, back)), store_be(header + 2, to(sctp->ports, back)), store_be(header + 4, sctp->verification_tag);
    bytes_.insert(bytes_.begin(), header, header + 12);
    protocol = u8(IpProtocol::sctp);
  }
}

void DummyHeaders::put_network(bool back, u8 protocol, u16& ether_type) {
  if (const auto& pair = options_.ipv6) {
    prepend(bytes_, Ipv6{Ipv6::src = from(*pair, back), Ipv6::dst = to(*pair, back), Ipv6::next_header = IpProtocol(protocol),
                         Ipv6::hop_limit = 64});
    ether_type = u16(EtherType::ipv6);
  } else {
    const DummyHeadersOptions::Pair<Ipv4Address> documentation{"192.0.2.1"_ip4, "192.0.2.2"_ip4};
    const auto& pair4 = options_.ipv4 ? *options_.ipv4 : documentation;
    prepend(bytes_,
            Ipv4{Ipv4::src = from(pair4, back), Ipv4::dst = to(pair4, back), Ipv4::protocol = IpProtocol(protocol), Ipv4::ttl = 64});
    ether_type = u16(EtherType::ipv4);
  }
}

Frame DummyHeaders::operator()(const Frame& frame) {
  const bool back = frame.info.direction == Direction::outbound;
  const Bytes content = frame.bytes.first(most_content);
  bytes_.assign(content.begin(), content.end());
  u8 protocol = options_.protocol.value_or(253);   // for experiments, RFC 3692
  put_transport(back, protocol);
  const bool network = options_.protocol || options_.ipv4 || options_.ipv6 || options_.udp || options_.tcp || options_.sctp;
  u16 follows = 0x88b5;   // for experiments, IEEE 802 9.2.3
  if (network) put_network(back, options_.protocol.value_or(protocol), follows);
  if (link_ == LinkType::ethernet)
    prepend(bytes_, Ethernet{Ethernet::src = back ? second_mac : first_mac, Ethernet::dst = back ? first_mac : second_mac,
                             Ethernet::type = EtherType(options_.ether_type.value_or(follows))});
  Frame result = frame;
  result.bytes = bytes_, result.link = link_;
  result.original_length = u32(bytes_.size() + (std::max<size_t>(frame.original_length, frame.bytes.size) - content.size));
  // A catalog of these alone: what looks like a packet in the content is none of ours.
  static constexpr Catalog headers = Catalog::of<Ethernet, Raw, Ipv4, Ipv6, Udp, Tcp, Sctp>();
  if (options_.udp || options_.tcp || options_.sctp) static_cast<void>(update_checksums(dissect(result, headers), bytes_));
  return result;
}

}  // namespace trawl::inline v0
