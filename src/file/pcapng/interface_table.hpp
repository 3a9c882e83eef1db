// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The interfaces that a pcapng file describes, numbered over the whole file.
#pragma once
#include <memory>
#include <vector>

#include "file/parsing.hpp"
#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

/// Times of an interface. Most can be had by one multiplication.
struct Clock {
  u64 plain_ticks = 0;  ///< below it, ticks * factor + offset is exact and fits
  i64 factor = 0, offset = 0;
  Resolution resolution;
  i64 offset_seconds = 0;

  static Clock of(Resolution resolution, i64 offset_seconds);
};

/// What is needed of an interface for each packet.
struct Lane {
  Clock clock;
  u32 plain_length = 0;  ///< longer packets are looked at twice
  u32 snaplen = 0;
  LinkType link = LinkType::ethernet;
};

class InterfaceTable {
 public:
  /// Adds what the block describes. Errors: too many interfaces, or a block too short to tell.
  Result<void> add(const Block& block, Findings& findings);
  /// Ethernet, microseconds: for a file that has lost its description.
  void assume(u32 section);
  std::span<const InterfaceInfo> interfaces() const { return interfaces_; }
  std::span<Lane> lanes() { return lanes_; }
  std::span<const Lane> lanes() const { return lanes_; }

 private:
  void append(const InterfaceInfo& info);
  Bytes keep(Bytes bytes);
  void read_options(InterfaceInfo& info, const Block& block, Findings& findings);
  std::vector<InterfaceInfo> interfaces_;
  std::vector<Lane> lanes_;
  std::vector<std::unique_ptr<u8[]>> texts_;
  std::vector<std::unique_ptr<InterfaceAddress[]>> addresses_;
  u64 kept_ = 0;
};

}  // namespace trawl::inline v0
