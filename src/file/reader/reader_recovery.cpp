// SPDX-License-Identifier: Apache-2.0 OR MIT
// The part of a reader that goes on behind damage.
#include <algorithm>

#include "file/reader/reader_body.hpp"
#include "file/recognize.hpp"

namespace trawl::inline v0::detail {

BeforeDamage ReaderBody::before_damage() const {
  BeforeDamage before;
  if (!begun_) return before;
  before.seconds = seconds_;
  if (const auto* pcap = std::get_if<PcapParser>(&parser_)) {
    before.records = BeforeDamage::Records::pcap;
    pcap->describe(before.order, before.header, before.fractions, before.swapped);
  }
#if TRAWL_WITH_PCAPNG
  if (const auto* ng = std::get_if<PcapngParser>(&parser_)) {
    before.records = BeforeDamage::Records::pcapng;
    before.order = ng->order();
  }
#endif
  return before;
}

/// True: reading goes on at a later place. False: nothing more can be read.
/// @param look_from of the window, the first byte at which something may begin
Result<bool> ReaderBody::damaged(const Error& error, size_t look_from) {
  const bool world = error.reason == Reason::system || error.reason == Reason::no_memory;
  if (options_.recovery == Recovery::stop || world) return break_off(error);
  const u64 damage_begin = window_.offset() + last_record_;
  last_record_ = 0;
  for (;;) {
    const auto filled = window_.fill(look_from + recovery_look_ahead);
    if (!filled) findings_.damage.add(filled.error());  // what has come before is looked through all the same
    const bool ended = !filled || !*filled;
    const Bytes bytes = window_.bytes().from(look_from);
    const size_t limit = ended ? bytes.size : bytes.size - recovery_look_ahead + 1;
    const auto place = find_resumption(bytes, limit, ended, before_damage(), options_.max_packet_bytes);
    if (place) return resume({place->at + look_from, place->kind}, damage_begin, error);
    window_.consume(std::min(look_from + limit, window_.bytes().size));
    look_from = 0;
    if (!ended) continue;
    findings_.damage.add(error);
    return finish();
  }
}

Result<bool> ReaderBody::resume(const Resumption& place, u64 damage_begin, Error error) {
  window_.consume(place.at);
  const u64 now = window_.offset(), passed = now > damage_begin ? now - damage_begin : 0;
  if (passed) {
    const Error longer =
        problem(error.reason, error.byte, error.packet, error.detail_view(), error.detail[0] ? "; " : "", passed, " bytes are passed over");
    copy_bytes(reinterpret_cast<u8*>(error.detail), reinterpret_cast<const u8*>(longer.detail), sizeof error.detail);
  }
  findings_.damage.add(error);
  last_ = {};
  resumed_ = false;
  return place.kind == Resumption::Kind::record ? Result<bool>(true) : change_parser(place.kind);
}

/// A file within the file begins here.
Result<bool> ReaderBody::change_parser(Resumption::Kind kind) {
  const FileFacts before = findings_.facts;
  const bool ng = kind != Resumption::Kind::file_header;
#if TRAWL_WITH_PCAPNG
  if (ng && begun_ && std::holds_alternative<PcapngParser>(parser_)) {
    if (kind == Resumption::Kind::bare_section_header) store_be(window_.edit(), section_header_type);
    return true;
  }
#else
  if (ng) return break_off(problem(Reason::unsupported_format, window_.offset(), Error::unknown, "pcapng is not in this build"));
#endif
  if (begun_) {
    const auto known = parsed_interfaces();
    earlier_interfaces_.insert(earlier_interfaces_.end(), known.begin(), known.end());
    earlier_.push_back(std::move(parser_));
  }
#if TRAWL_WITH_PCAPNG
  if (ng) {
    if (kind == Resumption::Kind::bare_section_header) store_be(window_.edit(), section_header_type);
    parser_.emplace<PcapngParser>();
    if (!begun_) findings_.facts.format = FileFormat::pcapng;
    begun_ = true;
    return true;
  }
#endif
  auto& pcap = parser_.emplace<PcapParser>();
  if (auto begun = pcap.begin(window_.bytes().first(pcap_header_bytes), findings_, room_); !begun) return break_off(begun.error());
  for (auto& frame : room_.frames) frame.interface = u32(earlier_interfaces_.size());
  window_.consume(pcap_header_bytes);
  if (begun_) {
    findings_.facts.mixed_order |= findings_.facts.order != before.order;
    findings_.facts.order = before.order, findings_.facts.major = before.major, findings_.facts.minor = before.minor;
    ++findings_.facts.sections;
  }
  begun_ = true;
  return true;
}

}  // namespace trawl::inline v0::detail
