// SPDX-License-Identifier: Apache-2.0 OR MIT
/// capture's flags for the way to the packets: -B, -p, -I, -Q, --immediate, --backend, --time-stamp-type.
#pragma once
#include "cli/command.hpp"
#include "trawl/capture/capture_options.hpp"

namespace cli {

class CaptureHow {
 public:
  void declare(CLI::App& command);
  /// Without snaplen and filter.
  trawl::CaptureOptions options() const;
  /// With -I: says which of the interfaces is not in monitor mode, and how to make one that is.
  Status check(const std::vector<std::string>& interfaces) const;

 private:
  std::string direction_ = "inout", backend_ = "auto", time_stamps_ = "host";
  trawl::u64 buffer_kib_ = 0;
  bool not_promiscuous_ = false, immediate_ = false, monitor_ = false;
};

}  // namespace cli
