// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/terminal_line.hpp"

#include <unistd.h>

#include <cstdio>
#include <iterator>

namespace cli {
namespace {
bool is_shown = false;
}

bool TerminalLine::possible() { return ::isatty(STDERR_FILENO) == 1; }

void TerminalLine::show(std::string_view text) {
  std::fprintf(stderr, "\r%.*s\33[K", int(text.size()), text.data());
  is_shown = true;
}

void TerminalLine::hide() {
  if (!is_shown) return;
  std::fputs("\r\33[K", stderr);
  is_shown = false;
}

std::string amount(double bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  for (; bytes >= 999.5 && unit + 1 < std::size(units); ++unit) bytes /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, bytes < 9.95 && unit ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
  return text;
}
}  // namespace cli
