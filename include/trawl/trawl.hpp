// SPDX-License-Identifier: Apache-2.0 OR MIT
/// All of trawl, for programs that do not mind: `using namespace trawl;` then gives the usual protocols, composing and the
/// address literals. Compile times and small systems are better served by the headers of single rooms.
#pragma once
#include "trawl/bpf/disassemble.hpp"
#include "trawl/capture/async.hpp"
#include "trawl/capture/capture.hpp"
#include "trawl/capture/fanout.hpp"
#include "trawl/capture/interface_events.hpp"
#include "trawl/capture/interfaces.hpp"
#include "trawl/capture/replayer.hpp"
#include "trawl/capture/sender.hpp"
#include "trawl/capture/sockets/interface_socket.hpp"
#include "trawl/capture/sockets/transport_socket.hpp"
#include "trawl/capture/time_order.hpp"
#include "trawl/core/checksum.hpp"
#include "trawl/core/cursor.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/core/owned_frame.hpp"
#include "trawl/core/sha256.hpp"
#include "trawl/core/switches.hpp"
#include "trawl/dissect/packet.hpp"
#include "trawl/exchange/exchange.hpp"
#include "trawl/export/columns.hpp"
#include "trawl/export/hex.hpp"
#include "trawl/export/json.hpp"
#include "trawl/export/summary.hpp"
#include "trawl/export/tree.hpp"
#include "trawl/export/value.hpp"
#include "trawl/file/file_writer.hpp"
#include "trawl/file/pcapng_block_reader.hpp"
#include "trawl/filter/filter.hpp"

namespace trawl::inline v0 {

using wire::Arp;
using wire::Dns;
using wire::Ethernet;
using wire::Gre;
using wire::Icmp;
using wire::Icmpv6;
using wire::Ipv4;
using wire::Ipv6;
using wire::Sctp;
using wire::Tcp;
using wire::Udp;
using wire::Vlan;
using wire::Vxlan;

using wire::Catalog;
using wire::compose;
using wire::Payload;
using wire::standard_catalog;

using namespace literals;

}  // namespace trawl::inline v0
