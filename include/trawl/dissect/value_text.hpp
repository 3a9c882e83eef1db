// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Values as text, written as tshark -T fields writes them.
#pragma once
#include "trawl/core/text_out.hpp"
#include "trawl/dissect/walk.hpp"

namespace trawl::inline v0 {

TRAWL_API void put_value(TextOut& out, const Seen& seen);
/// "tcp.dstport"; with ".status" for the status of a checksum.
TRAWL_API void put_name(TextOut& out, const Seen& seen);
/// A name in a DNS message, RFC 1035 4.1.4: follows at most 64 pointers; control characters as \\DDD.
TRAWL_API void put_domain_name(TextOut& out, Bytes message, Bytes name);
/// "<seconds>.<nine digits>", sign before: -0.500000000.
TRAWL_API void put_time(TextOut& out, Timestamp time);

}  // namespace trawl::inline v0
