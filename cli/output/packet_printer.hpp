// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Prints packets in the form that the flags ask for.
#pragma once
#include <memory>

#include "cli/flags/packet_options.hpp"
#include "cli/output/output.hpp"

namespace cli {

class PacketPrinter {
 public:
  /// @return an unknown field name's error
  static trawl::Result<std::unique_ptr<PacketPrinter>> make(const PacketOptions& options);
  void print(const trawl::Frame& frame, const trawl::FrameContext& context);
  /// The end of the job: --count prints its number.
  void finish();
  void flush() { output_.flush(); }

 private:
  explicit PacketPrinter(const PacketOptions& options) : options_(options) {}
  const PacketOptions& options_;
  trawl::Summary summary_;
  std::optional<trawl::Columns> columns_;
  Output output_;
  trawl::u64 count_ = 0;
};

}  // namespace cli
