// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/replayer.hpp"

#include <algorithm>
#include <string>

namespace trawl::inline v0 {
namespace {

std::chrono::nanoseconds seconds(double count) {
  constexpr double most = 9e9;  // 285 years
  return std::chrono::nanoseconds(i64(std::clamp(count, 0.0, most) * 1e9));
}

}  // namespace

Replayer::clock::time_point Replayer::due(const Frame& frame) {
  switch (pace_.kind()) {
    case Pace::Kind::top_speed: return *first_;
    case Pace::Kind::packets:
    case Pace::Kind::bits: return *first_ + seconds(passed_ / pace_.rate());
    case Pace::Kind::recorded: break;
  }
  if (source_begins_) base_ = latest_, has_recorded_base_ = source_begins_ = false;
  if (frame.info.has_time) {
    if (!has_recorded_base_) recorded_base_ = frame.time, has_recorded_base_ = true;
    i64 after = 0;
    if (__builtin_sub_overflow(frame.time.nanoseconds, recorded_base_.nanoseconds, &after)) after = INT64_MAX;
    latest_ = std::max(latest_, base_ + seconds(double(after) / 1e9 / pace_.rate()));
  }
  return latest_;
}

Result<void> Replayer::send(const Batch& batch) {
  auto sent = sender_.send(batch);
  left_ -= batch.size();
  last_ = clock::now();
  return sent;
}

Result<bool> Replayer::play(const Batch& whole) {
  const Batch batch = whole.first(u32(std::min<u64>(whole.size(), left_)));
  if (left_ == 0) return false;
  if (!batch.empty() && !first_) base_ = latest_ = *(first_ = last_ = clock::now());
  auto now = clock::now();
  u32 from = 0;  // due and not yet sent
  const auto send_until = [&](u32 to) -> Result<void> {
    if (from == to) return {};
    const auto sent = send({batch.begin() + from, to - from});
    from = to;
    return sent;
  };
  for (u32 i = 0; i < batch.size(); ++i) {
    const Frame& frame = batch[i];
    if (frame.link != sender_.interface().link_type) {
      if (auto sent = send_until(i); !sent) return fail(sent.error());
      from = i + 1;
      ++skipped_;
      Error error{.operation = Operation::send_packet, .reason = Reason::wrong_link_type};
      warnings_.add(error.with(std::string(trawl::name(frame.link)) + " on " + std::string(sender_.interface().name)));
      continue;
    }
    const auto time = due(frame);
    passed_ += pace_.kind() == Pace::Kind::bits ? double(frame.bytes.size) * 8 : 1;
    if (time <= now) continue;
    if (time <= (now = clock::now())) continue;
    if (auto sent = send_until(i); !sent) return fail(sent.error());
    if (!sender_.wait_until(time)) return false;
    now = clock::now();
  }
  if (auto sent = send_until(batch.size()); !sent) return fail(sent.error());
  return left_ != 0;
}

Result<bool> Replayer::play(SourceRef source) {
  begin_source();
  for (;;) {
    if (left_ == 0 || sender_.stop_handle().stopped()) return false;
    const auto batch = source.next();
    if (!batch) return fail(batch.error());
    if (!*batch) return true;
    const auto more = play(**batch);
    if (!more || !*more) return more;
  }
}

}  // namespace trawl::inline v0
