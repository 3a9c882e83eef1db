// SPDX-License-Identifier: Apache-2.0 OR MIT
/// How long a wait may still take.
#pragma once
#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>

namespace trawl::inline v0::linux_capture {

class Deadline {
 public:
  using clock = std::chrono::steady_clock;

  static Deadline never() { return Deadline({}); }
  static Deadline after(std::optional<std::chrono::nanoseconds> time) {
    if (!time) return never();
    const auto now = clock::now();
    const auto most = clock::time_point::max() - now;
    return Deadline(*time >= most ? std::optional<clock::time_point>() : now + std::max(*time, std::chrono::nanoseconds(0)));
  }
  /// The same, at most so far from now.
  Deadline within(std::chrono::nanoseconds time) const {
    const auto then = clock::now() + time;
    return Deadline(end_ ? std::min(*end_, then) : then);
  }
  bool passed() const { return end_ && clock::now() >= *end_; }
  /// For ppoll: null waits for ever.
  const timespec* left(timespec& storage) const {
    if (!end_) return nullptr;
    const auto rest = std::max(std::chrono::duration_cast<std::chrono::nanoseconds>(*end_ - clock::now()), std::chrono::nanoseconds(0));
    storage = {.tv_sec = time_t(rest.count() / 1'000'000'000), .tv_nsec = long(rest.count() % 1'000'000'000)};
    return &storage;
  }

 private:
  explicit Deadline(std::optional<clock::time_point> end) : end_(end) {}
  std::optional<clock::time_point> end_;
};

}  // namespace trawl::inline v0::linux_capture
