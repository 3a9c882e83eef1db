// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Membership of a packet socket in a fanout group.
#pragma once
#include "capture/linux/interfaces/links.hpp"
#include "trawl/capture/capture_options.hpp"

namespace trawl::inline v0::linux_capture {

/// @pre `fd` is bound, and lets nothing in: until it is a member every packet of the interface is for it
/// @return invalid_option: a group of that number differs in interface, mode or flags; or the interface is down and the
/// kernel older than 6.13
Result<void> join_fanout(const SystemCalls& calls, int fd, std::string_view interface, const Fanout& fanout, bool ignore_outgoing);

/// A member that takes packets and delivers none, so that a group exists whose number is nobody else's. Closed when all
/// others have joined.
struct FanoutGroup {
  Descriptor holder;
  u16 number = 0;
};
/// @param members that it is to have room for beside the holder; 256 need Linux 5.10
Result<FanoutGroup> open_fanout_group(const SystemCalls& calls, const Interface& interface, const Fanout& fanout, bool ignore_outgoing,
                                      u32 members);

}  // namespace trawl::inline v0::linux_capture
