// SPDX-License-Identifier: Apache-2.0 OR MIT
/// capture's -C, -G, -W and -z.
#pragma once
#include <sys/types.h>

#include "cli/command.hpp"
#include "trawl/file/rotating_writer.hpp"

namespace cli {

class Rotation {
 public:
  void declare(CLI::App& command);
  bool any() const { return !size_.empty() || seconds_; }
  /// -z was given.
  bool runs_command() const { return !command_.empty(); }
  /// @return Status::usage after having said what is wrong
  Status check(const std::string& write_path) const;
  trawl::RotationOptions options();
  /// -G with -W and without -C: seconds until the last of the files is over.
  std::optional<double> duration() const;
  /// Waits for the commands of -z.
  void wait();

 private:
  void run(const std::string& path);
  std::string size_, command_;
  trawl::u32 seconds_ = 0, files_ = 0;
  std::vector<pid_t> running_;
};

}  // namespace cli
