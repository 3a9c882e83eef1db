// SPDX-License-Identifier: Apache-2.0 OR MIT
// Which back end a capture gets.
#include "capture/any_capture.hpp"
#include "capture/linux/packet_ring.hpp"
#include "capture/linux/xdp/open_xdp.hpp"

namespace trawl::inline v0 {

Result<Capture> Capture::open(std::string_view interface, const CaptureOptions& options) {
  using namespace linux_capture;
  if (options.method == CaptureMethod::xdp) return open_xdp_capture(interface, options);
  auto ring = PacketRing::open(real_system_calls(), interface, options);
  if (!ring) return fail(ring.error());
  return detail::AnyCapture::wrap(*std::move(ring));
}

}  // namespace trawl::inline v0
