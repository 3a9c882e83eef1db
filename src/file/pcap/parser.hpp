// SPDX-License-Identifier: Apache-2.0 OR MIT
/// pcap files (draft-ietf-opsawg-pcap), with the variants that libpcap reads.
#pragma once
#include "file/parsing.hpp"

namespace trawl::inline v0 {

inline constexpr size_t pcap_header_bytes = 24;
/// The largest snaplen of most programs. Records above it count as damage unless the header announces them.
inline constexpr u32 common_snaplen = 262144;

class PcapParser {
 public:
  /// @param header pcap_header_bytes, beginning with a magic
  Result<void> begin(Bytes header, Findings& findings, FrameRoom& room);
  /// Parses whole records.
  Progress parse(Bytes bytes, u64 offset, FrameRoom& room, Findings& findings);
  /// The next record is taken as it is although all of its header is zero.
  void accept_zero_record() { accept_zeros_ = true; }
  const InterfaceInfo& interface() const { return interface_; }
  /// What records look like, for a search behind damage.
  void describe(Order& order, u32& header, u32& fractions, bool& swapped) const {
    order = order_, header = record_header_, fractions = fractions_, swapped = lengths_ == Lengths::swapped;
  }

 private:
  /// Where the lengths are: old versions have them the other way round.
  enum class Lengths : u8 { usual, swapped, either };
  struct RecordLengths {
    u32 captured, original;
  };
  RecordLengths lengths_of(const u8* p) const;
  template <Order order> Progress run(Bytes bytes, u64 offset, FrameRoom& room, Findings& findings);
  Stop examine(Bytes record, u64 offset, u64 packet, Findings& findings, Progress& progress);
  Result<void> check_version(u16 major, u16 minor, Findings& findings);
  void set_link_type(u32 word, Findings& findings);

  Order order_ = Order::little;
  Lengths lengths_ = Lengths::usual;
  bool kuznetzov_ = false, accept_zeros_ = false, warned_snaplen_ = false;
  u32 record_header_ = 16;
  u32 fractions_ = 1'000'000;      // in a second
  u32 nanoseconds_ = 1000;         // in a fraction
  u32 plain_limit_ = 0;            // longer records are looked at twice
  u32 snaplen_ = 0;                // as the header has it
  InterfaceInfo interface_;
};

}  // namespace trawl::inline v0
