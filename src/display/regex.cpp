// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "display/regex.hpp"

#include "trawl/core/switches.hpp"

#if TRAWL_WITH_DISPLAY
#  include <re2/re2.h>

namespace trawl::inline v0::display {

namespace {

class Compiled : public Regex {
 public:
  explicit Compiled(std::string_view pattern) : regex_(re2::StringPiece(pattern.data(), pattern.size()), options()) {}
  bool found_in(std::string_view bytes) const override {
    return re2::RE2::PartialMatch(re2::StringPiece(bytes.data(), bytes.size()), regex_);
  }
  const re2::RE2& regex() const { return regex_; }

 private:
  static re2::RE2::Options options() {
    re2::RE2::Options result(re2::RE2::Latin1);  // any byte is a character
    result.set_case_sensitive(false);
    result.set_log_errors(false);
    return result;
  }
  re2::RE2 regex_;
};

}  // namespace

std::shared_ptr<const Regex> Regex::make(std::string_view pattern, std::string& problem) {
  auto made = std::make_shared<Compiled>(pattern);
  if (made->regex().ok()) return made;
  problem = made->regex().error();
  return nullptr;
}

}  // namespace trawl::inline v0::display
#else
namespace trawl::inline v0::display {

std::shared_ptr<const Regex> Regex::make(std::string_view, std::string& problem) {
  problem = "built without regular expressions (TRAWL_WITH_DISPLAY)";
  return nullptr;
}

}  // namespace trawl::inline v0::display
#endif
