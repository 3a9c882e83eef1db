// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/pump.hpp"

namespace cli {

/// Nothing is asked of the packets and nothing changes in them: the batch goes to the writer as it is.
trawl::Result<bool> Pump::take_whole(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces,
                                     std::span<const trawl::OtherBlock> blocks) {
  context_.number += batch.size();
  counts_.seen += batch.size();
  counts_.delivered += batch.size();
  for (const trawl::Frame *frame = batch.begin(), *const end = batch.end(); frame != end;) {
    const trawl::Frame* const first = frame;  // of those of one interface
    trawl::u64 bytes = 0;
    for (; frame != end && frame->interface == first->interface; ++frame) bytes += frame->bytes.size;
    counts_.bytes += bytes;
    if (first->interface >= by_interface_.size()) continue;
    by_interface_[first->interface].seen += trawl::u64(frame - first);
    by_interface_[first->interface].delivered += trawl::u64(frame - first);
  }
  if (auto written = writer_->write(batch, interfaces, blocks); !written) return std::unexpected(written.error());
  return true;
}

trawl::Result<bool> Pump::take(const trawl::Batch& batch, std::span<const trawl::InterfaceInfo> interfaces,
                               std::span<const trawl::OtherBlock> blocks) {
  context_.interfaces = interfaces;
  if (by_interface_.size() < interfaces.size()) by_interface_.resize(interfaces.size());
  const bool all = writer_ && !filter_ && !display_ && !printer_ && !place_ && !options_.snaplen;
  if (all && (!options_.count || batch.size() < options_.count - counts_.delivered)) return take_whole(batch, interfaces, blocks);
  kept_.clear(), kept_blocks_.clear();
  const auto take_blocks = [&](trawl::u32 up_to) {
    for (; writer_ && !blocks.empty() && blocks.front().before <= up_to; blocks = blocks.subspan(1)) {
      kept_blocks_.push_back(blocks.front());
      kept_blocks_.back().before = trawl::u32(kept_.size());
    }
  };
  bool more = true;
  for (const trawl::Frame& original : batch) {
    trawl::Frame frame = original;
    ++context_.number;
    take_blocks(trawl::u32(&original - batch.begin()));
    if (place_ && !place_->holds(context_.number, frame)) {
      note_time(frame);
      continue;
    }
    ++counts_.seen;
    PumpCounts* mine = frame.interface < by_interface_.size() ? &by_interface_[frame.interface] : nullptr;
    if (mine) ++mine->seen;
    note_first(frame);
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
    note_time(frame);
    if (options_.count && counts_.delivered >= options_.count) {
      more = false;
      break;
    }
  }
  if (more) take_blocks(batch.size());
  if (writer_ && (!kept_.empty() || !kept_blocks_.empty()))
    if (auto written = writer_->write(trawl::Batch(kept_.data(), trawl::u32(kept_.size())), interfaces, kept_blocks_); !written)
      return std::unexpected(written.error());
  return more;
}

}  // namespace cli
