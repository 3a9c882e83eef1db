// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/input/live.hpp"

#include <algorithm>

#include <poll.h>

namespace cli {
namespace {
constexpr std::chrono::nanoseconds longest_wait = std::chrono::milliseconds(400);
}

trawl::Result<void> Live::open(const std::string& interface, const trawl::CaptureOptions& options, trawl::u32 members) {
  const size_t first = interfaces_.size();
  if (members == 1) {
    auto capture = trawl::Capture::open(interface, options);
    if (!capture) return std::unexpected(capture.error());
    captures_.push_back(std::move(*capture));
    first_interface_.push_back(first);
  } else {
    auto group = trawl::FanoutCapture::open(interface, members, options);
    if (!group) return std::unexpected(group.error());
    for (trawl::Capture& member : group->members()) captures_.push_back(std::move(member)), first_interface_.push_back(first);
  }
  const auto described = captures_.back().interfaces();
  interfaces_.insert(interfaces_.end(), described.begin(), described.end());
  return {};
}

trawl::Batch Live::numbered(const trawl::Batch& batch, size_t capture) {
  const auto first = trawl::u32(first_interface_[capture]);
  if (first == 0) return batch;
  frames_.assign(batch.begin(), batch.end());
  for (trawl::Frame& frame : frames_) frame.interface += first;
  return {frames_.data(), trawl::u32(frames_.size())};
}

trawl::Result<std::optional<trawl::Batch>> Live::next(std::optional<std::chrono::steady_clock::time_point> deadline) {
  std::optional<std::chrono::nanoseconds> left;
  if (deadline) left = std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(*deadline - std::chrono::steady_clock::now()));
  left = std::min(left.value_or(longest_wait), longest_wait);
  if (captures_.size() == 1) {
    captures_[0].set_timeout(left);
    return captures_[0].next();
  }
  std::vector<pollfd> descriptors;
  descriptors.reserve(captures_.size());
  for (const trawl::Capture& capture : captures_) descriptors.push_back({capture.fd(), POLLIN, 0});
  for (int round = 0; round < 2; ++round) {
    for (size_t i = 0; i < captures_.size(); ++i) {
      const size_t one = (turn_ + i) % captures_.size();
      auto batch = captures_[one].poll_next();
      if (!batch || !*batch) return batch;
      if ((*batch)->empty()) continue;
      turn_ = one + 1;
      return numbered(**batch, one);
    }
    const int wait = int(std::chrono::duration_cast<std::chrono::milliseconds>(*left).count()) + 1;
    if (round == 0) ::poll(descriptors.data(), nfds_t(descriptors.size()), wait);
  }
  return trawl::Batch();
}

trawl::Result<std::optional<trawl::Batch>> Live::drain() {
  for (size_t i = 0; i < captures_.size(); ++i) {
    auto batch = captures_[i].drain();
    if (!batch) return batch;
    if (*batch) return numbered(**batch, i);
  }
  return std::optional<trawl::Batch>();
}

}  // namespace cli
