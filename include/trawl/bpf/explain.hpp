// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Programs in words. Hosted: it allocates.
#pragma once
#include <string>

#include "trawl/bpf/program.hpp"

namespace trawl::inline v0::bpf {

/// A line for each decision and each end of the program: what is compared, with names where the link type tells what stands
/// at a place, and where it goes on. Registers and memory do not show: their contents do.
TRAWL_API std::string explain(const Program& program);

}  // namespace trawl::inline v0::bpf
