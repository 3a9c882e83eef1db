// SPDX-License-Identifier: Apache-2.0 OR MIT
/// From what the kernel says of links and addresses to what has changed.
#pragma once
#include <map>

#include "capture/linux/interfaces/netlink.hpp"
#include "trawl/capture/interface_events.hpp"

namespace trawl::inline v0::linux_capture {

/// The interfaces as far as they have been told. Being told the same again changes nothing.
class KnownInterfaces {
 public:
  /// Asks for all there is and forgets what was known.
  Result<void> read_all(const SystemCalls& calls);
  void take(const NetlinkMessage& message, std::vector<InterfaceEvent>& events);

 private:
  struct Known {
    std::string name;
    bool up = false;
    u32 mtu = 0;
    std::vector<InterfaceAddress> addresses;
  };
  void take_link(const NetlinkMessage& message, std::vector<InterfaceEvent>& events);
  void take_address(const NetlinkMessage& message, std::vector<InterfaceEvent>& events);
  std::map<u32, Known> known_;
};

}  // namespace trawl::inline v0::linux_capture
