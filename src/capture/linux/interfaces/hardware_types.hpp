// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a Linux hardware type (ARPHRD_*) means for a capture.
#pragma once
#include "trawl/core/link_type.hpp"

namespace trawl::inline v0::linux_capture {

/// How packets come: with their link-layer header, or without it and described by the kernel ("cooked").
enum class Form : u8 { whole, cooked };

struct HardwareType {
  u16 number;
  std::string_view name;
  LinkType link;
  Form form;
  u8 header_bytes;  ///< the least that can be sent
};

/// Cooked, as linux_sll2, for every type that is not in the table: that is always right.
HardwareType hardware_type(u16 number);

}  // namespace trawl::inline v0::linux_capture
