// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Expressions with the packets that they match, and generated packets.
#pragma once
#include <random>
#include <string>
#include <vector>

#include "trawl/filter/filter.hpp"

namespace trawl::test {

/// Rows of a tab-separated file of captures/filter, without its heading. Empty when the captures are not there.
std::vector<std::vector<std::string>> filter_rows(const std::string& name);

/// Rows of any tab-separated file, without lines that begin with '#'.
std::vector<std::vector<std::string>> rows_of(const std::string& path);

struct Packet {
  std::vector<u8> bytes;
  u32 original_length = 0;
};
/// The packets of captures/filter/caps/`name` (pcap, or the plainer kinds of pcapng).
std::vector<Packet> filter_capture(const std::string& name);

inline Frame frame_of(const Packet& packet, LinkType link) {
  return {.bytes = Bytes(packet.bytes.data(), packet.bytes.size()), .original_length = packet.original_length, .link = link};
}

inline const CompileOptions vector_options{.netmask = Ipv4Address{{{255, 255, 255, 0}}}};

struct Random {
  std::mt19937 engine{1};
  u32 operator()() { return u32(engine()); }
};
/// A packet of `link` made of everyday headers with a few bytes changed, often cut short.
Packet random_packet(Random& random, LinkType link);

/// The text of an error, with its column.
std::string say(const Error& error);

}  // namespace trawl::test
