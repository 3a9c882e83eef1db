// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Sets that own their memory. Hosted: it allocates.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "trawl/bpf/set.hpp"

namespace trawl::inline v0::bpf {

/// A value whose contents all copies share.
class TRAWL_API SetTable {
 public:
  /// Bounds as Set has them. @pre ascending, none twice; at least one
  /// @return the set's number, for the `k` of `jin`
  u32 add(std::vector<u32> bounds);
  /// The same for addresses: four words each.
  u32 add_addresses(std::vector<u32> bounds);

  std::span<const Set> view() const { return sets_ ? std::span<const Set>(sets_->views) : std::span<const Set>(); }
  bool empty() const { return !sets_; }
  /// Equal members.
  bool operator==(const SetTable& other) const;

 private:
  struct Contents {
    std::vector<std::vector<u32>> bounds, start;
    std::vector<Set> views;
  };
  u32 add(const Set& set, std::vector<u32> bounds, std::vector<u32> start);
  std::shared_ptr<Contents> sets_;  // not written any more once a copy has it too
};

}  // namespace trawl::inline v0::bpf
