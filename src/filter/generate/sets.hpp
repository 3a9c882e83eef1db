// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The sets that a program is to carry: lists that are too long to be tests.
#pragma once
#include <array>
#include <vector>

#include "filter/text/range.hpp"
#include "trawl/bpf/set_table.hpp"

namespace trawl::inline v0::filter {

/// As four words, the first the most significant.
using AddressBound = std::array<u32, 4>;
struct AddressRange {
  AddressBound low{}, high{};
};

class Sets {
 public:
  /// Lists that are shorter are searched by tests.
  static constexpr size_t shortest = 17;

  /// @pre sorted, and none meets another. @return the set's number; that of an equal one, if there is one
  u32 add(const std::vector<Range>& ranges);
  /// In any order.
  u32 add(std::vector<AddressRange> ranges);
  const bpf::SetTable& table() const { return table_; }

 private:
  u32 find_or_add(std::vector<u32> bounds, u32 words);
  bpf::SetTable table_;
};

}  // namespace trawl::inline v0::filter
