// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Values appended to a growing text. Hosted.
#pragma once
#include <string>

#include "trawl/dissect/value_text.hpp"

namespace trawl::inline v0 {

/// As tshark -T fields writes it; however long it is.
TRAWL_API void append_value(std::string& to, const Seen& seen);
/// "tcp.dstport"
TRAWL_API void append_name(std::string& to, const Seen& seen);

}  // namespace trawl::inline v0
