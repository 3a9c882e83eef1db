// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Standard output, buffered; a reader that is gone ends the program quietly.
#pragma once
#include <string>
#include <string_view>

namespace cli {

class Output {
 public:
  /// What is appended here goes out when it is large enough, and when the object ends.
  std::string& text() { return text_; }
  void flush_if_large() {
    if (text_.size() >= 64u << 10) flush();
  }
  /// A closed pipe: exits with 0. Another failure: says so and exits with 1.
  void flush();
  ~Output() { flush(); }

 private:
  std::string text_;
};

}  // namespace cli
