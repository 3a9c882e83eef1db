// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Bytes as hex and characters.
#pragma once
#include <string>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0 {

/// Lines of 16 bytes: "0000  45 00 00 28 ...  E..(...".
TRAWL_API void append_hex_dump(std::string& to, Bytes bytes);
/// "450000": lower case, nothing between.
TRAWL_API void append_hex(std::string& to, Bytes bytes);

}  // namespace trawl::inline v0
