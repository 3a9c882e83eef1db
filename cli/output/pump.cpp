// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/pump.hpp"

namespace cli {

trawl::Result<bool> Pump::take(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces) {
  context_.interfaces = interfaces;
  if (by_interface_.size() < interfaces.size()) by_interface_.resize(interfaces.size());
  kept_.clear();
  bool more = true;
  for (const trawl::Frame& original : batch) {
    trawl::Frame frame = original;
    ++context_.number;
    ++counts_.seen;
    PumpCounts* mine = frame.interface < by_interface_.size() ? &by_interface_[frame.interface] : nullptr;
    if (mine) ++mine->seen;
    if (frame.info.has_time && !first_seen_) {
      first_seen_ = true;
      context_.first = context_.previous = frame.time;
    }
    bool matches = true;
    if (filter_) {
      const auto verdict = filter_->matches(frame);
      if (!verdict) return std::unexpected(verdict.error());
      matches = *verdict;
    }
    if (matches && display_) matches = display_->matches(frame, context_);
    if (!matches) {
      ++counts_.filtered;
      if (mine) ++mine->filtered;
    } else {
      if (options_.snaplen) frame.bytes = frame.bytes.first(options_.snaplen);
      ++counts_.delivered;
      counts_.bytes += frame.bytes.size;
      if (mine) ++mine->delivered;
      if (writer_) kept_.push_back(frame);
      if (printer_) {
        if (frame.info.has_time && !any_shown_) {
          any_shown_ = true;
          context_.first_displayed = context_.previous_displayed = frame.time;
        }
        printer_->print(frame, context_);
        if (frame.info.has_time) context_.previous_displayed = frame.time;
      }
    }
    if (frame.info.has_time) context_.previous = frame.time;
    if (options_.count && counts_.delivered >= options_.count) {
      more = false;
      break;
    }
  }
  if (writer_ && !kept_.empty())
    if (auto written = writer_->write(trawl::Batch(kept_.data(), trawl::u32(kept_.size())), interfaces); !written)
      return std::unexpected(written.error());
  return more;
}

}  // namespace cli
