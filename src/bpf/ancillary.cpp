// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bpf/ancillary.hpp"

#include "trawl/core/endian.hpp"

namespace trawl::inline v0::bpf::detail {

namespace {

constexpr u16 ethertype_or(const Bytes& bytes, size_t at, u16 otherwise) {
  return at + 2 <= bytes.size ? load_be<u16>(bytes.data + at) : otherwise;
}

// skb->protocol: an EtherType, or Linux's own numbers below 1536 (linux/if_ether.h).
u32 protocol(const Frame& frame) {
  constexpr u16 eth_p_802_3 = 1, eth_p_802_2 = 4;
  const Bytes& bytes = frame.bytes;
  switch (frame.link) {
    case LinkType::ethernet: {
      const u16 type = ethertype_or(bytes, 12, 0);
      if (type >= 1536) return type;
      return ethertype_or(bytes, 14, 0) == 0xffff ? eth_p_802_3 : eth_p_802_2;
    }
    case LinkType::linux_sll: return ethertype_or(bytes, 14, 0);
    case LinkType::linux_sll2: return ethertype_or(bytes, 0, 0);
    case LinkType::raw:
    case LinkType::ipv4:
    case LinkType::ipv6: return bytes.empty() ? 0 : bytes[0] >> 4 == 6 ? 0x86dd : 0x0800;
    default: return 0;
  }
}

u32 packet_type(const FrameInfo& info) {
  switch (info.packet_type) {  // linux/if_packet.h
    case PacketType::broadcast: return 1;
    case PacketType::multicast: return 2;
    case PacketType::to_other: return 3;
    case PacketType::outgoing: return 4;
    case PacketType::to_us: return 0;
    case PacketType::unknown: break;
  }
  return info.direction == Direction::outbound ? 4 : 0;
}

// Offset of the first attribute of type `type` at or after `at`; 0 when there is none. Netlink is in native byte order.
u32 find_attribute(const Bytes& bytes, u32 at, u32 type) {
  constexpr u32 header = 4;
  for (u64 here = at; here + header <= bytes.size;) {
    const u16 length = load<u16>(bytes.data + here, std::endian::native == std::endian::big ? Order::big : Order::little);
    const u16 kind = load<u16>(bytes.data + here + 2, std::endian::native == std::endian::big ? Order::big : Order::little);
    if (length < header || here + length > bytes.size) return 0;
    if ((kind & 0x3fffu) == type) return u32(here);
    here += (length + 3u) & ~3u;
  }
  return 0;
}
u32 find_nested_attribute(const Bytes& bytes, u32 at, u32 type) {
  if (u64{at} + 4 > bytes.size) return 0;
  const u16 length = load<u16>(bytes.data + at, std::endian::native == std::endian::big ? Order::big : Order::little);
  if (length > bytes.size - at) return 0;
  return find_attribute(bytes.first(size_t{at} + length), at + 4, type);
}

}  // namespace

u32 network_offset(LinkType link) {
  switch (link) {
    case LinkType::ethernet: return 14;
    case LinkType::linux_sll: return 16;
    case LinkType::linux_sll2: return 20;
    case LinkType::null:
    case LinkType::loop: return 4;
    default: return 0;
  }
}

u32 load_ancillary(u32 k, u32 a, u32 x, const Frame& frame, const Surroundings& surroundings) {
  const FrameInfo& info = frame.info;
  switch (k) {
    case ancillary::protocol: return protocol(frame);
    case ancillary::packet_type: return packet_type(info);
    case ancillary::interface_index: return surroundings.interface_index;
    case ancillary::netlink_attribute: return find_attribute(frame.bytes, a, x);
    case ancillary::nested_netlink_attribute: return find_nested_attribute(frame.bytes, a, x);
    case ancillary::mark: return surroundings.mark;
    case ancillary::queue: return info.has_queue ? info.queue : 0;
    case ancillary::hardware_type: return surroundings.hardware_type;
    case ancillary::hash: return info.has_hash ? info.hash : 0;
    case ancillary::cpu: return surroundings.cpu;
    case ancillary::xor_x: return a ^ x;
    case ancillary::vlan_tag: return info.has_vlan ? info.vlan_tci : 0;
    case ancillary::vlan_tag_present: return info.has_vlan ? 1 : 0;
    case ancillary::payload_offset: return network_offset(frame.link);
    case ancillary::random: return surroundings.random;
    case ancillary::vlan_protocol: return info.has_vlan ? info.vlan_tpid : 0;
    default: return 0;
  }
}

}  // namespace trawl::inline v0::bpf::detail
