// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a StopHandle and its capture share.
#pragma once
#include <atomic>

#include "trawl/capture/stop_handle.hpp"
#include "trawl/core/error.hpp"

namespace trawl::inline v0::detail {

/// The flag is looked at while packets flow, the descriptor while nothing does. Either alone means stop.
class StopState {
 public:
  static Result<std::shared_ptr<StopState>> create();
  explicit StopState(int fd) : fd_(fd) {}
  StopState(const StopState&) = delete;
  StopState& operator=(const StopState&) = delete;
  ~StopState();

  void stop() noexcept;
  void rearm() noexcept;
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }
  /// The descriptor was seen readable.
  void seen() noexcept { requested_.store(true, std::memory_order_relaxed); }
  int fd() const { return fd_; }
  static StopHandle handle(std::shared_ptr<StopState> state) { return StopHandle(std::move(state)); }

 private:
  std::atomic<bool> requested_ = false;
  static_assert(std::atomic<bool>::is_always_lock_free);
  const int fd_;
};

}  // namespace trawl::inline v0::detail
