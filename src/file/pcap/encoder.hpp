// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include "file/bytes/output.hpp"
#include "trawl/file/file_writer.hpp"

namespace trawl::inline v0 {

/// How the writing of one packet went.
enum class Put : u8 { done, output_failed, wrong_link_type };

/// What stays the same for all packets of one call.
struct Sinks {
  std::span<const InterfaceInfo> interfaces;
  std::span<const std::string_view> comments;
  Output& output;
  Warnings& warnings;
  u32 borrow_from;  ///< packets of this size and more are not copied
};

/// Has the start of a later packet brought to the cache: packets come from memory that nobody has touched lately, and large
/// ones that are passed over break the processor's own guess.
[[gnu::always_inline]] inline void expect(std::span<const Frame> frames, size_t index) {
  if (index >= frames.size() || frames[index].bytes.empty()) return;
  const Bytes bytes = frames[index].bytes;
  __builtin_prefetch(bytes.data);
  __builtin_prefetch(bytes.data + (bytes.size < 64 ? bytes.size - 1 : 63));  // it seldom begins where a line does
  if (bytes.size > 64) __builtin_prefetch(bytes.data + 127);
}

class PcapEncoder {
 public:
  /// `options` must outlive the encoder.
  explicit PcapEncoder(const WriterOptions& options) : options_(options) {}
  /// @param done how many went well
  Put write(std::span<const Frame> frames, const Sinks& to, size_t& done);
  bool write_raw(Bytes raw, u32 packets, Output& output);
  /// The file has its header and packets already.
  void resume(LinkType link, Resolution resolution) { begun_ = true, link_ = link, nanoseconds_ = resolution == Resolution::nanoseconds(); }
  /// The header, when no packet has brought it.
  bool finish(Output& output) { return begun_ || begin(options_.link_type.value_or(LinkType::ethernet), nullptr, output); }

 private:
  struct StoredTime {
    u32 seconds, fraction;
  };
  StoredTime stored_time(Timestamp time, const Sinks& to) const;
  template <Order order> Put write_one(const Frame& frame, const Sinks& to);
  template <Order order> Put write_all(std::span<const Frame> frames, const Sinks& to, size_t& done);
  bool begin(LinkType link, const InterfaceInfo* interface, Output& output);
  const WriterOptions& options_;
  LinkType link_ = LinkType::ethernet;
  bool begun_ = false, nanoseconds_ = false;
};

}  // namespace trawl::inline v0
