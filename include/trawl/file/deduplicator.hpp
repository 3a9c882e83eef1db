// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Finds packets that have been there before.
#pragma once
#include <optional>
#include <unordered_map>
#include <vector>

#include "trawl/core/frame.hpp"
#include "trawl/core/sha256.hpp"

namespace trawl::inline v0 {

/// How far back a packet is compared: so many packets, or so much time; the smaller of both where both are set.
struct DedupWindow {
  u32 packets = 0;              ///< 0: no limit of number; memory holds 2^20 packets at most
  i64 nanoseconds = 0;          ///< 0: no limit of time
};

/// Packets are the same when their bytes, lengths and link types are: 128 bits of a SHA-256 stand for them.
class TRAWL_API Deduplicator {
 public:
  explicit Deduplicator(const DedupWindow& window);
  /// True: the same packet was within the window. Costs a hash of the packet.
  bool seen(const Frame& frame) { return find(frame, frame.bytes).has_value(); }
  /// The number of the last packet within the window that was the same, from 0 in the order in which they came.
  /// @param compared stands for the frame's bytes, of which some may not count
  std::optional<u64> find(const Frame& frame, Bytes compared);

 private:
  struct Digest {
    u64 first = 0, second = 0;
    constexpr bool operator==(const Digest&) const = default;
  };
  struct Hash {
    size_t operator()(const Digest& digest) const { return size_t(digest.first); }
  };
  struct Entry {
    Digest digest;
    i64 time = 0;
  };
  struct Last {
    u64 number;
    i64 time;
  };
  static Digest digest_of(const Frame& frame, Bytes compared);
  DedupWindow window_;
  std::vector<Entry> ring_;
  std::unordered_map<Digest, Last, Hash> last_;
  u64 number_ = 0;
};

}  // namespace trawl::inline v0
