// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <bit>
#include <charconv>

#include "file/hex_dump/line.hpp"
#include "file/problem.hpp"
#include "file/text/body.hpp"
#include "file/text_pattern/digits.hpp"
#include "file/text_pattern/pattern.hpp"
#include "trawl/core/switches.hpp"
#if TRAWL_WITH_PCAPNG
#  include "trawl/file/pcapng.hpp"
#endif

namespace trawl::inline v0 {
namespace detail {
namespace {

constexpr size_t looks_ahead = 64u << 10;

Direction direction_of(std::string_view text) {
  const char first = text.empty() ? ' ' : text[0];
  if (first == 'i' || first == 'I' || first == '<') return Direction::inbound;
  return first == 'o' || first == 'O' || first == '>' ? Direction::outbound : Direction::unknown;
}

std::optional<u64> number_in(std::string_view text) {
  u64 value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

class TextPatternBody final : public TextBody {
 public:
  TextPatternBody(TextWindow text, std::unique_ptr<const TextPattern> pattern, const TextPatternOptions& options)
      : TextBody(std::move(text), options.link_type),
        options_(options),
        pattern_(std::move(pattern)) {}

 private:
  Result<bool> read_on() override;
  Result<bool> next_match(TextPattern::Match& match);
  Result<void> get_more();
  void take(const TextPattern::Match& match);
  void add_options(Frame& frame, u64 number);
  void count_lines(size_t up_to);
  Error at(const char* place, const auto&... what);

  TextPatternOptions options_;
  std::unique_ptr<const TextPattern> pattern_;
  size_t from_ = 0;                    ///< in the window: behind the last match; what stands before it is for ^ alone
  size_t counted_ = 0;                 ///< lines up to here are in line_
  u64 line_ = 1, line_begin_ = 0;      ///< where that line begins in the text
  bool input_ended_ = false, matched_ = false;
};

/// One byte in front of from_ stays.
Result<void> TextPatternBody::get_more() {
  const size_t gone = from_ ? from_ - 1 : 0;
  count_lines(gone);
  window_.consume(gone);
  from_ -= gone, counted_ = 0;
  const auto filled = window_.fill(window_.bytes().size + 1);
  if (!filled) return fail(filled.error());
  input_ended_ = !*filled;
  return {};
}

/// False: there are none.
Result<bool> TextPatternBody::next_match(TextPattern::Match& match) {
  for (size_t enough = 0;;) {
    const auto text = window_.bytes().text();
    if (input_ended_ || text.size() - from_ >= enough) {
      const bool found = pattern_->find(text, from_, match);
      if (found && (input_ended_ || match.end + looks_ahead <= text.size())) return true;
      if (input_ended_) return false;
      const size_t begin = found ? match.begin : text.size() - std::min(text.size() - from_, options_.max_match_bytes);
      if (text.size() - from_ >= options_.max_match_bytes + looks_ahead) {
        if (begin - from_ < looks_ahead && found)
          return fail(problem(Reason::limit_exceeded, Error::unknown, next_packet(), "the pattern matches more than ",
                              u64{options_.max_match_bytes}, " bytes"));
        from_ = begin;
      }
      enough = 2 * (text.size() - from_);   // so that no text is looked at often
    }
    if (auto got = get_more(); !got) return fail(got.error());
  }
}

void TextPatternBody::count_lines(size_t up_to) {
  const auto text = window_.bytes().text();
  for (size_t i = counted_; (i = text.find('\n', i)) < up_to; ++i) ++line_, line_begin_ = window_.offset() + i + 1;
  counted_ = std::max(counted_, up_to);
}

Error TextPatternBody::at(const char* place, const auto&... what) {
  const size_t offset = size_t(place - window_.bytes().text().data());
  count_lines(offset);
  return problem(Reason::damaged, Error::unknown, next_packet(), "line ", line_, ", column ", window_.offset() + offset - line_begin_ + 1,
                 ": ", what...);
}

void TextPatternBody::add_options(Frame& frame, u64 number) {
#if TRAWL_WITH_PCAPNG
  constexpr Order order = std::endian::native == std::endian::big ? Order::big : Order::little;
  OptionBuilder options(order);
  if (frame.info.direction != Direction::unknown)
    options.add(packet_option::flags, {frame.info.direction == Direction::inbound ? PacketFlags::inbound : PacketFlags::outbound});
  options.add(packet_option::id, number);
  const Bytes bytes = options.bytes();
  frame.info.metadata = keep({bytes.begin(), bytes.end()});
  frame.info.metadata_big_endian = order == Order::big;
#else
  static_cast<void>(frame), static_cast<void>(number);
#endif
}

void TextPatternBody::take(const TextPattern::Match& match) {
  matched_ = true;
  std::vector<u8> bytes;
  if (const auto fault = decode_digits(match.data, options_.radix, bytes)) {
    damage.add(at(match.data.data() ? match.data.data() + fault->at : window_.bytes().text().data() + match.begin, fault->why));
    return;
  }
  if (bytes.size() > options_.max_packet_bytes) {
    damage.add(at(&match.data.front(), "a packet of more than ", options_.max_packet_bytes, " bytes"));
    return;
  }
  Frame frame;
  frame.info.direction = direction_of(match.direction);
  const auto time = match.time.empty() ? std::nullopt : parse_dump_time(match.time, options_.time_format);
  frame.info.has_time = time.has_value(), frame.time = time.value_or(Timestamp{});
  if (!time && !match.time.empty()) warnings.add(at(&match.time.front(), "not a time as it was expected"));
  if (const auto number = number_in(match.number)) add_options(frame, *number);
  else if (!match.number.empty()) warnings.add(at(&match.number.front(), "not a decimal number below 2^64"));
  add(frame, std::move(bytes));
}

Result<bool> TextPatternBody::read_on() {
  TextPattern::Match match;
  const auto found = next_match(match);
  if (!found) return fail(found.error());
  if (*found) {
    take(match);
    from_ = match.end;
    return true;
  }
  if (!matched_) return fail(problem(Reason::not_a_capture_file, Error::unknown, Error::unknown, "the pattern matches nothing in it"));
  return false;
}

}  // namespace detail

TextPatternReader::TextPatternReader(std::unique_ptr<detail::TextPatternBody> body) : body_(std::move(body)) {}
TextPatternReader::TextPatternReader(TextPatternReader&&) noexcept = default;
TextPatternReader& TextPatternReader::operator=(TextPatternReader&&) noexcept = default;
TextPatternReader::~TextPatternReader() = default;

Result<void> TextPatternReader::check(std::string_view pattern) {
  if (const auto made = TextPattern::make(pattern); !made) return fail(made.error());
  return {};
}

Result<TextPatternReader> TextPatternReader::open(ByteSource source, const TextPatternOptions& options) {
  auto pattern = TextPattern::make(options.pattern);
  if (!pattern) return fail(pattern.error());
  auto text = open_text(std::move(source), options.buffer_bytes);
  if (!text) return fail(text.error());
  return TextPatternReader(std::make_unique<detail::TextPatternBody>(std::move(*text), std::move(*pattern), options));
}
Result<TextPatternReader> TextPatternReader::open(std::string_view path, const TextPatternOptions& options) {
  auto source = ByteSource::open(path);
  if (!source) return fail(source.error());
  return open(std::move(*source), options);
}

Result<std::optional<Batch>> TextPatternReader::next() { return body_->next(); }
std::span<const InterfaceInfo> TextPatternReader::interfaces() const { return body_->interfaces(); }
const Warnings& TextPatternReader::warnings() const { return body_->warnings; }
const Warnings& TextPatternReader::damage() const { return body_->damage; }
u64 TextPatternReader::packets() const { return body_->packets; }

}  // namespace trawl::inline v0
