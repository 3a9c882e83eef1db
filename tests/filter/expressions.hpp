// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Expressions that need no files, and random ones built from their parts.
#pragma once
#include "vectors.hpp"

namespace trawl::test {

inline constexpr const char* everyday_expressions[] = {
    "",
    "ip",
    "ip6",
    "arp",
    "tcp",
    "udp",
    "icmp",
    "icmp6",
    "not arp",
    "ip or not ip",
    "tcp port 80",
    "tcp port 80 or 443",
    "port 53",
    "portrange 20-90",
    "src port 22",
    "dst portrange 80-443",
    "src and dst port 53",
    "host 10.0.0.1",
    "src host 10.0.0.1 and dst host 10.0.0.2",
    "host 10.0.0.1 or 10.0.0.2",
    "net 10",
    "net 192.168.0.0/16",
    "not (net 10.0.0.0/8 or net 172.16.0.0/12 or net 192.168.0.0/16)",
    "host 2001:db8::1",
    "net 2001:db8::/32",
    "arp host 10.0.0.1",
    "ip multicast",
    "ip6 multicast",
    "ip broadcast",
    "less 80",
    "greater 100",
    "len > 60 and len <= 120",
    "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
    "tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420",
    "ip[6:2] & 0x1fff = 0",
    "ip[0] & 0xf != 5",
    "ip[2:2] - ip[0] > 100",
    "udp[4:2] > 512 or udp port 53",
    "ip[8] < 5 or ip[8] > 100",
    "ip[12:4] = ip[16:4]",
    "ip[ip[0] & 0xf] = 0",
    "link[0] & 1 != 0",
    "len - 14 > 30",
    "ip[9] << 2 = 24",
    "ip[1] / ip[8] = 2",
    "ip[1] % (ip[8] & 3) = 1",
    "-ip[8] = 0xffffffc0",
    "(tcp or udp) and (port 53 or port 5060) and (ip or ip6)",
    "tcp and (host 10.0.0.1 or 10.0.0.2 or 10.0.0.3 or 192.168.1.1)",
    "not port 22 and not port 53 and not port 80",
    "(src host 10.0.0.1 and dst port 80) or (src host 10.0.0.2 and dst port 443) or icmp",
    "byte 9 = 6",
    "byte 9 & 4",
    "ip proto 50 or ip proto 51",
    "proto 17",
    "ah or esp",
    "atalk or stp or ipx or netbeui or aarp or iso",
    "igmp or vrrp or pim",
    "1 = 2",
    "tcp and udp",
    "ip[1000] = 0 or tcp",
    "ip[0] & 0 = 0",
    "ip[20] / ip[21] * 0 = 0 or udp",
};
inline constexpr const char* ethernet_expressions[] = {
    "ether host 00:11:22:33:44:55",
    "ether src 00:11:22:33:ff:ff",
    "ether broadcast or ether multicast",
    "ether proto 0x0806",
    "vlan",
    "vlan 10",
    "vlan 10 or vlan 20",
    "vlan and ip",
    "vlan and vlan 100 and tcp port 80",
    "not vlan and ip",
    "vlan and not ip",
    "vlan and host 10.0.0.1 or host 10.0.0.1",
};

/// Two to four of the above under `and`, `or`, `not` and parentheses.
inline std::string random_expression(Random& random, bool ethernet) {
  const auto part = [&]() -> std::string {
    const size_t extra = ethernet ? std::size(ethernet_expressions) : 0;
    const size_t at = 1 + random() % (std::size(everyday_expressions) - 1 + extra);
    return at < std::size(everyday_expressions) ? everyday_expressions[at] : ethernet_expressions[at - std::size(everyday_expressions)];
  };
  std::string result = '(' + part() + ')';
  for (u32 n = 1 + random() % 3; n > 0; --n) {
    std::string next = '(' + part() + ')';
    if (random() % 4 == 0) next.insert(0, "not ");
    result += (random() % 2 ? " and " : " or ") + next;
    if (random() % 3 == 0) result.insert(0, random() % 3 ? "(" : "not (").push_back(')');
  }
  return result;
}

}  // namespace trawl::test
