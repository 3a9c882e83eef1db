// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a waiting capture listens to: packets, its stop handles, news of the interfaces.
#pragma once
#include <vector>

#include "capture/linux/system_calls.hpp"
#include "capture/stop_state.hpp"

namespace trawl::inline v0::linux_capture {

struct WakeUps {
  /// @param interface for the error's text
  /// @param packets descriptors that are readable when there are packets; borrowed
  static Result<WakeUps> create(const SystemCalls& calls, std::string_view interface, std::span<const int> packets);
  void close() {
    all.close();
    links.close();
  }

  std::shared_ptr<detail::StopState> stop;
  Descriptor links;  ///< as watch_links() gives it
  Descriptor all;    ///< readable when any of them is
  static constexpr size_t stop_at = 0, links_at = 1, packets_at = 2;
  std::vector<pollfd> fds;  ///< each of them, to poll
};

}  // namespace trawl::inline v0::linux_capture
