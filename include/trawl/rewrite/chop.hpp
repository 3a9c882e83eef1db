// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets made shorter: bytes taken out of the middle or off either end, with what their headers say of lengths following.
#pragma once
#include <vector>

#include "trawl/core/frame.hpp"

namespace trawl::inline v0 {

/// `length` bytes from `offset` on; a negative length: so many bytes up to there. A negative offset counts from the packet's
/// end, as does none where the length is negative. What lies outside of the packet is passed over.
struct ChopArea {
  i64 length = 0;
  std::optional<i64> offset = {};
};

enum class ChopLengths : u8 {
  keep,    ///< the length on the wire stays: tools show that bytes are missing
  adjust,  ///< it becomes less by as much as was taken away
  fit,     ///< and so do the lengths in headers, and checksums are computed anew; where that cannot be done, as keep
};

struct ChopOptions {
  std::vector<ChopArea> areas = {};   ///< all places are those in the packet as it was
  u32 snaplen = 0;                    ///< what is left is cut to so many bytes; 0: it is not
  ChopLengths lengths = ChopLengths::keep;
};

class TRAWL_API Chop {
 public:
  explicit Chop(ChopOptions options) : options_(std::move(options)) {}
  /// The frame with fewer bytes, which live until the next call. Costs a copy where anything is taken away.
  Frame operator()(const Frame& frame);
  /// Packets whose headers could not be made to fit (ChopLengths::fit): bytes went from before the end, lengths differ from
  /// layer to layer, the headers themselves were cut, or the packet had been cut when it was captured.
  u64 unfitted() const { return unfitted_; }

 private:
  bool fit(const Frame& whole, u32 size);
  ChopOptions options_;
  std::vector<u8> bytes_;
  u64 unfitted_ = 0;
};

/// What of a packet counts when it is compared with others (Deduplicator::find).
struct ComparedOptions {
  u32 skip_bytes = 0;           ///< at the front, unless the packet has no more than that
  bool skip_radiotap = false;   ///< its header, which differs from radio to radio
  bool skip_vlan = false;       ///< tags behind Ethernet addresses
};
/// @param room the bytes are put here where they are not those of the frame
TRAWL_API Bytes compared_bytes(const Frame& frame, const ComparedOptions& options, std::vector<u8>& room);

}  // namespace trawl::inline v0
