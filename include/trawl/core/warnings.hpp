// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Oddities that were read over: counted, the first few kept.
#pragma once
#include <span>

#include "trawl/core/error.hpp"

namespace trawl::inline v0 {

/// Nothing that a source had to guess or repair is lost silently: it ends up here.
class Warnings {
 public:
  static constexpr size_t kept = 16;
  constexpr void add(const Error& warning) {
    if (count_ < kept) first_[count_] = warning;
    ++count_;
  }
  constexpr u64 count() const { return count_; }
  constexpr bool empty() const { return count_ == 0; }
  /// The first ones, at most `kept`.
  constexpr std::span<const Error> first() const { return {first_, size_t(count_ < kept ? count_ : kept)}; }

 private:
  Error first_[kept];
  u64 count_ = 0;
};

}  // namespace trawl::inline v0
