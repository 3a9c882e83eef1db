// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output/progress.hpp"

#include <sys/stat.h>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/output/terminal_line.hpp"

namespace cli {
namespace {

using namespace std::chrono_literals;
constexpr auto silent = 2s;
constexpr auto interval = 200ms;

std::string duration(double seconds) {
  const auto whole = static_cast<unsigned long long>(std::llround(seconds));
  char text[48];
  if (whole >= 3600) std::snprintf(text, sizeof text, "%llu:%02llu:%02llu", whole / 3600, whole / 60 % 60, whole % 60);
  else std::snprintf(text, sizeof text, "%llu:%02llu", whole / 60, whole % 60);
  return text;
}

}  // namespace

Progress::Progress(trawl::u64 total) : total_(total), begin_(Clock::now()), next_(begin_ + silent), terminal_(TerminalLine::possible()) {}

trawl::u64 Progress::size_of(const std::vector<std::string>& paths) {
  trawl::u64 sum = 0;
  for (const std::string& path : paths) {
    struct stat facts{};
    if (path == "-" || ::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return 0;
    sum += trawl::u64(facts.st_size);
  }
  return sum;
}

Progress::~Progress() { TerminalLine::hide(); }

void Progress::tick(trawl::u64 done) {
  if (!terminal_) return;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + interval;
  show(done, now - begin_);
}

void Progress::show(trawl::u64 done, Clock::duration taken) const {
  constexpr size_t width = 30;
  const double seconds = std::chrono::duration<double>(taken).count(), rate = double(done) / seconds;
  std::string line;
  if (total_) {
    const double part = std::min(1.0, double(done) / double(total_));
    const auto full = size_t(part * double(width));
    char percent[8];
    std::snprintf(percent, sizeof percent, "%3.0f %% ", part * 100);
    line.append(percent).append("[").append(full, '#').append(width - full, '.').append("] ");
  }
  line += amount(double(done));
  if (total_) line.append(" of ").append(amount(double(total_)));
  line.append(", ").append(amount(rate)).append("/s");
  if (total_ && rate > 0) line.append(", ").append(duration(std::max(0.0, double(total_) - double(done)) / rate)).append(" left");
  TerminalLine::show(line);
}

}  // namespace cli
