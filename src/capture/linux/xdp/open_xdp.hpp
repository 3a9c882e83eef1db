// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The seam behind which AF_XDP can be left out: xdp_capture.cpp or without_xdp.cpp stands behind it.
#pragma once
#include "trawl/capture/capture.hpp"

namespace trawl::inline v0::linux_capture {

Result<Capture> open_xdp_capture(std::string_view interface, const CaptureOptions& options);

}  // namespace trawl::inline v0::linux_capture
