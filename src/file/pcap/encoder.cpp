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

Put PcapEncoder::write(const Frame& frame, std::span<const InterfaceInfo> interfaces, Output& output, Warnings& warnings) {
  if (!begun_ && !begin(frame.link, frame.interface < interfaces.size() ? &interfaces[frame.interface] : nullptr, output))
    return Put::output_failed;
  if (frame.link != link_) [[unlikely]]
    return Put::wrong_link_type;
  const size_t size = record_header_bytes + frame.bytes.size;
  u8* p = output.reserve(size);
  if (!p) [[unlikely]]
    return Put::output_failed;
  i64 seconds = frame.time.seconds();
  u32 fraction = frame.time.subsecond();
  if (seconds < 0 || seconds > UINT32_MAX) [[unlikely]] {
    warnings.add({.operation = Operation::write_file,
                  .reason = Reason::out_of_range,
                  .packet = output.packets() + 1,
                  .detail = "a time before 1970 or after 2106"});
    const bool early = seconds < 0;
    seconds = early ? 0 : UINT32_MAX;
    fraction = early ? 0 : 999'999'999;
  }
  const Order order = options_.order;
  store(p, u32(seconds), order);
  store(p + 4, nanoseconds_ ? fraction : fraction / 1000, order);
  store(p + 8, u32(frame.bytes.size), order);
  store(p + 12, frame.original_length, order);
  copy_bytes(p + record_header_bytes, frame.bytes.data, frame.bytes.size);
  output.commit(size, 1);
  return Put::done;
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
