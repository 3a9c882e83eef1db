// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcap/parser.hpp"

#include <algorithm>

#include "file/recognize.hpp"

namespace trawl::inline v0 {
namespace {

/// Kuznetzov's records carry the packet type as Linux's sll_pkttype has it.
constexpr PacketType sll_types[] = {PacketType::to_us, PacketType::broadcast, PacketType::multicast, PacketType::to_other,
                                    PacketType::outgoing};
constexpr size_t sll_type_at = 22;

}  // namespace

Result<void> PcapParser::check_version(u16 major, u16 minor, Findings& findings) {
  findings.facts.major = major, findings.facts.minor = minor;
  const auto say = [&](Reason reason) { return problem(reason, 4, Error::unknown, "version ", u32{major}, ".", u32{minor}); };
  if (major == 2 && minor <= 4) {
    lengths_ = minor < 3 ? Lengths::swapped : minor == 3 ? Lengths::either : Lengths::usual;
  } else if (major == 543 && minor == 0) {  // DG/UX
    lengths_ = Lengths::swapped;
    findings.warnings.add(say(Reason::unsupported_version));
  } else if (major == 2 || findings.options.recovery == Recovery::search) {
    findings.warnings.add(say(Reason::unsupported_version));
  } else {
    return fail(say(Reason::unsupported_version));
  }
  return {};
}

void PcapParser::set_link_type(u32 word, Findings& findings) {
  interface_.link_type = LinkType(word & 0xffff);
  if (word & 1u << 26) {
    interface_.has_fcs_length = true;
    interface_.fcs_length = u8(2 * (word >> 28));
  }
  if (word & 0x0bff0000)
    findings.warnings.add(problem(Reason::out_of_range, 20, Error::unknown, "reserved bits of the link type word are set"));
  else if (!find_link_type(interface_.link_type))
    findings.warnings.add(problem(Reason::out_of_range, 20, Error::unknown, "link type ", word & 0xffff, " is not registered"));
}

Result<void> PcapParser::begin(Bytes header, Findings& findings, FrameRoom& room) {
  const u8* p = header.data;
  order_ = load_be<u32>(p) >> 24 == 0xa1 ? Order::big : Order::little;
  const u32 magic = load<u32>(p, order_);
  if (magic == pcap_magic_ns) fractions_ = 1'000'000'000, nanoseconds_ = 1;
  kuznetzov_ = magic == pcap_magic_kuznetzov;
  if (kuznetzov_) record_header_ = 24;
  findings.facts.modified = kuznetzov_;
  if (auto version = check_version(load<u16>(p + 4, order_), load<u16>(p + 6, order_), findings); !version) return version;
  set_link_type(load<u32>(p + 20, order_), findings);
  snaplen_ = load<u32>(p + 16, order_);
  const bool no_limit = snaplen_ == 0 || snaplen_ > 0x7fffffff;
  interface_.snaplen = no_limit ? 0 : snaplen_;
  plain_limit_ = std::min({no_limit ? common_snaplen : snaplen_, findings.options.max_packet_bytes});
  interface_.resolution = nanoseconds_ == 1 ? Resolution::nanoseconds() : Resolution::microseconds();
  findings.facts.order = order_;
  for (auto& frame : room.frames) {
    frame = {};
    frame.link = interface_.link_type;
  }
  return {};
}

PcapParser::RecordLengths PcapParser::lengths_of(const u8* p) const {
  RecordLengths lengths{load<u32>(p + 8, order_), load<u32>(p + 12, order_)};
  if (lengths_ == Lengths::swapped || (lengths_ == Lengths::either && lengths.captured > lengths.original))
    std::swap(lengths.captured, lengths.original);
  return lengths;
}

/// A record that is not plain: delivered, with a warning, or the end of what can be read.
Stop PcapParser::examine(Bytes record, u64 offset, u64 packet, Findings& findings, Progress& progress) {
  const u8* p = record.data;
  const auto [captured, original] = lengths_of(p);
  const u32 fraction = load<u32>(p + 4, order_);
  const auto damage = [&](const Error& error) {
    progress.error = record_damage(record, offset, packet, error);
    return Stop::damage;
  };
  if (is_file_header(record)) return damage(problem(Reason::second_file_header, offset, packet));
  if (captured == 0 && original == 0 && fraction == 0 && load<u32>(p, order_) == 0) {
    if (!accept_zeros_) return Stop::zeros;
    accept_zeros_ = false;
  }
  if (captured > findings.options.max_packet_bytes) {
    const bool announced = captured <= snaplen_ && captured <= 0x7fffffff;
    return damage(problem(announced ? Reason::limit_exceeded : Reason::damaged, offset, packet, "captured length ", captured));
  }
  if (captured > common_snaplen && snaplen_ != 0 && captured > snaplen_)
    return damage(problem(Reason::damaged, offset, packet, "captured length ", captured));
  if (record.size < record_header_ + size_t{captured}) return Stop::needs_bytes;
  if (captured > original)
    findings.warnings.add(problem(Reason::damaged, offset, packet, "captured length ", captured, " is above the length ", original));
  if (interface_.snaplen && captured > interface_.snaplen && !warned_snaplen_) {
    warned_snaplen_ = true;
    findings.warnings.add(problem(Reason::out_of_range, offset, packet, "captured length ", captured, " is above the snaplen ", snaplen_));
  }
  if (fraction >= fractions_) findings.warnings.add(problem(Reason::out_of_range, offset, packet, "fraction of a second ", fraction));
  return Stop::room_full;
}

template <Order order> Progress PcapParser::run(Bytes bytes, u64 offset, FrameRoom& room, Findings& findings) {
  Progress progress;
  const u8 *p = bytes.begin(), *const end = bytes.end();
  const u32 header = record_header_, fractions = fractions_, limit = plain_limit_, most = room.most;
  const i64 nanoseconds = nanoseconds_;
  const bool usual = lengths_ == Lengths::usual;
  u32 count = 0;
  for (; count < most; ++count) {
    const size_t left = size_t(end - p);
    progress.needed = header;
    progress.stop = Stop::needs_bytes;
    if (left < header) break;
    const u32 seconds = load<u32>(p, order), fraction = load<u32>(p + 4, order);
    u32 captured = load<u32>(p + 8, order), original = load<u32>(p + 12, order);
    // Also true for a length of 0.
    if (captured - 1 >= limit || captured > original || fraction >= fractions || !usual) [[unlikely]] {
      const auto lengths = lengths_of(p);
      captured = lengths.captured, original = lengths.original;
      const auto packet = findings.facts.packets + count + 1;
      if (const Stop stop = examine({p, left}, offset + u64(p - bytes.begin()), packet, findings, progress); stop != Stop::room_full) {
        progress.stop = stop;
        progress.needed = header + size_t{captured};
        break;
      }
    }
    if (left - header < captured) {
      progress.needed = header + size_t{captured};
      break;
    }
    Frame& frame = room.frames[count];
    frame.bytes = {p + header, captured};
    frame.original_length = original;
    frame.time.nanoseconds = i64{seconds} * Timestamp::per_second + i64{fraction} * nanoseconds;
    if (kuznetzov_) frame.info.packet_type = p[sll_type_at] < std::size(sll_types) ? sll_types[p[sll_type_at]] : PacketType::unknown;
    room.records[count] = {u32(p - bytes.begin()), header + captured};
    p += header + size_t{captured};
  }
  if (count == most) progress.stop = Stop::room_full;
  progress.frames = count;
  progress.used = size_t(p - bytes.begin());
  return progress;
}

Progress PcapParser::parse(Bytes bytes, u64 offset, FrameRoom& room, Findings& findings) {
  return order_ == Order::little ? run<Order::little>(bytes, offset, room, findings) : run<Order::big>(bytes, offset, room, findings);
}

}  // namespace trawl::inline v0
