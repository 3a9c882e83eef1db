// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/interfaces/known_interfaces.hpp"

#include <algorithm>

#include "capture/linux/interfaces/links.hpp"

namespace trawl::inline v0::linux_capture {

Result<void> KnownInterfaces::read_all(const SystemCalls& calls) {
  std::vector<InterfaceEvent> nobody_wants_them;
  const auto take_it = [&](const NetlinkMessage& message) { take(message, nobody_wants_them); };
  auto links = dump(calls, RTM_GETLINK, [this] { known_.clear(); }, take_it);
  if (!links) return links;
  const auto forget = [this] {
    for (auto& [index, known] : known_) known.addresses.clear();
  };
  return dump(calls, RTM_GETADDR, forget, take_it);
}

void KnownInterfaces::take(const NetlinkMessage& message, std::vector<InterfaceEvent>& events) {
  if (message.type == RTM_NEWLINK || message.type == RTM_DELLINK) take_link(message, events);
  if (message.type == RTM_NEWADDR || message.type == RTM_DELADDR) take_address(message, events);
}

void KnownInterfaces::take_link(const NetlinkMessage& message, std::vector<InterfaceEvent>& events) {
  const auto link = message.fixed<ifinfomsg>();
  if (link.ifi_family != AF_UNSPEC) return;  // a bridge tells about its ports
  const u32 index = u32(link.ifi_index);
  const auto found = known_.find(index);
  if (message.type == RTM_DELLINK) {
    if (found == known_.end()) return;
    events.push_back({.change = InterfaceChange::gone, .index = index, .name = found->second.name, .mtu = found->second.mtu});
    known_.erase(found);
    return;
  }
  Known now = found == known_.end() ? Known{} : found->second;
  now.up = flags_of(link.ifi_flags).up;
  message.attributes<ifinfomsg>().each([&](u16 type, Bytes value) {
    if (type == IFLA_IFNAME) now.name = value.text().substr(0, value.text().find('\0'));
    if (type == IFLA_MTU && value.size >= sizeof now.mtu) __builtin_memcpy(&now.mtu, value.data, sizeof now.mtu);
  });
  const auto tell = [&](InterfaceChange change) -> InterfaceEvent& {
    return events.emplace_back(InterfaceEvent{.change = change, .index = index, .name = now.name, .mtu = now.mtu});
  };
  if (found == known_.end()) {
    tell(InterfaceChange::appeared);
    if (now.up) tell(InterfaceChange::up);
    known_.emplace(index, std::move(now));
    return;
  }
  Known& before = found->second;
  if (before.name != now.name) tell(InterfaceChange::renamed).old_name = before.name;
  if (before.mtu != now.mtu) tell(InterfaceChange::mtu);
  if (before.up != now.up) tell(now.up ? InterfaceChange::up : InterfaceChange::down);
  before = std::move(now);
}

void KnownInterfaces::take_address(const NetlinkMessage& message, std::vector<InterfaceEvent>& events) {
  const u32 index = message.fixed<ifaddrmsg>().ifa_index;
  const auto address = read_address(message);
  const auto found = known_.find(index);
  if (!address || found == known_.end()) return;
  Known& known = found->second;
  const auto at = std::find(known.addresses.begin(), known.addresses.end(), *address);
  const bool there = at != known.addresses.end(), added = message.type == RTM_NEWADDR;
  if (there == added) return;
  if (added) known.addresses.push_back(*address);
  else known.addresses.erase(at);
  events.push_back({.change = added ? InterfaceChange::address_added : InterfaceChange::address_removed,
                    .index = index,
                    .name = known.name,
                    .mtu = known.mtu,
                    .address = *address});
}

}  // namespace trawl::inline v0::linux_capture
