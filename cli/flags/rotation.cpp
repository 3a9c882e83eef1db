// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/flags/rotation.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "cli/flags/units.hpp"

namespace cli {

void Rotation::declare(CLI::App& command) {
  command.add_option("-C", size_, "a new file before one has more (without suffix: 10^6 bytes)")->type_name("SIZE");
  command.add_option("-G", seconds_, "a new file for each interval; the name goes through strftime")->type_name("SECONDS");
  command.add_option("-W", files_, "with -C: a ring of so many files; with -G alone: stop after them")->type_name("COUNT");
  command.add_option("-z", command_, "run CMD FILE when a file is complete")->type_name("CMD");
}

Status Rotation::check(const std::string& write_path) const {
  constexpr trawl::u64 tcpdumps_unit = 1'000'000;
  std::string wrong;
  if (!any() && (files_ || !command_.empty())) wrong = "-W and -z need -C or -G";
  else if (any() && (write_path.empty() || write_path == "-")) wrong = "-C and -G need -w FILE";
  else if (!size_.empty() && !parse_size(size_, tcpdumps_unit)) wrong = "-C " + size_ + ": a number like 100M is needed";
  if (wrong.empty()) return Status::done;
  say(wrong);
  return Status::usage;
}

trawl::RotationOptions Rotation::options() {
  constexpr trawl::u64 tcpdumps_unit = 1'000'000;
  trawl::RotationOptions options;
  if (!size_.empty()) options.max_bytes = parse_size(size_, tcpdumps_unit).value_or(0);
  options.seconds = seconds_;
  if (!seconds_) options.ring = files_;
  options.finished = [this](const std::string& path) { run(path); };
  return options;
}

std::optional<double> Rotation::duration() const {
  if (!seconds_ || !files_ || !size_.empty()) return {};
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const trawl::u64 whole = trawl::u64(now);
  const double begun = double(whole - whole % seconds_);
  return begun + double(seconds_) * files_ - now;
}

void Rotation::run(const std::string& path) {
  if (command_.empty()) return;
  std::string program = command_, operand = path;
  char* words[] = {program.data(), operand.data(), nullptr};
  pid_t child = 0;
  if (const int error = posix_spawnp(&child, program.c_str(), nullptr, nullptr, words, environ))
    say("-z " + command_ + ": " + std::strerror(error) + "; " + path + " is left as it is");
  else running_.push_back(child);
}

void Rotation::wait() {
  for (const pid_t child : running_) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) say("warning: -z " + command_ + " failed");
  }
  running_.clear();
}

}  // namespace cli
