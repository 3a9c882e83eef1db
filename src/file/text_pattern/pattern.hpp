// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A regular expression with the groups data, time, dir and seqno.
#pragma once
#include <memory>
#include <string_view>

#include "trawl/core/error.hpp"

namespace trawl::inline v0 {

class TextPattern {
 public:
  struct Match {
    size_t begin = 0, end = 0;                        ///< in the text; never equal
    std::string_view data, time, direction, number;   ///< those without data(): not matched
  };
  static Result<std::unique_ptr<const TextPattern>> make(std::string_view pattern);
  virtual ~TextPattern() = default;
  /// The first match at `from` or behind it; what stands before `from` is seen by ^ and \b.
  virtual bool find(std::string_view text, size_t from, Match& match) const = 0;
};

}  // namespace trawl::inline v0
