// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Regular expressions over bytes, in time linear to them. Case does not matter.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace trawl::inline v0::display {

class Regex {
 public:
  /// @return null and a reason
  static std::shared_ptr<const Regex> make(std::string_view pattern, std::string& problem);
  virtual ~Regex() = default;
  virtual bool found_in(std::string_view bytes) const = 0;
};

}  // namespace trawl::inline v0::display
