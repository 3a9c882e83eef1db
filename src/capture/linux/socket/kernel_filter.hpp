// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What is attached to the socket: the user's program, cut to the snaplen, behind what direction and loopback ask for.
#pragma once
#include <vector>

#include "trawl/bpf/program.hpp"

namespace trawl::inline v0::linux_capture {

/// Packets that the user does not want, whatever the filter says. Tested by the program where the socket cannot.
struct Unwanted {
  bool outgoing = false, incoming = false;
  u32 outgoing_on = 0;  ///< outgoing packets of this interface only
  bool none() const { return !outgoing && !incoming && !outgoing_on; }
};

struct KernelFilter {
  std::vector<bpf::Instruction> instructions;
  /// The kernel cannot run the user's program: it lets everything through, and each packet is tested here.
  bool test_here = false;
};

/// @param cooked the kernel sees packets without the SLL2 header that the program was written for
KernelFilter kernel_filter(const bpf::ProgramView& program, u32 snaplen, const Unwanted& unwanted, bool cooked);
/// The same for a program that is tested here.
KernelFilter kernel_filter_for_all(u32 snaplen, const Unwanted& unwanted);

}  // namespace trawl::inline v0::linux_capture
