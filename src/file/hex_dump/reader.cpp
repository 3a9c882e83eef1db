// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include "file/hex_dump/line.hpp"
#include "file/problem.hpp"
#include "file/text/body.hpp"
#include "trawl/core/link_type.hpp"

namespace trawl::inline v0 {
namespace detail {
namespace {

constexpr size_t longest_line = 1u << 20, usual_width = 16;

/// An IP packet that ends where these bytes do.
bool is_whole_ip(Bytes bytes) {
  if (bytes.size >= 20 && bytes[0] >> 4 == 4) return load_be<u16>(bytes.data + 2) == bytes.size;
  return bytes.size >= 40 && bytes[0] >> 4 == 6 && size_t{load_be<u16>(bytes.data + 4)} + 40 == bytes.size;
}

}  // namespace

class HexDumpBody final : public TextBody {
 public:
  HexDumpBody(TextWindow text, const HexDumpOptions& options)
      : TextBody(std::move(text), options.link_type.value_or(LinkType::ethernet)),
        options_(options) {}

 private:
  Result<bool> read_on() override;
  Result<std::optional<std::string_view>> next_line();
  void take_line(std::string_view text);
  void take_text(std::string_view text);
  void take_dump();
  void settle(std::optional<u64> next_offset);
  void finish_packet();
  void refuse(const auto&... pieces);

  HexDumpOptions options_;
  size_t line_size_ = 0;
  u64 line_ = 0;
  bool link_settled_ = false;

  // The packet being read.
  bool in_packet_ = false, refused_ = false, passed_over_ = false;
  std::vector<u8> packet_;
  DumpLine last_, read_;               ///< last_: its bytes are not in packet_ yet, for the next line says how many they are
  u64 last_line_ = 0;
  size_t width_ = 0;                   ///< of a full line; 0: not known
  bool tcpdump_ = false;
  // Said before it.
  std::optional<Timestamp> time_;
  Direction direction_ = Direction::unknown;
  bool other_bytes_ = false;           ///< the heading says that these are not the frame's
};

void HexDumpBody::refuse(const auto&... pieces) {
  if (!refused_) damage.add(problem(Reason::damaged, Error::unknown, next_packet(), pieces...));
  refused_ = true;
}

/// A line without its end; nothing when there are no more.
Result<std::optional<std::string_view>> HexDumpBody::next_line() {
  window_.consume(line_size_);
  line_size_ = 0;
  for (size_t seen = 0;;) {
    const auto text = window_.bytes().text();
    const auto end = text.find('\n', seen);
    if (end != text.npos || text.size() >= longest_line) {
      if (end == text.npos || end > longest_line)
        return fail(problem(Reason::limit_exceeded, Error::unknown, Error::unknown, "line ", line_ + 1, " is longer than 1 MiB"));
      line_size_ = end + 1, ++line_;
      return text.substr(0, end && text[end - 1] == '\r' ? end - 1 : end);
    }
    seen = text.size();
    const auto filled = window_.fill(seen + 1);
    if (!filled) return fail(filled.error());
    if (*filled) continue;
    const auto last = window_.bytes().text();   // filling has moved it
    if (last.empty()) return std::nullopt;
    line_size_ = last.size(), ++line_;
    return last;
  }
}

/// Adds the bytes of the last line, now that it is known how many they are.
void HexDumpBody::settle(std::optional<u64> next_offset) {
  if (last_.bytes.empty()) return;
  size_t count = last_.bytes.size();
  if (next_offset && *next_offset > last_.offset && *next_offset - last_.offset <= count) {
    count = size_t(*next_offset - last_.offset);
    width_ = std::max(width_, count);
  } else if (next_offset) {
    refuse("line ", line_, ": offset ", *next_offset, " where ", last_.offset + count, " was expected: is a line missing?");
  } else if (options_.offsets != DumpOffsets::none) {
    count = last_.before_gap(width_ ? width_ : usual_width);
    if (width_) count = std::min(count, width_);
  }
  if (packet_.size() + count > options_.max_packet_bytes)
    refuse("line ", last_line_, ": a packet of more than ", options_.max_packet_bytes, " bytes");
  if (!refused_) packet_.insert(packet_.end(), last_.bytes.begin(), last_.bytes.begin() + std::ptrdiff_t(count));
  last_.bytes.clear();
}

void HexDumpBody::finish_packet() {
  if (!in_packet_) return;
  settle({});
  if (!refused_ && !passed_over_) {
    if (!link_settled_ && !options_.link_type && tcpdump_ && is_whole_ip(packet_)) interface_.link_type = LinkType::raw;
    link_settled_ = true;
    Frame frame;
    frame.info.has_time = time_.has_value(), frame.time = time_.value_or(Timestamp{});
    frame.info.direction = direction_;
    add(frame, std::move(packet_));
  }
  packet_ = {};
  if (passed_over_) other_bytes_ = false;
  else time_.reset(), direction_ = Direction::unknown;
  in_packet_ = refused_ = passed_over_ = false;
}

void HexDumpBody::take_text(std::string_view text) {
  const bool empty = text.find_first_not_of(" \t") == text.npos;
  if (empty && options_.offsets != DumpOffsets::none) return;   // tcpdump -X of nothing, and people, leave lines empty
  finish_packet();
  if (empty) return;
  if (const auto heading = parse_heading(text); !heading.empty()) {
    other_bytes_ = heading != "Frame";
    return;
  }
  other_bytes_ = false;
  text.remove_prefix(text.find_first_not_of(" \t"));
  if (options_.directions == DumpDirections::marked && (text[0] == 'I' || text[0] == 'O')) {
    direction_ = text[0] == 'I' ? Direction::inbound : Direction::outbound;
    text.remove_prefix(1);
  }
  if (const auto time = parse_dump_time(text, options_.time_format)) time_ = time;
}

void HexDumpBody::take_dump() {
  const bool numbered = options_.offsets != DumpOffsets::none;
  if (numbered && read_.offset == 0) finish_packet();
  if (!in_packet_) {
    in_packet_ = true, passed_over_ = other_bytes_, width_ = 0, tcpdump_ = read_.tcpdump;
    if (numbered && read_.offset) refuse("line ", line_, ": a packet begins with offset ", read_.offset, ", not with 0");
  } else if (numbered) {
    settle(read_.offset);
  } else {
    settle({});
  }
  std::swap(last_, read_);
  last_line_ = line_;
}

void HexDumpBody::take_line(std::string_view text) {
  if (parse_dump_line(text, options_.offsets, read_)) take_dump();
  else take_text(text);
}

Result<bool> HexDumpBody::read_on() {
  const auto line = next_line();
  if (!line) return fail(line.error());
  if (*line) {
    take_line(**line);
    return true;
  }
  finish_packet();
  if (next_packet() == 1 && damage.empty())
    return fail(
        problem(Reason::not_a_capture_file, Error::unknown, Error::unknown, "no line of it is a hex dump that begins with offset 0000"));
  return false;
}

}  // namespace detail

HexDumpReader::HexDumpReader(std::unique_ptr<detail::HexDumpBody> body) : body_(std::move(body)) {}
HexDumpReader::HexDumpReader(HexDumpReader&&) noexcept = default;
HexDumpReader& HexDumpReader::operator=(HexDumpReader&&) noexcept = default;
HexDumpReader::~HexDumpReader() = default;

Result<HexDumpReader> HexDumpReader::open(ByteSource source, const HexDumpOptions& options) {
  auto text = open_text(std::move(source), options.buffer_bytes);
  if (!text) return fail(text.error());
  return HexDumpReader(std::make_unique<detail::HexDumpBody>(std::move(*text), options));
}
Result<HexDumpReader> HexDumpReader::open(std::string_view path, const HexDumpOptions& options) {
  auto source = ByteSource::open(path);
  if (!source) return fail(source.error());
  return open(std::move(*source), options);
}

Result<std::optional<Batch>> HexDumpReader::next() { return body_->next(); }
std::span<const InterfaceInfo> HexDumpReader::interfaces() const { return body_->interfaces(); }
const Warnings& HexDumpReader::warnings() const { return body_->warnings; }
const Warnings& HexDumpReader::damage() const { return body_->damage; }
u64 HexDumpReader::packets() const { return body_->packets; }

bool HexDumpReader::recognize(Bytes start) {
  auto text = start.text();
  const auto plain = [](char c) { return u8(c) >= ' ' || c == '\t' || c == '\n' || c == '\r'; };
  if (!std::ranges::all_of(text, plain)) return false;
  DumpLine line;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (parse_dump_line(text.substr(0, end), DumpOffsets::hex, line) && line.offset == 0) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace trawl::inline v0
