// SPDX-License-Identifier: Apache-2.0 OR MIT
/// One stream in order of time out of several, each of which is.
#pragma once
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "trawl/core/frame_source.hpp"

namespace trawl::inline v0 {

/// Takes the batches of several sources, from as many threads, and hands their frames to one sink in order of time; one
/// call of the sink at a time. A frame waits until every other source has come as far: sources with nothing to give have
/// to say so. Costs a copy of each packet.
class TRAWL_API TimeOrder {
 public:
  /// @param sink borrowed
  /// @param most_bytes of packets that wait; above it the oldest go out, whether their turn is certain or not
  TimeOrder(SinkRef sink, u32 sources, size_t most_bytes = size_t{64} << 20);
  ~TimeOrder();

  /// All sources have the same interfaces, those of the last call.
  /// @return what the sink said, now or before
  Result<void> write(u32 source, const Batch& batch, std::span<const InterfaceInfo> interfaces);
  /// Nothing older than `time` will come from it.
  Result<void> advance(u32 source, Timestamp time);
  /// Nothing will come from it at all.
  Result<void> finish(u32 source);
  /// Packets that went out before their turn was certain.
  u64 hurried() const;

 private:
  struct Waiting;
  struct Source;
  Result<void> deliver();

  mutable std::mutex mutex_;
  SinkRef sink_;
  const size_t most_bytes_;
  size_t bytes_ = 0;
  u64 hurried_ = 0;
  std::vector<Source> sources_;
  std::vector<InterfaceInfo> interfaces_;
  Result<void> failed_;
};

}  // namespace trawl::inline v0
