// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Packets into a row of files: a new one after so many bytes, packets or seconds.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "trawl/file/file_writer.hpp"

namespace trawl::inline v0 {

namespace detail {
struct RepeatedBlocks;
}

struct RotationOptions {
  u64 max_bytes = 0;          ///< of a file, compressed ones as far as they have been written out; 0: no limit
  u64 max_packets = 0;
  u32 seconds = 0;            ///< intervals of packet time that begin at multiples of it since 1970 (UTC)
  u32 ring = 0;               ///< so many files: then the oldest name is written over; 0: no end
  /// Called with the name of each file when it is complete.
  std::function<void(const std::string& path)> finished = {};
};

/// A FrameSink. Names come from a pattern: with `seconds` it goes through strftime (local time, the interval's begin), with a
/// ring it gets a number of as many digits as the last one needs, otherwise the first file has the name as it stands and
/// later ones a number. Numbers stand in front of the suffix: a.pcap.gz, a1.pcap.gz. A packet is in exactly one file; none
/// is split, so that a file with one packet may be larger than max_bytes.
class TRAWL_API RotatingWriter {
 public:
  /// Texts and spans in `writer` must outlive what is made here. The first file is created at once, but for patterns with a time: those wait for the first packet.
  static Result<RotatingWriter> create(std::string pattern, const WriterOptions& writer, RotationOptions rotation);

  RotatingWriter(RotatingWriter&&) noexcept;
  RotatingWriter& operator=(RotatingWriter&&) noexcept;
  ~RotatingWriter();

  Result<void> write(const Batch& batch, std::span<const InterfaceInfo> interfaces);
  /// The same with what stood between the packets, as FileWriter::write() takes it. Names, secrets and the options of a
  /// section header are kept and come into each later file, too, in front of its packets. Custom blocks that must not be
  /// copied are left out.
  Result<void> write(const Batch& batch, std::span<const InterfaceInfo> interfaces, std::span<const OtherBlock> blocks);
  Result<void> flush();
  Result<void> close();
  /// In all files.
  u64 packets() const { return packets_; }
  u64 files() const { return files_; }
  FileFormat format() const;
  /// The file being written; null before the first packet.
  FileWriter* current() { return writer_ ? &*writer_ : nullptr; }

 private:
  RotatingWriter(std::string pattern, const WriterOptions& writer, RotationOptions rotation);
  bool is_full(const Frame& frame, u64 pending_packets, u64 pending_bytes) const;
  bool enters_interval(const Frame& frame) const;
  std::string next_name(const Frame* first) const;
  Result<void> write_other(const OtherBlock& other, std::span<const InterfaceInfo> interfaces);
  Result<void> open(const Frame* first);
  Result<void> finish();

  std::string pattern_, path_;
  WriterOptions writer_options_;
  RotationOptions rotation_;
  std::optional<FileWriter> writer_;
  i64 interval_ = 0;  ///< begin of the current one, seconds
  u64 packets_ = 0, in_file_ = 0, files_ = 0, files_in_interval_ = 0;
  std::unique_ptr<detail::RepeatedBlocks> repeated_;  ///< what each file begins with
};
static_assert(FrameSink<RotatingWriter>);

}  // namespace trawl::inline v0
