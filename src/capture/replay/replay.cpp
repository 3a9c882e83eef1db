// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/replay/replay.hpp"

#include "capture/any_capture.hpp"
#include "capture/poison.hpp"

namespace trawl::inline v0 {

Result<Capture> Capture::replay(SourceRef source, const CaptureOptions& options) {
  auto replay = detail::Replay::open(source, options);
  if (!replay) return fail(replay.error());
  return detail::AnyCapture::wrap(*std::move(replay));
}

namespace detail {

Result<std::unique_ptr<Replay>> Replay::open(SourceRef source, const CaptureOptions& options) {
  auto stop = StopState::create();
  if (!stop) return fail(stop.error());
  return std::make_unique<Replay>(source, options, *std::move(stop));
}

Result<std::optional<Batch>> Replay::next() {
  poison_frames(frames_);
  for (;;) {
    if (ended_ || stop_->requested()) return std::nullopt;
    auto batch = source_.next();
    if (!batch || !*batch) {
      ended_ = true;
      return batch;
    }
    if ((*batch)->empty()) return batch;
    const auto count = select(**batch);
    if (!count) {
      ended_ = true;
      return fail(count.error());
    }
    if (*count) return Batch(frames_.data(), *count);
  }
}

/// What an interface would have let through, cut to the snaplen. A filter's rejects were never received.
Result<u32> Replay::select(const Batch& batch) {
  u32 count = 0;
  for (const auto& frame : batch) {
    if (!wanted_direction(frame)) continue;
    auto program = program_for(frame);
    if (!program) return fail(program.error());
    const u32 kept = bpf::run((*program)->view(), frame);
    if (!kept) continue;
    auto& result = frames_[count++] = frame;
    result.bytes = result.bytes.first(kept);
    if (snaplen_) result.bytes = result.bytes.first(snaplen_);
  }
  statistics_.received += count;
  statistics_.captured += count;
  statistics_.delivered += count;
  return count;
}

Result<const bpf::Program*> Replay::program_for(const Frame& frame) {
  if (programs_.size() <= frame.interface) programs_.resize(frame.interface + 1);
  auto& program = programs_[frame.interface];
  if (!program || program->link_type() != frame.link) {
    auto made = filter_(frame.link, bpf::Target::offline);
    if (!made) return fail(made.error());
    program = *std::move(made);
  }
  return &*program;
}

bool Replay::wanted_direction(const Frame& frame) const {
  switch (direction_) {
    case CaptureDirection::in: return frame.info.direction != Direction::outbound;
    case CaptureDirection::out: return frame.info.direction == Direction::outbound;
    default: return true;
  }
}

Result<void> Replay::set_filter(const bpf::ProgramSource& filter, std::string_view) {
  if (!interfaces().empty()) {
    const auto made = filter(interfaces()[0].link_type, bpf::Target::offline);
    if (!made) return fail(made.error());
  }
  filter_ = filter;
  programs_.clear();
  return {};
}

Result<void> Replay::close() {
  poison_frames(frames_);
  ended_ = true;
  return {};
}

}  // namespace detail
}  // namespace trawl::inline v0
