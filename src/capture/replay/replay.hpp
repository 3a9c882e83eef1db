// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A source of frames as if it were an interface.
#pragma once
#include <array>
#include <vector>

#include "capture/stop_state.hpp"
#include "trawl/capture/capture.hpp"

namespace trawl::inline v0::detail {

class Replay {
 public:
  static Result<std::unique_ptr<Replay>> open(SourceRef source, const CaptureOptions& options);
  Replay(SourceRef source, const CaptureOptions& options, std::shared_ptr<StopState> stop)
      : source_(source),
        filter_(options.filter),
        direction_(options.direction),
        snaplen_(options.snaplen),
        stop_(std::move(stop)) {}

  Result<std::optional<Batch>> next();
  Result<std::optional<Batch>> poll_next() { return next(); }
  Result<std::optional<Batch>> drain() { return std::nullopt; }
  int fd() const { return -1; }
  std::span<const InterfaceInfo> interfaces() const { return source_.interfaces(); }
  const Warnings& warnings() const { return source_.warnings(); }
  StopHandle stop_handle() const { return StopState::handle(stop_); }
  void rearm() { stop_->rearm(); }
  Result<void> set_filter(const bpf::ProgramSource& filter, std::string_view text);
  void set_timeout(std::optional<std::chrono::nanoseconds>) {}
  CaptureStatistics statistics() const { return statistics_; }
  Result<void> close();

 private:
  Result<u32> select(const Batch& batch);
  Result<const bpf::Program*> program_for(const Frame& frame);
  bool wanted_direction(const Frame& frame) const;

  SourceRef source_;
  bpf::ProgramSource filter_;
  std::vector<std::optional<bpf::Program>> programs_;  ///< one for each interface, made when its first packet comes
  CaptureDirection direction_;
  u32 snaplen_;
  std::shared_ptr<StopState> stop_;
  std::array<Frame, Batch::max_frames> frames_;
  CaptureStatistics statistics_;
  bool ended_ = false;
};

}  // namespace trawl::inline v0::detail
