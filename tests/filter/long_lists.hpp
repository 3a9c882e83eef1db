// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Filters with more values than a program has instructions, and packets that are often, and often just not, among them.
#pragma once
#include <set>

#include "trawl/core/endian.hpp"
#include "vectors.hpp"

namespace trawl::test {

struct Long {
  enum class Kind { hosts, addresses, ports } kind = Kind::hosts;
  std::string text;
  std::set<u32> values;  ///< the addresses, the last four bytes of 2001:db8::/96, the ports
  bpf::Program program = bpf::Program::reject_all(LinkType::ethernet);

  static Long hosts(Random& random) { return make(Kind::hosts, random); }
  static Long addresses(Random& random) { return make(Kind::addresses, random); }
  static Long ports(Random& random) { return make(Kind::ports, random); }

  /// Over Ethernet, without IPv4 options; TCP; sometimes cut short.
  Packet packet(Random& random) const {
    std::vector<u8> bytes(80);
    const bool v6 = kind == Kind::addresses;
    store_be<u16>(&bytes[12], v6 ? 0x86dd : 0x0800);
    bytes[14] = v6 ? 0x60 : 0x45, bytes[v6 ? 20 : 23] = 6;
    if (v6) {
      for (const size_t at : {size_t{22}, size_t{38}}) store_be<u32>(&bytes[at], 0x20010db8), store_be<u32>(&bytes[at + 12], value(random));
    } else if (kind == Kind::hosts) {
      store_be<u32>(&bytes[26], value(random)), store_be<u32>(&bytes[30], value(random));
    } else {
      store_be<u16>(&bytes[34], u16(value(random))), store_be<u16>(&bytes[36], u16(value(random)));
    }
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    return {bytes, u32(bytes.size())};
  }
  /// Bytes of a packet that decide.
  size_t looked_at() const { return kind == Kind::hosts ? 34 : kind == Kind::ports ? 38 : 54; }
  /// Said without the program.
  bool matches(const Packet& packet) const {
    const auto& bytes = packet.bytes;
    const auto has = [&](size_t at, size_t size) { return bytes.size() >= at + size; };
    const auto in_address = [&](size_t at) { return has(at + 12, 4) && values.contains(load_be<u32>(&bytes[at + 12])); };
    switch (kind) {
      case Kind::hosts:
        return has(26, 4) && (values.contains(load_be<u32>(&bytes[26])) || (has(30, 4) && values.contains(load_be<u32>(&bytes[30]))));
      case Kind::addresses: return in_address(22) || in_address(38);
      default:
        return has(34, 2) && (values.contains(load_be<u16>(&bytes[34])) || (has(36, 2) && values.contains(load_be<u16>(&bytes[36]))));
    }
  }

 private:
  // Values next to each other, apart, and at both ends.
  u32 any(Random& random) const {
    const u32 most = kind == Kind::ports ? 0xffff : ~u32{};
    switch (random() % 8) {
      case 0: return random() % 4;
      case 1: return most - random() % 4;
      case 2: return 0x0a000000 & most;
      default: return (random() % 3 ? 0x0a000000 + random() % 0x8000 : random()) & most;
    }
  }
  u32 value(Random& random) const {
    if (random() % 2) return any(random);
    auto found = values.lower_bound(any(random));
    return (found == values.end() ? *values.begin() : *found) + random() % 3 - 1;
  }
  std::string say(u32 value) const {
    char bytes[64];
    TextOut out(bytes, sizeof bytes);
    if (kind == Kind::ports) out.number(value);
    if (kind == Kind::hosts) put(out, Ipv4Address{{{u8(value >> 24), u8(value >> 16), u8(value >> 8), u8(value)}}});
    if (kind == Kind::addresses) {
      Ipv6Address address;
      store_be<u32>(address.octet, 0x20010db8), store_be<u32>(address.octet + 12, value);
      put(out, address);
    }
    return std::string(out.view());
  }
  static Long make(Kind kind, Random& random) {
    Long list;
    list.kind = kind;
    while (list.values.size() < 6000) list.values.insert(list.any(random));
    for (const u32 value : list.values) list.text += (list.text.empty() ? "" : ", ") + list.say(value);
    list.text = (kind == Kind::ports ? "port in {" : "host in {") + list.text + '}';
    if (const auto made = Filter::parse(list.text)->compile(LinkType::ethernet, bpf::Target::offline)) list.program = *made;
    return list;
  }
};

}  // namespace trawl::test
