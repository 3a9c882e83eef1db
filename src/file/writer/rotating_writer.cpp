// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/rotating_writer.hpp"

#include <algorithm>
#include <ctime>
#include <deque>
#include <iomanip>
#include <sstream>

#include "file/pcapng/seen_blocks.hpp"

namespace trawl::inline v0 {
namespace {

/// Bytes that a packet takes in the file, at most.
u64 record_bytes(const Frame& frame, FileFormat format) {
  constexpr u64 pcap_header = 16, block = 36, common_options = 48;
  if (format == FileFormat::pcap) return pcap_header + frame.bytes.size;
  return block + frame.bytes.size + (frame.info.metadata.size ? frame.info.metadata.size + 4 : common_options);
}

/// What stands in front of the first packet, as long as it has not been written: for pcapng a guess.
u64 bytes_to_come(const FileWriter& writer) {
  if (writer.packets()) return 0;
  constexpr u64 pcap_header = 24, section_and_interface = 512;
  return writer.format() == FileFormat::pcap ? pcap_header : section_and_interface;
}

i64 interval_of(const Frame& frame, u32 seconds) {
  const i64 time = frame.time.seconds();
  const i64 into = time % seconds;
  return time - (into < 0 ? into + seconds : into);
}

/// In front of .pcap, .pcapng and what follows them.
std::string with_number(const std::string& path, const std::string& number) {
  const auto base = path.rfind('/') == path.npos ? 0 : path.rfind('/') + 1;
  const auto plain = without_compression_suffix(path).size();
  auto dot = path.rfind('.', plain ? plain - 1 : 0);
  if (dot == path.npos || dot <= base) dot = plain;
  return path.substr(0, dot) + number + path.substr(dot);
}

std::string with_time(const std::string& pattern, i64 seconds) {
  const std::time_t time = seconds;
  std::tm local{};
  localtime_r(&time, &local);
  std::ostringstream text;
  text << std::put_time(&local, pattern.c_str());
  return text.str();
}

bool is_for_each_file(BlockType type) { return speaks_of_later_packets(type) || type == BlockType::section_header; }

}  // namespace

namespace detail {
struct RepeatedBlocks {
  std::vector<OtherBlock> blocks{};
  std::deque<std::vector<u8>> bytes{};  ///< which these borrow
  SeenBlocks seen{};
};
}  // namespace detail

RotatingWriter::RotatingWriter(std::string pattern, const WriterOptions& writer, RotationOptions rotation)
    : pattern_(std::move(pattern)),
      writer_options_(writer),
      rotation_(std::move(rotation)),
      repeated_(std::make_unique<detail::RepeatedBlocks>()) {}
RotatingWriter::RotatingWriter(RotatingWriter&&) noexcept = default;
RotatingWriter& RotatingWriter::operator=(RotatingWriter&&) noexcept = default;
RotatingWriter::~RotatingWriter() = default;

Result<RotatingWriter> RotatingWriter::create(std::string pattern, const WriterOptions& writer, RotationOptions rotation) {
  RotatingWriter made(std::move(pattern), writer, std::move(rotation));
  if (!made.rotation_.seconds)
    if (auto opened = made.open(nullptr); !opened) return fail(opened.error());
  return made;
}

std::string RotatingWriter::next_name(const Frame* first) const {
  const u32 seconds = rotation_.seconds;
  if (seconds) {
    const std::string name = with_time(pattern_, first ? interval_of(*first, seconds) : interval_);
    // Two files of one interval, or a pattern without a time: numbers tell them apart.
    const u64 number = pattern_.find('%') == pattern_.npos ? files_ : files_in_interval_;
    return number ? with_number(name, std::to_string(number)) : name;
  }
  if (rotation_.ring) {
    std::string number = std::to_string(files_ % rotation_.ring);
    const size_t digits = std::to_string(rotation_.ring - 1).size();
    return with_number(pattern_, std::string(digits - number.size(), '0') + number);
  }
  return files_ ? with_number(pattern_, std::to_string(files_)) : pattern_;
}

Result<void> RotatingWriter::open(const Frame* first) {
  if (rotation_.seconds && first) {
    const i64 interval = interval_of(*first, rotation_.seconds);
    files_in_interval_ = files_ && interval == interval_ ? files_in_interval_ + 1 : 0;
  }
  path_ = next_name(first);
  if (rotation_.seconds && first) interval_ = interval_of(*first, rotation_.seconds);
  auto made = FileWriter::create(path_, writer_options_);
  if (!made) return fail(made.error());
  writer_ = std::move(*made);
  ++files_;
  in_file_ = 0;
  const auto written = writer_->write({}, {}, repeated_->blocks);
  std::erase_if(repeated_->blocks, [](const OtherBlock& other) { return !is_for_each_file(other.block.type); });
  return written;
}

Result<void> RotatingWriter::finish() {
  if (!writer_) return {};
  const auto closed = writer_->close();
  writer_.reset();
  if (closed && rotation_.finished) rotation_.finished(path_);
  return closed;
}

bool RotatingWriter::enters_interval(const Frame& frame) const {
  return rotation_.seconds && frame.info.has_time && interval_of(frame, rotation_.seconds) != interval_;
}

bool RotatingWriter::is_full(const Frame& frame, u64 pending_packets, u64 pending_bytes) const {
  if (in_file_ + pending_packets == 0) return false;
  if (rotation_.max_packets && in_file_ + pending_packets >= rotation_.max_packets) return true;
  return rotation_.max_bytes &&
         writer_->bytes() + bytes_to_come(*writer_) + pending_bytes + record_bytes(frame, writer_->format()) > rotation_.max_bytes;
}

Result<void> RotatingWriter::write(const Batch& batch, std::span<const InterfaceInfo> interfaces) {
  u32 begin = 0;
  u64 pending_bytes = 0;
  const auto put = [&](u32 end) -> Result<void> {
    if (begin == end) return {};
    const Batch part(batch.begin() + begin, end - begin);
    if (auto written = writer_->write(part, interfaces); !written) return written;
    in_file_ += part.size(), packets_ += part.size();
    begin = end, pending_bytes = 0;
    return {};
  };
  for (u32 i = 0; i < batch.size(); ++i) {
    const Frame& frame = batch[i];
    const bool next = writer_ && (enters_interval(frame) || is_full(frame, i - begin, pending_bytes));
    if (next) {
      if (auto written = put(i); !written) return written;
      if (auto finished = finish(); !finished) return finished;
    }
    if (!writer_)
      if (auto opened = open(&frame); !opened) return opened;
    pending_bytes += record_bytes(frame, writer_->format());
  }
  return put(batch.size());
}

Result<void> RotatingWriter::write_other(const OtherBlock& other, std::span<const InterfaceInfo> interfaces) {
  const BlockType type = other.block.type;
  if (type == BlockType::custom_do_not_copy) return {};
  if (writer_)
    if (auto written = writer_->write({}, interfaces, {&other, 1}); !written) return written;
  // Without a file yet the others wait for it, but for statistics: they need an interface that this file has.
  if (is_for_each_file(type) ? !repeated_->seen.add(other.block) : writer_ || type == BlockType::interface_statistics) return {};
  repeated_->bytes.emplace_back(other.block.raw.begin(), other.block.raw.end());
  repeated_->blocks.push_back(other);
  repeated_->blocks.back().block.raw = repeated_->bytes.back();
  return {};
}

Result<void> RotatingWriter::write(const Batch& batch, std::span<const InterfaceInfo> interfaces, std::span<const OtherBlock> blocks) {
  u32 done = 0;
  for (const auto& other : blocks) {
    const u32 end = std::clamp(other.before, done, batch.size());
    if (auto written = write(Batch(batch.begin() + done, end - done), interfaces); !written) return written;
    done = end;
    if (auto written = write_other(other, interfaces); !written) return written;
  }
  return write(Batch(batch.begin() + done, batch.size() - done), interfaces);
}

FileFormat RotatingWriter::format() const { return format_of(pattern_, writer_options_); }
Result<void> RotatingWriter::flush() { return writer_ ? writer_->flush() : Result<void>(); }
Result<void> RotatingWriter::close() { return finish(); }

}  // namespace trawl::inline v0
