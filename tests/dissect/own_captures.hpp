// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The packets in tests/captures/ that we made ourselves.
#pragma once
#include <string>
#include <vector>

#include "trawl/core/link_type.hpp"

namespace trawl::test {

struct OwnCapture {
  std::string name;   ///< of the file, without .pcap
  LinkType link = LinkType::ethernet;
  std::vector<std::vector<u8>> packets;
};
std::vector<OwnCapture> own_captures();

/// As a pcap file: little-endian, microseconds, a packet a second from 2026-01-01T00:00:00Z.
std::vector<u8> pcap_of(const OwnCapture& capture);

}  // namespace trawl::test
