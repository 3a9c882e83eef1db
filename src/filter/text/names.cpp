// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/names.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

#include "trawl/core/endian.hpp"

namespace trawl::inline v0::filter {

namespace {

constexpr u8 tcp = 6, udp = 17, sctp = 132;

struct PortEntry {
  std::string_view name;
  u16 port;
  u8 transport;
};
// For systems without /etc/services: the names in everyday use, IANA service-names-port-numbers, 2026-08.
constexpr PortEntry known_services[] = {
    {"echo", 7, 0},
    {"discard", 9, 0},
    {"daytime", 13, 0},
    {"ftp-data", 20, tcp},
    {"ftp", 21, tcp},
    {"ssh", 22, tcp},
    {"telnet", 23, tcp},
    {"smtp", 25, tcp},
    {"time", 37, 0},
    {"domain", 53, 0},
    {"bootps", 67, udp},
    {"bootpc", 68, udp},
    {"tftp", 69, udp},
    {"http", 80, tcp},
    {"kerberos", 88, 0},
    {"pop3", 110, tcp},
    {"sunrpc", 111, 0},
    {"nntp", 119, tcp},
    {"ntp", 123, udp},
    {"netbios-ns", 137, udp},
    {"netbios-dgm", 138, udp},
    {"netbios-ssn", 139, tcp},
    {"imap2", 143, tcp},
    {"snmp", 161, 0},
    {"snmp-trap", 162, 0},
    {"bgp", 179, tcp},
    {"ldap", 389, 0},
    {"https", 443, 0},
    {"microsoft-ds", 445, 0},
    {"isakmp", 500, udp},
    {"syslog", 514, udp},
    {"submission", 587, tcp},
    {"ldaps", 636, 0},
    {"domain-s", 853, 0},
    {"rsync", 873, tcp},
    {"imaps", 993, tcp},
    {"pop3s", 995, tcp},
    {"radius", 1812, 0},
    {"nfs", 2049, 0},
    {"mysql", 3306, tcp},
    {"ipsec-nat-t", 4500, udp},
    {"sip", 5060, 0},
    {"sip-tls", 5061, 0},
    {"mdns", 5353, udp},
    {"postgresql", 5432, tcp},
    {"x11", 6000, tcp},
    {"http-alt", 8080, 0},
};
struct NumberEntry {
  std::string_view name;
  u16 number;
};
constexpr NumberEntry known_protocols[] = {
    {"icmp", 1},       {"igmp", 2},        {"ipencap", 4},    {"tcp", 6},       {"egp", 8},   {"igp", 9},   {"udp", 17},
    {"ipv6", 41},      {"ipv6-route", 43}, {"ipv6-frag", 44}, {"rsvp", 46},     {"gre", 47},  {"esp", 50},  {"ah", 51},
    {"ipv6-icmp", 58}, {"ipv6-nonxt", 59}, {"ipv6-opts", 60}, {"eigrp", 88},    {"ospf", 89}, {"pim", 103}, {"vrrp", 112},
    {"l2tp", 115},     {"isis", 124},      {"sctp", 132},     {"udplite", 136},
};
constexpr NumberEntry link_protocols[] = {
    {"aarp", 0x80f3}, {"arp", 0x0806},      {"atalk", 0x809b}, {"decnet", 0x6003}, {"ip", 0x0800},   {"ip6", 0x86dd},
    {"lat", 0x6004},  {"loopback", 0x9000}, {"mopdl", 0x6001}, {"moprc", 0x6002},  {"rarp", 0x8035}, {"sca", 0x6007},
    {"lldp", 0x88cc}, {"slow", 0x8809},     {"iso", 0xfe},     {"stp", 0x42},      {"ipx", 0xe0},    {"netbeui", 0xf0},
};

std::string_view next_word(std::string_view& line) {
  const size_t start = line.find_first_not_of(" \t");
  if (start == line.npos) return line = {};
  const size_t end = std::min(line.find_first_of(" \t", start), line.size());
  const std::string_view word = line.substr(start, end - start);
  line.remove_prefix(end);
  return word;
}

// Calls `found(second word)` for each line of `path` that gives `name` as its first word or as an alias. False: no such file.
template <class Found> bool search(const char* path, std::string_view name, Found found) {
  std::ifstream file(path);
  if (!file) return false;
  for (std::string buffer; std::getline(file, buffer);) {
    std::string_view line = buffer;
    line = line.substr(0, line.find('#'));
    const std::string_view first = next_word(line), value = next_word(line);
    bool match = first == name;
    for (std::string_view alias; !match && !(alias = next_word(line)).empty();) match = alias == name;
    if (match && !value.empty()) found(value);
  }
  return true;
}

template <class T> std::optional<T> whole_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<Service> find_service(std::string_view name) {
  std::optional<u16> over_tcp, over_udp, over_sctp;
  const bool have_file = search("/etc/services", name, [&](std::string_view value) {
    const size_t slash = value.find('/');
    const auto port = whole_number<u16>(value.substr(0, slash));
    if (!port || slash == value.npos) return;
    const std::string_view transport = value.substr(slash + 1);
    auto& slot = transport == "tcp" ? over_tcp : transport == "udp" ? over_udp : over_sctp;
    if (!slot && (transport == "tcp" || transport == "udp" || transport == "sctp")) slot = port;
  });
  if (have_file) {
    if (over_tcp && over_udp == over_tcp) return Service{*over_tcp, 0};
    if (over_tcp) return Service{*over_tcp, tcp};
    if (over_udp) return Service{*over_udp, udp};
    if (over_sctp) return Service{*over_sctp, sctp};
    return {};
  }
  for (const PortEntry& entry : known_services)
    if (entry.name == name) return Service{entry.port, entry.transport};
  return {};
}

std::optional<u8> find_ip_protocol(std::string_view name) {
  std::optional<u8> number;
  const bool have_file = search("/etc/protocols", name, [&](std::string_view value) {
    if (!number) number = whole_number<u8>(value);
  });
  if (have_file) return number;
  for (const NumberEntry& entry : known_protocols)
    if (entry.name == name) return u8(entry.number);
  return {};
}

std::optional<u16> find_link_protocol(std::string_view name) {
  for (const NumberEntry& entry : link_protocols)
    if (entry.name == name) return entry.number;
  return {};
}

std::optional<u32> find_network(std::string_view name) {
  std::optional<u32> result;
  search("/etc/networks", name, [&](std::string_view value) {
    const auto address = parse_ipv4(value);
    if (!result && address) result = load_be<u32>(address->octet);
  });
  return result && *result ? result : std::nullopt;
}

std::optional<MacAddress> find_mac(std::string_view name) {
  std::ifstream file("/etc/ethers");
  for (std::string buffer; std::getline(file, buffer);) {
    std::string_view line = buffer;
    line = line.substr(0, line.find('#'));
    const auto address = parse_mac(next_word(line));
    if (address && next_word(line) == name) return address;
  }
  return {};
}

HostAddresses find_host(std::string_view name) {
  HostAddresses result;
  addrinfo hints{}, *list = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(std::string(name).c_str(), nullptr, &hints, &list) != 0) return result;
  for (const addrinfo* entry = list; entry; entry = entry->ai_next) {
    if (entry->ai_family == AF_INET) {
      sockaddr_in address;
      __builtin_memcpy(&address, entry->ai_addr, sizeof address);
      __builtin_memcpy(result.ipv4.emplace_back().octet, &address.sin_addr, 4);
    } else if (entry->ai_family == AF_INET6) {
      sockaddr_in6 address;
      __builtin_memcpy(&address, entry->ai_addr, sizeof address);
      __builtin_memcpy(result.ipv6.emplace_back().octet, &address.sin6_addr, 16);
    }
  }
  freeaddrinfo(list);
  return result;
}

}  // namespace trawl::inline v0::filter
