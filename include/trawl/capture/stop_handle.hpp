// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Ends a wait from elsewhere.
#pragma once
#include <memory>

#include "trawl/core/config.hpp"

namespace trawl::inline v0 {

namespace detail {
class StopState;
}

/// Stops the capture it comes from: next() returns no batch, now and at every call until rearm(). Copies are equal;
/// they outlive the capture and do nothing then. stop() may be called from any thread and from a signal handler.
class TRAWL_API StopHandle {
 public:
  StopHandle() = default;
  /// One write to an eventfd; keeps errno.
  void stop() const noexcept;
  bool stopped() const noexcept;

 private:
  friend class detail::StopState;
  explicit StopHandle(std::shared_ptr<detail::StopState> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::StopState> state_;
};

}  // namespace trawl::inline v0
