// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The fields of the frame itself.
#pragma once
#include "trawl/dissect/field_name.hpp"

namespace trawl::inline v0::detail {

/// Index of "frame.number" and the like; -1 when there is no such field.
int find_frame_field(std::string_view name);
std::span<const wire::FieldInfo> frame_fields();
/// Whether it is made of the layers.
bool needs_layers(int index);
void visit_frame_field(int index, const Dissection& d, const Frame& frame, const FrameContext& context, const Visit& visit);

}  // namespace trawl::inline v0::detail
