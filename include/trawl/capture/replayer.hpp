// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets sent at their recorded times, or at a rate.
#pragma once
#include <optional>

#include "trawl/capture/sender.hpp"

namespace trawl::inline v0 {

/// How fast packets follow each other.
class Pace {
 public:
  enum class Kind : u8 { top_speed, recorded, packets, bits };

  static constexpr Pace top_speed() { return {Kind::top_speed, 0}; }
  /// As the time stamps say, `multiplier` times as fast. A packet without a time, or with one before that of the packet
  /// in front of it, follows at once.
  static constexpr Pace recorded(double multiplier = 1) { return {Kind::recorded, multiplier}; }
  static constexpr Pace packets_per_second(double rate) { return {Kind::packets, rate}; }
  /// Bits of the frames, from the link-layer header on, without preamble and frame check sequence.
  static constexpr Pace bits_per_second(double rate) { return {Kind::bits, rate}; }

  constexpr Kind kind() const { return kind_; }
  constexpr double rate() const { return rate_; }

 private:
  constexpr Pace(Kind kind, double rate) : rate_(rate), kind_(kind) {}
  double rate_;
  Kind kind_;
};

/// Sends what sources give, through a borrowed Sender. The times at which packets are due are counted from the first
/// one's and not from each other, so that the mean rate is exact: what was late is caught up.
class TRAWL_API Replayer {
 public:
  using clock = std::chrono::steady_clock;

  /// @pre a rate above 0
  explicit Replayer(Sender& sender, Pace pace = Pace::recorded(), u64 limit = ~u64{}) : sender_(sender), pace_(pace), left_(limit) {}

  /// One source after the other; the time between the last packet of one and the first of the next is none.
  /// @return false when the limit is reached or the sender was stopped; what the source or the sender says is wrong.
  /// A packet of another link type than the interface's is counted in skipped() and goes to warnings().
  Result<bool> play(SourceRef source);
  /// The same for one batch of a source that goes on.
  Result<bool> play(const Batch& batch);
  /// The next batch is the first of another source: its times are not those of the one before.
  void begin_source() { source_begins_ = true; }

  /// From the first packet's time to the last one's.
  std::chrono::nanoseconds elapsed() const { return first_ ? *last_ - *first_ : clock::duration(0); }
  u64 skipped() const { return skipped_; }
  u64 left() const { return left_; }
  const Warnings& warnings() const { return warnings_; }

 private:
  clock::time_point due(const Frame& frame);
  Result<void> send(const Batch& batch);

  Sender& sender_;
  const Pace pace_;
  u64 left_, skipped_ = 0;
  bool source_begins_ = true;
  std::optional<clock::time_point> first_, last_;
  clock::time_point base_{};   ///< when the first packet of the source is due
  clock::time_point latest_{};  ///< the latest time at which one was due
  Timestamp recorded_base_;
  bool has_recorded_base_ = false;
  double passed_ = 0;          ///< packets or bits before the next one
  Warnings warnings_;
};

}  // namespace trawl::inline v0
