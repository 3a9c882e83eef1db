// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A packet as one JSON object on one line.
#pragma once
#include <string>

#include "trawl/dissect/field_name.hpp"

namespace trawl::inline v0 {

/// {"number","time","interface","link_type","captured_length","length","layers":[{"protocol","offset","length","fields"}],"fault"}
///
/// Field keys are Wireshark's names. Integers up to 53 bits are numbers, wider ones decimal strings; addresses text; bytes
/// lower-case hex; fields of list elements always arrays. Text that is not UTF-8 gets U+FFFD, and "<name>.raw" in hex.
TRAWL_API void append_json(std::string& to, const Frame& frame, const Dissection& d, const FrameContext& context);
/// Quoted and escaped, RFC 8259 7. @return false when bytes that are not UTF-8 were replaced
TRAWL_API bool append_json_string(std::string& to, std::string_view text);

}  // namespace trawl::inline v0
