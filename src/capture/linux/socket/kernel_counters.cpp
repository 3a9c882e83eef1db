// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/socket/kernel_counters.hpp"

#include <linux/if_packet.h>

namespace trawl::inline v0::linux_capture {

u64 KernelCounters::read(const SystemCalls& calls, int fd) {
  tpacket_stats_v3 now{};
  socklen_t size = sizeof now;
  if (calls.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &now, &size) < 0) return 0;
  received_ += now.tp_packets;  // the dropped ones are in it
  dropped_ += now.tp_drops;
  return now.tp_drops;
}

}  // namespace trawl::inline v0::linux_capture
