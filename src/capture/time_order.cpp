// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/time_order.hpp"

#include "trawl/core/owned_batch.hpp"

namespace trawl::inline v0 {

/// A batch that waits, and how far it has been given out.
struct TimeOrder::Waiting : OwnedBatch {
  using OwnedBatch::OwnedBatch;
  const Frame& front() const { return frames()[next]; }
  size_t next = 0;
};

struct TimeOrder::Source {
  std::deque<Waiting> batches;
  i64 reached = INT64_MIN;  ///< nothing older will come

  const Frame* front() const { return batches.empty() ? nullptr : &batches.front().front(); }
};

TimeOrder::TimeOrder(SinkRef sink, u32 sources, size_t most_bytes) : sink_(sink), most_bytes_(most_bytes), sources_(sources) {}
TimeOrder::~TimeOrder() = default;

Result<void> TimeOrder::write(u32 source, const Batch& batch, std::span<const InterfaceInfo> interfaces) {
  if (batch.empty()) return {};
  Waiting copy(batch);
  const std::scoped_lock lock(mutex_);
  interfaces_.assign(interfaces.begin(), interfaces.end());
  bytes_ += copy.bytes();
  sources_[source].reached = std::max(sources_[source].reached, copy.frames().back().time.nanoseconds);
  sources_[source].batches.push_back(std::move(copy));
  return deliver();
}

Result<void> TimeOrder::advance(u32 source, Timestamp time) {
  const std::scoped_lock lock(mutex_);
  sources_[source].reached = std::max(sources_[source].reached, time.nanoseconds);
  return deliver();
}

Result<void> TimeOrder::finish(u32 source) { return advance(source, {INT64_MAX}); }

u64 TimeOrder::hurried() const {
  const std::scoped_lock lock(mutex_);
  return hurried_;
}

Result<void> TimeOrder::deliver() {
  std::vector<Frame> frames;
  std::vector<Waiting> used;  // their bytes are needed until the sink has them
  const auto flush = [&] {
    if (!frames.empty() && failed_) failed_ = sink_.write(Batch(frames.data(), u32(frames.size())), interfaces_);
    frames.clear();
    used.clear();
  };
  for (;;) {
    i64 certain = INT64_MAX;
    Source* oldest = nullptr;
    for (Source& source : sources_) {
      const Frame* const front = source.front();
      if (!front) certain = std::min(certain, source.reached);
      else if (!oldest || front->time < oldest->front()->time) oldest = &source;
    }
    if (!oldest) break;
    const bool hurry = oldest->front()->time.nanoseconds > certain;
    if (hurry && bytes_ <= most_bytes_) break;
    hurried_ += hurry;
    Waiting& batch = oldest->batches.front();
    frames.push_back(batch.front());
    ++batch.next;
    bytes_ -= frames.back().bytes.size + frames.back().info.metadata.size;
    if (batch.next == batch.size()) {
      used.push_back(std::move(batch));
      oldest->batches.pop_front();
    }
    if (frames.size() == Batch::max_frames) flush();
  }
  flush();
  return failed_;
}

}  // namespace trawl::inline v0
