// SPDX-License-Identifier: Apache-2.0 OR MIT
/// From errno to Error.
#pragma once
#include "trawl/core/error.hpp"

namespace trawl::inline v0::linux_capture {

/// @param call what was asked of the kernel ("PACKET_RX_RING"): stands in Error::detail behind the interface unless the
/// reason says it all
Error system_error(Operation operation, std::string_view interface, std::string_view call, int code);

/// The names of all interfaces, for Error::valid_names.
void list_names(void (*each)(void* context, std::string_view name), void* context);

}  // namespace trawl::inline v0::linux_capture
