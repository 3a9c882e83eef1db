// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include "file/output.hpp"
#include "trawl/file/file_writer.hpp"

namespace trawl::inline v0 {

/// How the writing of one packet went.
enum class Put : u8 { done, output_failed, wrong_link_type };

class PcapEncoder {
 public:
  /// `options` must outlive the encoder.
  explicit PcapEncoder(const WriterOptions& options) : options_(options) {}
  Put write(const Frame& frame, std::span<const InterfaceInfo> interfaces, Output& output, Warnings& warnings);
  bool write_raw(Bytes raw, u32 packets, Output& output);
  /// The header, when no packet has brought it.
  bool finish(Output& output) { return begun_ || begin(options_.link_type.value_or(LinkType::ethernet), nullptr, output); }

 private:
  bool begin(LinkType link, const InterfaceInfo* interface, Output& output);
  const WriterOptions& options_;
  LinkType link_ = LinkType::ethernet;
  bool begun_ = false, nanoseconds_ = false;
};

}  // namespace trawl::inline v0
