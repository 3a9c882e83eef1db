// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Apple's packets name their process by the place of its block among the section's: in a file made of several, that is another.
#pragma once
#include <deque>
#include <vector>

#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

/// Of one input.
class ProcessNumbers {
 public:
  /// The next block of the input goes out as this one, counted from 0.
  void add(u32 number) {
    changes_ = changes_ || number != numbers_.size();
    numbers_.push_back(number);
  }
  /// A new section begins.
  void clear() { numbers_.clear(), changes_ = false; }
  bool change() const { return changes_; }
  /// A packet's options with the numbers that hold in the output, put into `room` where they change.
  Bytes renumbered(Bytes options, Order order, std::deque<std::vector<u8>>& room) const;

 private:
  std::vector<u32> numbers_;
  bool changes_ = false;
};

}  // namespace trawl::inline v0
