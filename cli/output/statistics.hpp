// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The counters at the end of a job, as text or as one JSON line on standard error.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/output/pump.hpp"
#include "trawl/file/rotating_writer.hpp"

namespace cli {

struct Counters {
  trawl::u64 received = 0, captured = 0, dropped_kernel = 0, dropped_interface = 0, discarded = 0, filtered = 0, written = 0;
};
struct InterfaceCountersOf {
  std::string name;
  Counters counters;
};

Counters of_files(const Pump& pump);
void print_statistics(bool json, const Counters& all, const std::vector<InterfaceCountersOf>& interfaces);
/// Opens -w FILE as a row of files; says what is wrong.
Status open_rotation(const PacketOptions& options, const trawl::RotationOptions& rotation, std::optional<trawl::RotatingWriter>& writer);
/// Opens -w FILE; says what is wrong.
Status open_writer(const PacketOptions& options, const std::vector<std::string>& inputs, std::optional<trawl::FileWriter>& writer);

}  // namespace cli
