// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcapng/parser.hpp"

#include <algorithm>

#include "file/pcapng/packet_options.hpp"
#include "file/recognize.hpp"

namespace trawl::inline v0 {
namespace {

constexpr u32 smallest_block = 12, smallest_section_header = 28, enhanced_header = 28;
/// Of options, beside the packet itself.
constexpr u64 block_surplus = 1u << 20;

bool searching(const Findings& findings) { return findings.options.recovery == Recovery::search; }

}  // namespace

Progress PcapngParser::cut(Bytes bytes, u64 offset, u64 packet, const Findings& findings, Block& block) {
  const auto need = [](size_t count) { return Progress{.stop = Stop::needs_bytes, .needed = count}; };
  const auto damage = [&](const auto&... pieces) {
    return Progress{.stop = Stop::damage,
                    .error = record_damage(bytes, offset, packet, problem(Reason::damaged, offset, packet, pieces...))};
  };
  if (bytes.size < smallest_block) return need(smallest_block);
  const u8* p = bytes.data;
  const bool section = load_be<u32>(p) == section_header_type;
  Order order = order_;
  if (section) {
    if (load_be<u32>(p + 8) == byte_order_magic) order = Order::big;
    else if (load_le<u32>(p + 8) == byte_order_magic) order = Order::little;
    else if (!searching(findings)) return damage("a section header without byte-order magic");
    else order = load_le<u32>(p + 4) < load_be<u32>(p + 4) ? Order::little : Order::big;
  }
  const u32 type = load<u32>(p, order), length = load<u32>(p + 4, order);
  if (type == 0 && length == 0) return {.stop = Stop::zeros};
  if (length % 4 || length < (section ? smallest_section_header : smallest_block)) return damage("block length ", length);
  if (length > findings.options.max_packet_bytes + block_surplus) {
    auto progress = damage("block length ", length);
    if (progress.error.reason == Reason::damaged) progress.error.reason = Reason::limit_exceeded;
    return progress;
  }
  if (bytes.size < length) return need(length);
  if (const u32 trailer = load<u32>(p + length - 4, order); trailer != length)
    return damage("block length ", length, ", repeated as ", trailer);
  block = {.type = BlockType(type), .order = order, .section = section_, .offset = offset, .raw = bytes.first(length)};
  if (section && in_section_) ++block.section;
  return {.used = length};
}

void PcapngParser::end_section(u64 offset, Findings& findings) {
  if (section_length_ == -1) return;
  const u64 length = offset - section_begin_;
  if (u64(section_length_) != length)
    findings.warnings.add(problem(Reason::damaged, section_begin_, Error::unknown, "a section is ", length, " bytes long, its header says ",
                                  u64(section_length_)));
  section_length_ = -1;
}

Result<void> PcapngParser::begin_section(const Block& block, Findings& findings) {
  end_section(block.offset, findings);
  const auto header = parse_section_header(block);
  auto& facts = findings.facts;
  if (!in_section_) facts.order = block.order, facts.major = header->major, facts.minor = header->minor;
  facts.mixed_order |= block.order != facts.order;
  order_ = block.order;
  section_ = block.section;
  facts.sections = std::max(facts.sections, section_ + 1);
  in_section_ = true;
  first_interface_ = described_;
  section_begin_ = block.offset + block.raw.size;
  section_length_ = header->length;
  const auto warn = [&](Reason reason, const auto&... pieces) {
    findings.warnings.add(problem(reason, block.offset, Error::unknown, pieces...));
  };
  if (load<u32>(block.body().data, block.order) != byte_order_magic) warn(Reason::damaged, "the byte-order magic of a section header");
  if (header->length < -1) {
    warn(Reason::damaged, "a negative section length");
    section_length_ = -1;
  }
  skipping_ = header->major != 1;
  if (skipping_) warn(Reason::unsupported_version, "a section of version ", u32{header->major}, ".", u32{header->minor}, " is left out");
  else if (header->minor != 0 && header->minor != 2) warn(Reason::unsupported_version, "a section of version 1.", u32{header->minor});
  return {};
}

/// Looks at blocks that carry no packets, so that what is wrong in them is not news to a later reader.
void PcapngParser::check_other(const Block& block, Findings& findings) {
  if (block.type != BlockType::section_header) ++findings.facts.other_blocks;
  if (block.type == BlockType::custom_do_not_copy) ++findings.facts.uncopyable_blocks;
  const auto warn = [&](std::string_view what) { findings.warnings.add(problem(Reason::damaged, block.offset, Error::unknown, what)); };
  switch (block.type) {
    case BlockType::interface_statistics: {
      const auto statistics = parse_interface_statistics(block);
      if (!statistics) return warn("interface statistics that are too short");
      if (statistics->interface >= lanes().size()) warn("statistics of an interface that is not described");
      break;
    }
    case BlockType::name_resolution: {
      NameWalk walk(block.body(), block.order);
      while (const auto record = walk.next())
        if (record->damaged) warn("a name without a NUL byte at its end");
      if (walk.damaged()) return warn("name records without an end");
      break;
    }
    case BlockType::decryption_secrets:
      if (!parse_decryption_secrets(block)) return warn("secrets leave their block");
      break;
    case BlockType::custom:
    case BlockType::custom_do_not_copy:
      if (block.body().size < 4) return warn("a custom block without an enterprise number");
      break;
    default: break;
  }
  OptionWalk walk(options_of(block), block.order);
  while (const auto found = walk.next()) findings.facts.comments += found->code == any_option::comment.code;
  if (walk.damaged()) warn("options leave their block");
}

Result<void> PcapngParser::learn(const Block& block, Findings& findings) {
  if (block.type == BlockType::section_header) {
    ++descriptors_;
    if (auto begun = begin_section(block, findings); !begun) return begun;
  }
  if (skipping_) return {};
  if (block.type == BlockType::interface_description) {
    ++descriptors_;
    if (described_ == table_.interfaces().size())
      if (auto added = table_.add(block, findings); !added) return added;
    ++described_;
    return {};
  }
  check_other(block, findings);
  return {};
}

void PcapngParser::jump(std::span<const Descriptor> before, Findings& findings) {
  if (before.size() < descriptors_) {
    in_section_ = skipping_ = false;
    section_ = 0;
    described_ = descriptors_ = first_interface_ = 0;
  }
  Findings passed{.options = findings.options, .facts = findings.facts};  // a later pass over them will say what is odd
  while (descriptors_ < before.size()) {
    const Descriptor& next = before[descriptors_];
    const size_t known = descriptors_;
    Block block;
    if (cut(next.raw, next.offset, 0, passed, block).stop != Stop::room_full || !learn(block, passed) || descriptors_ == known) break;
  }
  findings.facts.sections = passed.facts.sections;
  findings.facts.mixed_order = passed.facts.mixed_order;
}

/// Notes a block that is no packet for whoever wants it.
void PcapngParser::keep(const Block& block, u32 before, FrameRoom& room, const Findings& findings) const {
  const bool frames_it = block.type == BlockType::section_header || block.type == BlockType::interface_description;
  const auto wanted = findings.options.blocks;
  if (wanted == KeepBlocks::none || (frames_it && wanted != KeepBlocks::all)) return;
  OtherBlock& kept = room.blocks.emplace_back(OtherBlock{.block = block, .before = before});
  if (const auto statistics = parse_interface_statistics(block); statistics && statistics->interface < lanes().size())
    kept.interface = u32(first_interface_) + statistics->interface;
}

Result<Frame> PcapngParser::packet(const Block& block, u64 number, Findings& findings) {
  const auto damage = [&](const auto&... pieces) { return fail(problem(Reason::damaged, block.offset, number, pieces...)); };
  const auto warn = [&](Reason reason, const auto&... pieces) { findings.warnings.add(problem(reason, block.offset, number, pieces...)); };
  if (lanes().empty() && searching(findings)) {
    table_.assume(section_);
    ++described_;
    warn(Reason::damaged, "no interface is described: Ethernet is assumed");
  }
  const auto described = lanes();
  const auto found = parse_packet(block, described.empty() ? 0 : described[0].snaplen);
  if (!found) return damage("a packet block that is too short");
  if (found->interface >= described.size()) return damage("interface ", found->interface, " is not described");
  Lane& lane = described[found->interface];
  const u32 captured = u32(found->data.size);
  if (captured < found->captured_length) {
    if (found->has_time) return damage("captured length ", found->captured_length, " leaves its block");
    warn(Reason::damaged, "a simple packet block holds ", captured, " bytes of ", found->original_length);
  }
  if (captured > found->original_length)
    warn(Reason::damaged, "captured length ", captured, " is above the length ", found->original_length);
  if (captured > lane.plain_length) {
    warn(Reason::out_of_range, "captured length ", captured, " is above the snaplen ", lane.snaplen);
    lane.plain_length = UINT32_MAX;
  }
  Frame frame;
  frame.bytes = found->data;
  frame.original_length = found->original_length;
  frame.interface = u32(first_interface_) + found->interface;
  frame.link = lane.link;
  frame.info.section = section_;
  frame.info.has_time = found->has_time;
  if (found->has_time) {
    const auto scaled = to_timestamp(found->ticks, lane.clock.resolution, lane.clock.offset_seconds);
    frame.time = scaled.time;
    if (scaled.saturated) warn(Reason::out_of_range, "a time before 1677 or after 2262");
  }
  if (block.type == BlockType::packet && found->drops != 0xffff) frame.info.has_drops = true, frame.info.drops_before = found->drops;
  if (!found->options.empty()) {
    const auto options = read_packet_options(found->options, block.order, frame.info);
    findings.facts.comments += options.comments;
    if (options.damaged) warn(Reason::damaged, "options of a packet leave their block or have a wrong size");
  }
  return frame;
}

/// Enhanced packet blocks with nothing odd about them; stops at the first other block.
template <Order order> void PcapngParser::run(Filling& filling, const u8* begin, FrameRoom& room, Findings& findings) {
  const std::span<Lane> described = lanes();
  const u32 first = u32(first_interface_);
  const u8* p = filling.at;
  for (const u32 most = room.most; filling.count < most; ++filling.count) {
    const size_t left = size_t(filling.end - p);
    if (left < enhanced_header + 4 || load<u32>(p, order) != u32(BlockType::enhanced_packet)) break;
    const u32 length = load<u32>(p + 4, order), interface = load<u32>(p + 8, order);
    const u64 ticks = u64{load<u32>(p + 12, order)} << 32 | load<u32>(p + 16, order);
    const u32 captured = load<u32>(p + 20, order), original = load<u32>(p + 24, order);
    if (length > left || length < enhanced_header + 4 || length % 4 || load<u32>(p + length - 4, order) != length) break;
    if (interface >= described.size() || captured > length - enhanced_header - 4 || captured > original) break;
    const Lane& lane = described[interface];
    if (ticks >= lane.clock.plain_ticks || captured > lane.plain_length) break;
    Frame& frame = room.frames[filling.count];
    frame.bytes = {p + enhanced_header, captured};
    frame.original_length = original;
    frame.interface = first + interface;
    frame.time.nanoseconds = i64(ticks) * lane.clock.factor + lane.clock.offset;
    frame.link = lane.link;
    frame.info = {};
    frame.info.section = section_;
    const u32 options = enhanced_header + ((captured + 3) & ~3u);
    if (options + 4 < length) {
      const auto read = read_packet_options({p + options, length - 4 - options}, order, frame.info);
      if (read.damaged) break;
      findings.facts.comments += read.comments;
    }
    room.records[filling.count] = {u32(p - begin), length};
    p += length;
  }
  filling.at = p;
}

Progress PcapngParser::parse(Bytes bytes, u64 offset, FrameRoom& room, Findings& findings) {
  Filling filling{bytes.begin(), bytes.end(), 0};
  Progress progress;
  while (filling.count < room.most) {
    if (in_section_ && !skipping_) {
      if (order_ == Order::little) run<Order::little>(filling, bytes.begin(), room, findings);
      else run<Order::big>(filling, bytes.begin(), room, findings);
      if (filling.count == room.most) break;
    }
    const size_t at = size_t(filling.at - bytes.begin());
    Block block;
    progress = cut(bytes.from(at), offset + at, findings.facts.packets + filling.count + 1, findings, block);
    if (progress.stop != Stop::room_full) break;
    if (!block.is_packet()) {
      if (auto learnt = learn(block, findings); !learnt) {
        progress.stop = Stop::damage, progress.error = learnt.error();
        break;
      }
      if (!skipping_ || block.type == BlockType::section_header) keep(block, filling.count, room, findings);
    } else if (!skipping_) {
      auto frame = packet(block, findings.facts.packets + filling.count + 1, findings);
      if (frame) {
        room.frames[filling.count] = *frame;
        room.records[filling.count++] = {u32(at), u32(block.raw.size)};
      } else {
        findings.damage.add(frame.error());
      }
    }
    filling.at += block.raw.size;
    if (room.blocks.size() == Batch::max_frames) break;
  }
  progress.frames = filling.count;
  progress.used = size_t(filling.at - bytes.begin());
  return progress;
}

}  // namespace trawl::inline v0
