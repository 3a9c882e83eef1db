// SPDX-License-Identifier: Apache-2.0 OR MIT
// Which back end a capture gets.
#include "capture/any_capture.hpp"
#include "capture/linux/libpcap/pcap_capture.hpp"
#include "capture/linux/packet_capture.hpp"
#include "capture/linux/xdp/open_xdp.hpp"

namespace trawl::inline v0 {

Result<Capture> Capture::open(std::string_view interface, const CaptureOptions& options) {
  using namespace linux_capture;
  if (options.method == CaptureMethod::xdp) return open_xdp_capture(interface, options);
  const auto& calls = real_system_calls();
  if (options.method == CaptureMethod::libpcap) {
    auto capture = PcapCapture::open(calls, interface, options);
    if (!capture) return fail(capture.error());
    return detail::AnyCapture::wrap(*std::move(capture));
  }
  auto capture = PacketCapture::open(calls, interface, options);
  if (!capture) return fail(capture.error());
  return detail::AnyCapture::wrap(*std::move(capture));
}

}  // namespace trawl::inline v0
