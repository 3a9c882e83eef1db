// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The interfaces as a capture needs them.
#pragma once
#include <optional>

#include "capture/linux/interfaces/netlink.hpp"
#include "capture/linux/system_calls.hpp"
#include "trawl/capture/capture_options.hpp"
#include "trawl/capture/interfaces.hpp"

namespace trawl::inline v0::linux_capture {

Result<InterfaceList> list_links(const SystemCalls& calls);
/// For `any_interface` an interface with index 0. @param operation for the error
Result<Interface> find_link(const SystemCalls& calls, Operation operation, std::string_view name);

/// Bytes of the largest packet that a capture on it may see, link-layer header left out. Of all interfaces: as many as one keeps.
inline u32 largest_packet(const Interface& interface) {
  if (!interface.index()) return CaptureOptions::max_snaplen;
  return interface.mtu > interface.largest_segment ? interface.mtu : interface.largest_segment;
}

/// The address in a message about one; empty for other families than IPv4 and IPv6.
std::optional<InterfaceAddress> read_address(const NetlinkMessage& message);
InterfaceFlags flags_of(unsigned flags);

/// What an interface lost by itself, in and out.
struct LinkDrops {
  u64 received = 0, sent = 0;
};
/// Empty when the interface is gone. Index 0: the sum of all.
std::optional<LinkDrops> link_drops(const SystemCalls& calls, u32 index);

}  // namespace trawl::inline v0::linux_capture
