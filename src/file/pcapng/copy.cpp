// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/file/pcapng_copy.hpp"

#include <algorithm>
#include <vector>

#include "file/pcapng/statistics.hpp"

namespace trawl::inline v0 {
namespace {

u64 shifted(u64 ticks, i64 nanoseconds, Resolution resolution) {
  const bool back = nanoseconds < 0;
  const u64 by = to_ticks({back ? -nanoseconds : nanoseconds}, resolution).ticks;
  if (back) return ticks > by ? ticks - by : 0;
  return ticks > ~by ? ~u64{0} : ticks + by;
}

/// The code to leave out when comments are discarded.
u16 unless(bool discarded) { return discarded ? any_option::comment.code : end_of_options; }

class Copy {
 public:
  Copy(PcapngBlockReader& from, FileWriter& to, const CopyOptions& options) : from_(from), to_(to), options_(options) {}
  Result<CopyCounts> run();

 private:
  bool changes_packets() const {
    return options_.snaplen || options_.shift_nanoseconds || options_.retime || options_.resolution || options_.comments || options_.edit ||
           options_.discard_comments.packets;
  }
  bool changes_sizes() const {
    return changes_packets() || options_.keep || options_.secrets == Secrets::discard || !options_.add_secrets.empty() ||
           options_.discard_comments.any() || !options_.add_comments.empty();
  }
  Result<void> other(const Block& block);
  Result<void> put(Bytes raw, Order order, u32 packets);
  Result<void> take(const Block& block);
  Result<void> section(const Block& block);
  Result<void> interface(const Block& block);
  Result<void> statistics(const Block& block);
  Result<void> packet(const Block& block);
  Result<void> pass();
  std::vector<u8> edited(const Block& block, const Frame& frame);

  PcapngBlockReader& from_;
  FileWriter& to_;
  const CopyOptions& options_;
  CopyCounts counts_;
  size_t first_interface_ = 0;   ///< of this section
  bool begun_ = false;
  std::vector<u8> turned_;
  u32 since_progress_ = 0;
  u64 ask_again_ = 0;            ///< for the packet from here on
};

Result<void> Copy::put(Bytes raw, Order order, u32 packets) {
  if (!options_.order || order == *options_.order) return to_.write_raw(raw, packets);
  turned_.assign(raw.begin(), raw.end());
  reverse_block(turned_, order);
  return to_.write_raw(turned_, packets);
}

Result<void> Copy::section(const Block& block) {
  first_interface_ = from_.interfaces().size();
  auto header = parse_section_header(block);
  if (!header || !changes_sizes()) return put(block.raw, block.order, 0);
  const bool first = !begun_;
  begun_ = true;
  OptionBuilder builder(block.order);
  const bool comments = options_.discard_comments.sections || (first && !options_.add_comments.empty());
  if (header->length == -1 && !comments) {
    if (auto done = put(block.raw, block.order, 0); !done) return done;
  } else {
    header->length = -1;
    if (comments) {
      builder.copy(header->options, block.order, block.type, unless(options_.discard_comments.sections));
      if (first)
        for (const auto comment : options_.add_comments) builder.add(any_option::comment, comment);
      header->options = builder.finish();
    }
    if (auto done = put(encode(*header, block.order), block.order, 0); !done) return done;
  }
  if (!first) return {};
  for (const DecryptionSecrets& secrets : options_.add_secrets)
    if (auto done = put(encode(secrets, block.order), block.order, 0); !done) return done;
  return {};
}

/// A block that is not changed but for its comments.
Result<void> Copy::other(const Block& block) {
  const Bytes options = options_of(block);
  if (!options_.discard_comments.others || !find(options, block.order, any_option::comment)) return put(block.raw, block.order, 0);
  OptionBuilder builder(block.order);
  builder.copy(options, block.order, block.type, unless(true));
  BlockBuilder whole(block.type, block.order);
  whole.data(block.body().first(size_t(options.data - block.body().data))).options(builder.finish());
  return put(whole.finish(), block.order, 0);
}

Result<void> Copy::interface(const Block& block) {
  auto description = parse_interface_description(block);
  const bool comments = options_.discard_comments.interfaces;
  if (!(options_.resolution || comments) || !description) return put(block.raw, block.order, 0);
  OptionBuilder builder(block.order);
  if (comments) {
    OptionBuilder silent(block.order);
    silent.copy(description->options, block.order, block.type, any_option::comment.code);
    builder.copy(silent.bytes(), block.order, block.type, options_.resolution ? interface_option::resolution.code : end_of_options);
  } else {
    builder.copy(description->options, block.order, block.type, interface_option::resolution.code);
  }
  if (options_.resolution) builder.add(interface_option::resolution, *options_.resolution);
  description->options = builder.finish();
  return put(encode(*description, block.order), block.order, 0);
}

Result<void> Copy::statistics(const Block& block) {
  const auto parsed = parse_interface_statistics(block);
  const auto interfaces = from_.interfaces().subspan(first_interface_);
  if (!(options_.resolution || options_.shift_nanoseconds) || !parsed || parsed->interface >= interfaces.size()) return other(block);
  const InterfaceInfo& info = interfaces[parsed->interface];
  const Resolution now = options_.resolution.value_or(info.resolution);
  const auto moved = [&](u64 ticks) {
    const u64 later = shifted(ticks, options_.shift_nanoseconds, info.resolution);
    if (now == info.resolution) return later;
    return to_ticks(to_timestamp(later, info.resolution, info.time_offset_seconds).time, now, info.time_offset_seconds).ticks;
  };
  const auto changed = with_statistics_changed(block, parsed->interface, moved);
  Block now_block = block;
  now_block.raw = {changed.data(), changed.size()};
  return other(now_block);
}

/// The packet's block with what was asked for, in the block's own byte order; empty: nothing changes.
std::vector<u8> Copy::edited(const Block& block, const Frame& frame) {
  const auto interfaces = from_.interfaces();
  const InterfaceInfo& info = interfaces[frame.interface];
  const auto comments = options_.comments ? options_.comments(from_.facts().packets) : std::span<const std::string_view>();
  const bool cut = options_.snaplen && frame.bytes.size > options_.snaplen;
  const Frame now = options_.edit ? options_.edit(frame) : frame;
  const Timestamp time = options_.retime && frame.info.has_time ? options_.retime(frame.time) : frame.time;
  const bool moved = frame.info.has_time && (options_.shift_nanoseconds || options_.resolution || time != frame.time);
  const bool other_bytes =
      now.bytes.data != frame.bytes.data || now.bytes.size != frame.bytes.size || now.original_length != frame.original_length;
  auto packet = parse_packet(block, interfaces[first_interface_].snaplen);
  const bool silenced = options_.discard_comments.packets && find(packet->options, block.order, any_option::comment);
  if (!cut && !moved && !other_bytes && !silenced && comments.empty()) return {};
  if (other_bytes) packet->data = now.bytes, packet->original_length = now.original_length;
  if (cut) packet->data = packet->data.first(options_.snaplen);
  if (frame.info.has_time) {
    if (time != frame.time) packet->ticks = to_ticks(time, info.resolution, info.time_offset_seconds).ticks;
    packet->ticks = shifted(packet->ticks, options_.shift_nanoseconds, info.resolution);
    if (options_.resolution && *options_.resolution != info.resolution) {
      const auto exact = to_timestamp(packet->ticks, info.resolution, info.time_offset_seconds).time;
      packet->ticks = to_ticks(exact, *options_.resolution, info.time_offset_seconds).ticks;
    }
  }
  OptionBuilder builder(block.order);
  builder.copy(packet->options, block.order, block.type, unless(options_.discard_comments.packets));
  for (const auto comment : comments) builder.add(any_option::comment, comment);
  packet->options = builder.finish();
  const bool simple = block.type == BlockType::simple_packet;
  return encode(*packet, block.order, simple ? BlockType::enhanced_packet : block.type);
}

Result<void> Copy::packet(const Block& block) {
  ++counts_.read;
  if (!options_.keep && !changes_packets()) {
    ++counts_.written;
    return put(block.raw, block.order, 1);
  }
  const auto frame = from_.frame(block);
  if (!frame) {
    if (!counts_.damage) counts_.damage = frame.error();
    return {};
  }
  if (options_.keep) {
    const auto wanted = options_.keep(from_.facts().packets, *frame);
    if (!wanted) return fail(wanted.error());
    if (!*wanted) return {};
  }
  ++counts_.written;
  const auto changed = edited(block, *frame);
  return put(changed.empty() ? block.raw : Bytes(changed), block.order, 1);
}

Result<void> Copy::take(const Block& block) {
  switch (block.type) {
    case BlockType::section_header: return section(block);
    case BlockType::interface_description: return interface(block);
    case BlockType::interface_statistics: return statistics(block);
    case BlockType::decryption_secrets:
      if (options_.secrets == Secrets::keep) break;
      ++counts_.discarded_secrets;
      return {};
    case BlockType::custom_do_not_copy:
      if (changes_sizes()) return {};
      break;
    default:
      if (block.is_packet()) return packet(block);
  }
  return other(block);
}

/// Goes to the next packet that may be wanted, if that is far enough.
Result<void> Copy::pass() {
  constexpr u64 far = 512;
  const u64 next = from_.facts().packets + 1;
  if (!options_.index || !options_.first_kept || next < ask_again_) return {};
  const u64 first = options_.first_kept(next);
  ask_again_ = std::max(next, first) + far;
  if (first < next + far && first <= options_.index->packets()) return {};
  const auto passed = first > next ? from_.pass_packets(*options_.index, first) : Result<void>();
  if (passed || passed.error().reason != Reason::not_supported) return passed;
  ask_again_ = ~u64{};  // then all of them are read
  return {};
}

Result<CopyCounts> Copy::run() {
  for (;;) {
    if (auto passed = pass(); !passed) return fail(passed.error());
    const auto block = from_.next();
    if (!block) {
      if (!counts_.damage) counts_.damage = block.error();
      return counts_;
    }
    if (!*block) return counts_;
    if (auto taken = take(**block); !taken) return fail(taken.error());
    if (options_.progress && ++since_progress_ == 1024) options_.progress(from_.bytes_read()), since_progress_ = 0;
  }
}

}  // namespace

std::vector<u8> with_times_shifted(const OtherBlock& statistics, std::span<const InterfaceInfo> interfaces, i64 nanoseconds) {
  const auto parsed = parse_interface_statistics(statistics.block);
  if (!parsed || statistics.interface >= interfaces.size()) return {};
  const Resolution resolution = interfaces[statistics.interface].resolution;
  return with_statistics_changed(statistics.block, parsed->interface, [&](u64 ticks) { return shifted(ticks, nanoseconds, resolution); });
}

Result<CopyCounts> copy_blocks(PcapngBlockReader& from, FileWriter& to, const CopyOptions& options) {
  return Copy(from, to, options).run();
}

}  // namespace trawl::inline v0
