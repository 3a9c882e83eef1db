// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The seccomp program: classic BPF over `struct seccomp_data`.
#pragma once
#include <optional>
#include <vector>

#include "trawl/bpf/instruction.hpp"

namespace trawl::inline v0::linux_capture {

/// AUDIT_ARCH_* of this build; empty where it is not known here.
std::optional<u32> system_call_architecture();
/// What restrict_system_calls() puts on. Words of 32 bits are loaded in the machine's own byte order.
std::vector<bpf::Instruction> system_call_filter(u32 architecture);

}  // namespace trawl::inline v0::linux_capture
