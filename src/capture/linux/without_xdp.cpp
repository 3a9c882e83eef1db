// SPDX-License-Identifier: Apache-2.0 OR MIT
// What stands for xdp/ in a build that leaves it out.
#include "trawl/core/switches.hpp"

#if !TRAWL_WITH_XDP
#  include "capture/linux/send/send_path.hpp"
#  include "capture/linux/xdp/open_xdp.hpp"

namespace trawl::inline v0::linux_capture {
namespace {

auto no_xdp() { return fail(Operation::open_interface, Reason::not_supported, "AF_XDP is not in this build"); }

}  // namespace

Result<Capture> open_xdp_capture(std::string_view, const CaptureOptions&) { return no_xdp(); }
Result<std::unique_ptr<SendPath>> open_send_xdp(const PathRequest&) { return no_xdp(); }

}  // namespace trawl::inline v0::linux_capture
#endif
