// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The interpreter.
#pragma once
#include "trawl/bpf/program_view.hpp"

namespace trawl::inline v0::bpf {

/// What ancillary loads ask for and a Frame does not carry.
struct Surroundings {
  u32 interface_index = 0;  ///< the operating system's number, as `ifindex` tests it
  u32 hardware_type = 1;    ///< ARPHRD_*
  u32 mark = 0, cpu = 0, random = 0;
};

/// Runs a program over a frame as the kernel would over the same packet. `len` is the original length; ancillary loads
/// come from FrameInfo and `surroundings`. A load past the captured bytes and a division by X = 0 reject; a shift by X
/// takes X modulo 32. At most 4096 steps; after 65,536 jumps back the packet is rejected.
/// @return bytes to keep; 0: no match. The link types are not compared.
TRAWL_API u32 run(const ProgramView& program, const Frame& frame, const Surroundings& surroundings = {});

}  // namespace trawl::inline v0::bpf
