// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A packet as an indented tree of layers and fields.
#pragma once
#include <string>

#include "trawl/dissect/field_name.hpp"

namespace trawl::inline v0 {

/// One line a field: "    Name: value (name of the value)". Layers at the left, elements of lists indented.
TRAWL_API void append_tree(std::string& to, const Frame& frame, const Dissection& d, const FrameContext& context);

}  // namespace trawl::inline v0
