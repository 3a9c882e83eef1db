// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The last line of standard error, written over again and again where that is a terminal.
#pragma once
#include <string>
#include <string_view>

namespace cli {

class TerminalLine {
 public:
  static bool possible();
  static void show(std::string_view text);
  /// Takes the line off until the next show(); for messages, and at the end.
  static void hide();
};

/// "12.3 MB"
std::string amount(double bytes);

}  // namespace cli
