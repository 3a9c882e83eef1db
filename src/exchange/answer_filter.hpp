// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A program for the kernel that lets in whatever could answer, and little else.
#pragma once
#include "trawl/bpf/program.hpp"
#include "trawl/dissect/packet.hpp"

namespace trawl::inline v0::exchange_identity {

/// Never rejects an answer. On Ethernet it asks for the protocol above, then: of network layers for the addresses that the
/// requests came from (up to 16) and against protocols that none of the requests speaks; of others for the conditions that
/// their replies fulfil. On other links it accepts everything.
Result<bpf::Program> what_can_answer(std::span<const Packet> requests, LinkType link);

}  // namespace trawl::inline v0::exchange_identity
