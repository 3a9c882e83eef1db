// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcap/encoder.hpp"

#include <cstring>

#include "file/pcap/parser.hpp"
#include "file/recognize.hpp"

namespace trawl::inline v0 {
namespace {

constexpr size_t record_header_bytes = 16;

/// The upper half of the link type word: the length of the frame check sequence in 16-bit words.
u32 fcs_bits(const InterfaceInfo* interface) {
  if (!interface || !interface->has_fcs_length || interface->fcs_length % 2 || interface->fcs_length > 30) return 0;
  return u32{interface->fcs_length} / 2 << 28 | 1u << 26;
}

bool finer_than_microseconds(Resolution resolution) { return resolution.exponent() > (resolution.binary() ? 19u : 6u); }

}  // namespace

bool PcapEncoder::begin(LinkType link, const InterfaceInfo* interface, Output& output) {
  link_ = options_.link_type.value_or(link);
  const Resolution resolution = options_.resolution.value_or(interface ? interface->resolution : Resolution::microseconds());
  nanoseconds_ = finer_than_microseconds(resolution);
  u8* p = output.reserve(pcap_header_bytes);
  if (!p) return false;
  const u32 snaplen = options_.snaplen ? options_.snaplen : interface && interface->snaplen ? interface->snaplen : common_snaplen;
  store(p, nanoseconds_ ? pcap_magic_ns : pcap_magic_us, options_.order);
  store(p + 4, u16{2}, options_.order);
  store(p + 6, u16{4}, options_.order);
  std::memset(p + 8, 0, 8);
  store(p + 16, snaplen, options_.order);
  store(p + 20, u32{u16(link_)} | fcs_bits(interface), options_.order);
  output.commit(pcap_header_bytes, 0);
  return begun_ = true;
}

/// Whole seconds and the fraction that the file wants.
PcapEncoder::StoredTime PcapEncoder::stored_time(Timestamp time, const Sinks& to) const {
  constexpr i64 too_late = (i64{UINT32_MAX} + 1) * Timestamp::per_second;
  if (time.nanoseconds < 0 || time.nanoseconds >= too_late) [[unlikely]] {
    to.warnings.add({.operation = Operation::write_file,
                     .reason = Reason::out_of_range,
                     .packet = to.output.packets() + 1,
                     .detail = "a time before 1970 or after 2106"});
    time.nanoseconds = time.nanoseconds < 0 ? 0 : too_late - 1;
  }
  const u64 nanoseconds = u64(time.nanoseconds);
  const u32 seconds = u32(nanoseconds / u64{Timestamp::per_second});
  const u32 fraction = u32(nanoseconds - u64{seconds} * u64{Timestamp::per_second});
  return {seconds, nanoseconds_ ? fraction : fraction / 1000};
}

template <Order order> Put PcapEncoder::write_one(const Frame& frame, const Sinks& to) {
  if (frame.link != link_) [[unlikely]]
    return Put::wrong_link_type;
  const bool borrowed = frame.bytes.size >= to.borrow_from;
  const size_t size = record_header_bytes + (borrowed ? 0 : frame.bytes.size);
  u8* p = to.output.reserve(size);
  if (!p) [[unlikely]]
    return Put::output_failed;
  const auto time = stored_time(frame.time, to);
  store(p, time.seconds, order);
  store(p + 4, time.fraction, order);
  store(p + 8, u32(frame.bytes.size), order);
  store(p + 12, frame.original_length, order);
  if (borrowed) {
    to.output.commit_around(record_header_bytes, frame.bytes, 0, 1);
  } else {
    copy_bytes(p + record_header_bytes, frame.bytes.data, frame.bytes.size);
    to.output.commit(size, 1);
  }
  return Put::done;
}

template <Order order> Put PcapEncoder::write_all(std::span<const Frame> frames, const Sinks& to, size_t& done) {
  for (; done < frames.size(); ++done) {
    expect(frames, done + 4);
    if (const Put put = write_one<order>(frames[done], to); put != Put::done) [[unlikely]]
      return put;
  }
  return Put::done;
}

Put PcapEncoder::write(std::span<const Frame> frames, const Sinks& to, size_t& done) {
  if (!begun_ && !frames.empty()) {
    const Frame& first = frames[0];
    if (!begin(first.link, first.interface < to.interfaces.size() ? &to.interfaces[first.interface] : nullptr, to.output))
      return Put::output_failed;
  }
  return options_.order == Order::little ? write_all<Order::little>(frames, to, done) : write_all<Order::big>(frames, to, done);
}

bool PcapEncoder::write_raw(Bytes raw, u32 packets, Output& output) {
  if (!begun_ && !(raw.size == pcap_header_bytes && is_file_header(raw)) && !finish(output)) return false;
  begun_ = true;
  u8* p = output.reserve(raw.size);
  if (!p) return false;
  copy_bytes(p, raw.data, raw.size);
  output.commit(raw.size, packets);
  return true;
}

}  // namespace trawl::inline v0
