// SPDX-License-Identifier: Apache-2.0 OR MIT
/// snoop files (RFC 1761), always big-endian.
#pragma once
#include "file/parsing.hpp"

namespace trawl::inline v0 {

inline constexpr size_t snoop_header_bytes = 16;

class SnoopParser {
 public:
  /// @param header snoop_header_bytes, beginning with the identification
  Result<void> begin(Bytes header, Findings& findings, FrameRoom& room);
  Progress parse(Bytes bytes, u64 offset, FrameRoom& room, Findings& findings);
  /// The next record is not the one behind the last.
  void jump() { drops_.reset(); }
  const InterfaceInfo& interface() const { return interface_; }

 private:
  InterfaceInfo interface_;
  std::optional<u32> drops_ = 0;  ///< up to the record before; unknown behind a seek
};

}  // namespace trawl::inline v0
