// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/interfaces/links.hpp"

#include <net/if.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>

#include "capture/linux/interfaces/hardware_types.hpp"
#include "capture/linux/interfaces/netlink.hpp"
#include "capture/linux/system_error.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

constexpr size_t longest_name = IFNAMSIZ - 1;

// Limits of what offload makes of TCP segments; the two for IPv4 are of Linux 6.3.
constexpr u16 gso_max_size = 41, gro_max_size = 58, gso_ipv4_max_size = 63, gro_ipv4_max_size = 64;

/// What the views of a list point into.
struct Storage {
  std::deque<std::string> texts;
  std::map<u32, std::vector<InterfaceAddress>> addresses;
  std::string_view keep(std::string_view text) { return texts.emplace_back(text); }
};

std::string_view text_of(Bytes value) {
  const auto text = value.text();
  return text.substr(0, text.find('\0'));
}

Interface read_link(const NetlinkMessage& message, Storage& storage) {
  const auto link = message.fixed<ifinfomsg>();
  Interface result;
  result.info.os_index = u32(link.ifi_index);
  result.info.resolution = Resolution::nanoseconds();
  result.hardware_type = link.ifi_type;
  result.info.link_type = hardware_type(link.ifi_type).link;
  result.flags = flags_of(link.ifi_flags);
  message.attributes<ifinfomsg>().each([&](u16 type, Bytes value) {
    switch (type) {
      case IFLA_IFNAME: result.info.name = storage.keep(text_of(value)); break;
      case IFLA_IFALIAS: result.info.description = storage.keep(text_of(value)); break;
      case IFLA_MTU:
        if (value.size >= sizeof result.mtu) __builtin_memcpy(&result.mtu, value.data, sizeof result.mtu);
        break;
      case gso_max_size:
      case gro_max_size:
      case gso_ipv4_max_size:
      case gro_ipv4_max_size:
        if (u32 bytes = 0; value.size >= sizeof bytes) {
          __builtin_memcpy(&bytes, value.data, sizeof bytes);
          result.largest_segment = std::max(result.largest_segment, bytes);
        }
        break;
      case IFLA_ADDRESS:
        if (value.size != sizeof result.info.mac.octet || result.info.link_type == LinkType::raw || result.flags.loopback) break;
        copy_bytes(result.info.mac.octet, value.data, value.size);
        result.info.has_mac = true;
        break;
      case IFLA_LINKINFO:
        Attributes(value).each([&](u16 part, Bytes kind) {
          if (part == IFLA_INFO_KIND) result.kind = storage.keep(text_of(kind));
        });
        break;
      default: break;
    }
  });
  return result;
}

template <class A> A address_from(Bytes value) {
  A address;
  copy_bytes(address.octet, value.data, sizeof address.octet);
  return address;
}

/// Drivers name themselves; kinds of virtual interfaces are known already.
void ask_drivers(const SystemCalls& calls, InterfaceList& list, Storage& storage) {
  const Descriptor fd(calls, calls.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (auto& interface : list) {
    char driver[32];
    if (interface.kind.empty() && fd && calls.driver_name(fd.get(), std::string(interface.name()).c_str(), driver) == 0)
      interface.kind = storage.keep(driver);
    if (interface.info.description.empty()) interface.info.description = interface.kind;
  }
}

Interface any() {
  Interface result;
  result.info.name = any_interface;
  result.info.description = "all interfaces";
  result.info.link_type = LinkType::linux_sll2;
  result.info.resolution = Resolution::nanoseconds();
  result.flags.up = result.flags.running = true;
  return result;
}

std::optional<Reason> fault_in_name(std::string_view name) {
  if (name.size() > longest_name) return Reason::too_large;
  for (const char c : name)
    if (c == '/' || u8(c) <= ' ' || c == 0x7f) return Reason::unexpected_character;
  return {};
}

}  // namespace

InterfaceFlags flags_of(unsigned flags) {
  return {.up = bool(flags & IFF_UP),
          .running = bool(flags & IFF_RUNNING),
          .loopback = bool(flags & IFF_LOOPBACK),
          .broadcast = bool(flags & IFF_BROADCAST),
          .multicast = bool(flags & IFF_MULTICAST),
          .point_to_point = bool(flags & IFF_POINTOPOINT),
          .promiscuous = bool(flags & IFF_PROMISC)};
}

std::optional<InterfaceAddress> read_address(const NetlinkMessage& message) {
  const auto head = message.fixed<ifaddrmsg>();
  if (head.ifa_family != AF_INET && head.ifa_family != AF_INET6) return {};
  const bool four = head.ifa_family == AF_INET;
  Bytes local, remote, broadcast;
  message.attributes<ifaddrmsg>().each([&](u16 type, Bytes value) {
    if (value.size != (four ? sizeof(Ipv4Address) : sizeof(Ipv6Address))) return;
    if (type == IFA_LOCAL) local = value;
    if (type == IFA_ADDRESS) remote = value;
    if (type == IFA_BROADCAST) broadcast = value;
  });
  if (local.empty()) std::swap(local, remote);  // IPv6 names its own address so, unless there is a peer
  if (local.empty()) return {};
  InterfaceAddress address{.prefix_length = head.ifa_prefixlen};
  address.has_peer = !remote.empty() && remote != local;
  if (four) {
    address.ipv4 = address_from<Ipv4Address>(local);
    if (address.has_peer) address.peer_ipv4 = address_from<Ipv4Address>(remote);
    if (!broadcast.empty()) address.has_broadcast = true, address.broadcast = address_from<Ipv4Address>(broadcast);
  } else {
    address.family = InterfaceAddress::Family::ipv6;
    address.ipv6 = address_from<Ipv6Address>(local);
    if (address.has_peer) address.peer_ipv6 = address_from<Ipv6Address>(remote);
  }
  return address;
}

Result<InterfaceList> list_links(const SystemCalls& calls) {
  auto storage = std::make_shared<Storage>();
  InterfaceList list;
  auto links = dump(
      calls, RTM_GETLINK, [&] { list.clear(); },
      [&](const NetlinkMessage& m) {
        if (m.type == RTM_NEWLINK) list.push_back(read_link(m, *storage));
      });
  if (!links) return fail(links.error());
  auto addresses = dump(
      calls, RTM_GETADDR, [&] { storage->addresses.clear(); },
      [&](const NetlinkMessage& m) {
        if (m.type != RTM_NEWADDR) return;
        if (const auto address = read_address(m)) storage->addresses[m.fixed<ifaddrmsg>().ifa_index].push_back(*address);
      });
  if (!addresses) return fail(addresses.error());
  ask_drivers(calls, list, *storage);
  for (auto& interface : list) {
    if (const auto found = storage->addresses.find(interface.index()); found != storage->addresses.end())
      interface.info.addresses = found->second;
    interface.storage = storage;
  }
  return list;
}

Result<Interface> find_link(const SystemCalls& calls, Operation operation, std::string_view name) {
  Error error{.operation = operation, .reason = Reason::unknown_interface, .valid_names = list_names};
  error.with(name);
  if (const auto fault = fault_in_name(name)) {
    error.reason = *fault;
    return fail(error);
  }
  if (name == any_interface) return any();
  auto list = list_links(calls);
  if (!list) return fail(list.error());
  for (auto& interface : *list)
    if (interface.name() == name) return std::move(interface);
  return fail(error);
}

std::optional<LinkDrops> link_drops(const SystemCalls& calls, u32 index) {
  LinkDrops drops;
  const auto add = [&](const NetlinkMessage& message) {
    message.attributes<ifinfomsg>().each([&](u16 type, Bytes value) {
      if (type != IFLA_STATS64) return;
      rtnl_link_stats64 stats{};
      __builtin_memcpy(&stats, value.data, std::min(value.size, sizeof stats));
      drops.received += stats.rx_dropped + stats.rx_missed_errors + stats.rx_fifo_errors;
      drops.sent += stats.tx_dropped;
    });
  };
  const auto answer = index ? get_link(calls, index, {}, add) : dump(calls, RTM_GETLINK, [&] { drops = {}; }, add);
  if (!answer) return {};
  return drops;
}

}  // namespace trawl::inline v0::linux_capture
