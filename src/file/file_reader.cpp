// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/file_reader.hpp"

#include <algorithm>
#include <variant>

#include "file/pcap/parser.hpp"
#include "file/pcapng/parser.hpp"
#include "file/reading.hpp"
#include "trawl/core/switches.hpp"

namespace trawl::inline v0 {

std::string_view name(FileFormat format) { return format == FileFormat::pcap ? "pcap" : "pcapng"; }

namespace detail {

/// Frames point into the window, which moves only when the next batch is asked for.
class ReaderBody {
 public:
  ReaderBody(Opened opened, const ReaderOptions& options)
      : options_(options),
        window_(std::move(opened.window)),
        container_(std::move(opened.container)),
        origin_(opened.origin),
        findings_{.options = options_} {
    findings_.facts.format = opened.format;
    findings_.facts.compression = container_->compression;
  }
  Result<void> begin();
  Result<std::optional<Batch>> next();
  std::span<const InterfaceInfo> interfaces() const;
  Bytes record(u32 i) const;
  const Findings& findings() const { return findings_; }
  u64 offset_of(u32 i) const { return window_.offset() + room_.records[i].at; }
  const FileOrigin& origin() const { return origin_; }

 private:
  Progress parse() {
#if TRAWL_WITH_PCAPNG
    if (auto* ng = std::get_if<PcapngParser>(&parser_)) return ng->parse(window_.bytes(), window_.offset(), room_, findings_);
#endif
    return std::get_if<PcapParser>(&parser_)->parse(window_.bytes(), window_.offset(), room_, findings_);
  }
  Result<bool> go_on(const Progress& progress);
  Result<bool> end_of_file(size_t needed);
  std::unexpected<Error> break_off(const Error& error);

  ReaderOptions options_;
  Window window_;
  std::shared_ptr<Container> container_;
  FileOrigin origin_;
  Findings findings_;
#if TRAWL_WITH_PCAPNG
  std::variant<PcapParser, PcapngParser> parser_;
#else
  std::variant<PcapParser> parser_;
#endif
  FrameRoom room_;
  Progress last_;                ///< of the batch that is out
  bool resumed_ = false;         ///< last_ has a stop that was not dealt with yet
  bool ended_ = false;
};

Result<void> ReaderBody::begin() {
  if (findings_.facts.format == FileFormat::pcap) {
    if (auto filled = window_.fill(pcap_header_bytes); !filled) return fail(filled.error());
    if (window_.bytes().size < pcap_header_bytes)
      return fail(
          problem(Reason::truncated, window_.bytes().size, Error::unknown, "the file header has ", u64{pcap_header_bytes}, " bytes"));
    auto begun = std::get_if<PcapParser>(&parser_)->begin(window_.bytes(), findings_, room_);
    if (begun) window_.consume(pcap_header_bytes);
    return begun;
  }
#if TRAWL_WITH_PCAPNG
  parser_.emplace<PcapngParser>();
  return {};
#else
  return fail(Operation::open_file, Reason::unsupported_format, "pcapng is not supported in this build");
#endif
}

std::unexpected<Error> ReaderBody::break_off(const Error& error) {
  ended_ = true;
  take_warnings(*container_, findings_);
  findings_.damage.add(error);
  return fail(error);
}

/// False: the end has been reached in good order.
Result<bool> ReaderBody::end_of_file(size_t needed) {
  if (!window_.bytes().empty()) return break_off(cut_short(window_, needed, findings_));
#if TRAWL_WITH_PCAPNG
  if (auto* ng = std::get_if<PcapngParser>(&parser_)) ng->end(window_.offset(), findings_);
#endif
  ended_ = true;
  take_warnings(*container_, findings_);
  if (!findings_.damage.empty()) return fail(findings_.damage.first()[0]);
  return false;
}

/// Deals with what stopped the parser. True: there may be more packets.
Result<bool> ReaderBody::go_on(const Progress& progress) {
  if (progress.stop == Stop::damage) return break_off(progress.error);
  if (progress.stop == Stop::needs_bytes) {
    const auto filled = window_.fill(progress.needed);
    if (!filled) return break_off(filled.error());
    return *filled ? true : end_of_file(progress.needed);
  }
  if (progress.stop == Stop::zeros) {
    Error error;
    const auto zeros = skip_zeros(window_, findings_, error);
    if (!zeros) return break_off(zeros.error());
    if (*zeros == Zeros::to_the_end) return end_of_file(0);
    if (*zeros == Zeros::then_others) return break_off(error);
    auto* pcap = std::get_if<PcapParser>(&parser_);
    if (!pcap) return break_off(problem(Reason::damaged, window_.offset(), findings_.facts.packets + 1, "block length 0"));
    pcap->accept_zero_record();
  }
  return true;
}

Result<std::optional<Batch>> ReaderBody::next() {
  if (ended_) return std::nullopt;
  window_.consume(last_.used);
  last_.used = 0;
  if (!resumed_) last_.stop = Stop::room_full;
  for (;;) {
    if (last_.stop != Stop::room_full) {
      const auto more = go_on(last_);
      if (!more) return fail(more.error());
      if (!*more) return std::nullopt;
    }
    last_ = parse();
    resumed_ = last_.stop != Stop::room_full;
    if (last_.frames) break;
    window_.consume(last_.used);
    last_.used = 0;
  }
  findings_.facts.packets += last_.frames;
  return Batch(room_.frames, last_.frames, true);
}

std::span<const InterfaceInfo> ReaderBody::interfaces() const {
#if TRAWL_WITH_PCAPNG
  if (const auto* ng = std::get_if<PcapngParser>(&parser_)) return ng->interfaces();
#endif
  return {&std::get_if<PcapParser>(&parser_)->interface(), 1};
}

Bytes ReaderBody::record(u32 i) const { return window_.bytes().slice(room_.records[i].at, room_.records[i].size); }

}  // namespace detail

using detail::ReaderBody;

FileReader::FileReader(std::unique_ptr<ReaderBody> body) : body_(std::move(body)) {}
FileReader::FileReader(FileReader&&) noexcept = default;
FileReader& FileReader::operator=(FileReader&&) noexcept = default;
FileReader::~FileReader() = default;

Result<FileReader> FileReader::open(ByteSource source, const ReaderOptions& options) {
  constexpr u32 most = 1u << 30;
  ReaderOptions bounded = options;
  bounded.max_packet_bytes = std::min(options.max_packet_bytes, most);
  auto opened = open_window(std::move(source), bounded);
  if (!opened) return fail(opened.error());
  auto body = std::make_unique<ReaderBody>(std::move(*opened), bounded);
  if (auto begun = body->begin(); !begun) return fail(begun.error());
  return FileReader(std::move(body));
}

Result<FileReader> FileReader::open(std::string_view path, const ReaderOptions& options) {
  auto source = ByteSource::open(path);
  if (!source) return fail(source.error());
  return open(std::move(*source), options);
}
Result<FileReader> FileReader::open_descriptor(int fd, const ReaderOptions& options) { return open(ByteSource::descriptor(fd), options); }

Result<std::optional<Batch>> FileReader::next() {
  if (!body_) return fail(Operation::read_file, Reason::closed);
  return body_->next();
}
std::span<const InterfaceInfo> FileReader::interfaces() const { return body_->interfaces(); }
const Warnings& FileReader::warnings() const { return body_->findings().warnings; }
const Warnings& FileReader::damage() const { return body_->findings().damage; }
const FileFacts& FileReader::facts() const { return body_->findings().facts; }
Bytes FileReader::record(u32 i) const { return body_->record(i); }
u64 FileReader::record_offset(u32 i) const { return body_->offset_of(i); }
std::optional<FileIdentity> FileReader::identity() const { return body_->origin().identity; }
void FileReader::close() { body_.reset(); }

}  // namespace trawl::inline v0
