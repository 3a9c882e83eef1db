// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/reader/reader_body.hpp"

namespace trawl::inline v0::detail {

ReaderBody::ReaderBody(Opened opened, const ReaderOptions& options)
    : options_(options),
      window_(std::move(opened.window)),
      container_(std::move(opened.container)),
      origin_(opened.origin),
      unrecognized_(opened.unrecognized),
      findings_{.options = options_} {
  findings_.facts.format = opened.format;
  findings_.facts.compression = container_->compression;
}

Progress ReaderBody::parse() {
  const Bytes bytes = window_.bytes().from(skipped_);
  const u64 offset = window_.offset() + skipped_;
  room_.blocks.clear();
#if TRAWL_WITH_PCAPNG
  if (auto* ng = std::get_if<PcapngParser>(&parser_)) return ng->parse(bytes, offset, room_, findings_);
#endif
  if (auto* pcap = std::get_if<PcapParser>(&parser_)) return pcap->parse(bytes, offset, room_, findings_);
  return std::get_if<SnoopParser>(&parser_)->parse(bytes, offset, room_, findings_);
}

Result<void> ReaderBody::begin() {
  if (unrecognized_) {
    const auto found = damaged(*unrecognized_, 0);
    if (!found) return fail(found.error());
    if (!*found || !begun_) return fail(*unrecognized_);
    return {};
  }
  begun_ = true;
  const FileFormat format = findings_.facts.format;
  if (format == FileFormat::pcapng) {
#if TRAWL_WITH_PCAPNG
    parser_.emplace<PcapngParser>();
    return {};
#else
    return fail(Operation::open_file, Reason::unsupported_format, "pcapng is not supported in this build");
#endif
  }
  const size_t header = format == FileFormat::pcap ? pcap_header_bytes : snoop_header_bytes;
  if (auto filled = window_.fill(header); !filled) return fail(filled.error());
  if (window_.bytes().size < header)
    return fail(problem(Reason::truncated, window_.bytes().size, Error::unknown, "the file header has ", u64{header}, " bytes"));
  const auto bytes = window_.bytes();
  auto begun = format == FileFormat::pcap ? std::get_if<PcapParser>(&parser_)->begin(bytes, findings_, room_)
                                          : parser_.emplace<SnoopParser>().begin(bytes, findings_, room_);
  if (begun) window_.consume(header);
  return begun;
}

std::unexpected<Error> ReaderBody::break_off(const Error& error) {
  ended_ = true;
  take_warnings(*container_, findings_);
  findings_.damage.add(error);
  return fail(findings_.damage.first()[0]);
}

/// The end, in as good order as there was.
Result<bool> ReaderBody::finish() {
  ended_ = true;
  take_warnings(*container_, findings_);
  if (!findings_.damage.empty()) return fail(findings_.damage.first()[0]);
  return false;
}

/// False: the end has been reached in good order.
Result<bool> ReaderBody::end_of_file(size_t needed) {
  if (!window_.bytes().empty()) return damaged(cut_short(window_, needed, findings_), 1);
#if TRAWL_WITH_PCAPNG
  if (auto* ng = std::get_if<PcapngParser>(&parser_)) ng->end(window_.offset(), findings_);
#endif
  return finish();
}

/// Deals with what stopped the parser. True: there may be more packets.
Result<bool> ReaderBody::go_on(const Progress& progress) {
  if (progress.stop == Stop::damage) return damaged(progress.error, last_record_ ? 16 : 1);
  if (progress.stop == Stop::needs_bytes) {
    const auto filled = window_.fill(last_record_ + progress.needed);
    if (!filled) return damaged(filled.error(), last_record_ ? 16 : 1);
    if (*filled) return true;
    window_.consume(last_record_), last_record_ = 0;
    return end_of_file(progress.needed);
  }
  window_.consume(last_record_), last_record_ = 0;
  Error error;
  const auto zeros = skip_zeros(window_, findings_, error);
  if (!zeros) return break_off(zeros.error());
  if (*zeros == Zeros::to_the_end) return end_of_file(0);
  if (*zeros == Zeros::then_others) return damaged(error, 0);
  auto* pcap = std::get_if<PcapParser>(&parser_);
  if (!pcap) return damaged(problem(Reason::damaged, window_.offset(), findings_.facts.packets + 1, "block length 0"), 1);
  pcap->accept_zero_record();
  return true;
}

Result<std::optional<Batch>> ReaderBody::next() {
  if (ended_) return std::nullopt;
  window_.consume(skipped_ + last_.used - last_record_);
  last_.used = skipped_ = 0;
  if (!resumed_) last_.stop = Stop::room_full;
  for (;;) {
    if (last_.stop != Stop::room_full) {
      const auto more = go_on(last_);
      if (!more) return fail(more.error());
      if (!*more) return std::nullopt;
    }
    skipped_ = last_record_;
    last_ = parse();
    resumed_ = last_.stop != Stop::room_full;
    if (last_.frames || !room_.blocks.empty()) break;
    window_.consume(skipped_ + last_.used - last_record_);
    if (last_.used) window_.consume(last_record_), last_record_ = 0;
    last_.used = skipped_ = 0;
  }
  findings_.facts.packets += last_.frames;
  if (options_.recovery == Recovery::search && !last_.frames) {
    last_record_ = 0;
  } else if (options_.recovery == Recovery::search) {
    const Frame& frame = room_.frames[last_.frames - 1];
    if (frame.info.has_time) seconds_ = frame.time.seconds();
    const auto& record = room_.records[last_.frames - 1];
    last_record_ = record.at + record.size == last_.used ? record.size : 0;
    if (!earlier_interfaces_.empty() && !std::holds_alternative<PcapParser>(parser_))
      for (u32 i = 0; i < last_.frames; ++i) room_.frames[i].interface += u32(earlier_interfaces_.size());
  }
  for (auto& block : room_.blocks)
    if (block.interface != OtherBlock::no_interface) block.interface += u32(earlier_interfaces_.size());
  return Batch(room_.frames, last_.frames, true);
}

std::span<const InterfaceInfo> ReaderBody::parsed_interfaces() const {
#if TRAWL_WITH_PCAPNG
  if (const auto* ng = std::get_if<PcapngParser>(&parser_)) return ng->interfaces();
#endif
  if (const auto* snoop = std::get_if<SnoopParser>(&parser_)) return {&snoop->interface(), 1};
  return {&std::get_if<PcapParser>(&parser_)->interface(), 1};
}

std::span<const InterfaceInfo> ReaderBody::interfaces() const {
  const auto now = parsed_interfaces();
  if (earlier_interfaces_.empty()) return now;
  all_interfaces_ = earlier_interfaces_;
  all_interfaces_.insert(all_interfaces_.end(), now.begin(), now.end());
  return all_interfaces_;
}

}  // namespace trawl::inline v0::detail
