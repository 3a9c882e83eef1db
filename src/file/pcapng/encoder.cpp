// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcapng/encoder.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>

#include "file/pcapng/packet_options.hpp"
#include "file/pcapng/statistics.hpp"
#include "file/recognize.hpp"

namespace trawl::inline v0 {
namespace {

constexpr size_t padded(size_t size) { return (size + 3) & ~size_t{3}; }
constexpr size_t enhanced_fixed = 28, frame_of_block = 12;

/// Ticks since the lane's offset; most resolutions need one division by a constant.
template <class Lane> u64 ticks_of(const Frame& frame, const Lane& lane, Warnings& warnings, u64 packet) {
  const i64 t = frame.time.nanoseconds;
  if (t >= 0 && lane.offset_seconds == 0) [[likely]] {
    if (lane.resolution == Resolution::nanoseconds()) return u64(t);
    if (lane.resolution == Resolution::microseconds()) return u64(t) / 1000;
  }
  const auto scaled = to_ticks(frame.time, lane.resolution, lane.offset_seconds);
  if (scaled.saturated)
    warnings.add({.operation = Operation::write_file,
                  .reason = Reason::out_of_range,
                  .packet = packet,
                  .detail = "a time that the interface's resolution cannot express"});
  return scaled.ticks;
}

void add_addresses(OptionBuilder& options, std::span<const InterfaceAddress> addresses) {
  for (const auto& address : addresses) {
    if (address.family == InterfaceAddress::Family::ipv4) {
      Ipv4Net net{.address = address.ipv4};
      store_be(net.mask.octet, u32(ones(32) ^ ones(32u - std::min<unsigned>(address.prefix_length, 32))));
      options.add(interface_option::ipv4, net);
    } else {
      options.add(interface_option::ipv6, {address.ipv6, address.prefix_length});
    }
  }
}

void add_fields(OptionBuilder& options, const InterfaceInfo& interface) {
  namespace o = interface_option;
  options.add_unless_empty(o::name, interface.name);
  options.add_unless_empty(o::description, interface.description);
  add_addresses(options, interface.addresses);
  if (interface.has_mac) options.add(o::mac, interface.mac);
  if (interface.speed_bits_per_second) options.add(o::speed, interface.speed_bits_per_second);
  if (!interface.filter.empty()) options.add(o::filter, {.kind = 0, .value = Bytes::of(interface.filter)});
  options.add_unless_empty(o::operating_system, interface.operating_system);
  if (interface.has_fcs_length) options.add(o::fcs_length, u8(8 * interface.fcs_length));
  if (interface.time_offset_seconds) options.add(o::time_offset, interface.time_offset_seconds);
  options.add_unless_empty(o::hardware, interface.hardware);
}

}  // namespace

PcapngEncoder::PcapngEncoder(const WriterOptions& options) : options_(options), raw_order_(options.order) {
  OptionBuilder texts(options.order);
  for (auto comment : options.comments) texts.add(any_option::comment, comment);
  texts.add_unless_empty(section_option::hardware, options.hardware);
  texts.add_unless_empty(section_option::operating_system, options.operating_system);
  texts.add_unless_empty(section_option::application, options.application);
  section_texts_.assign(texts.bytes().begin(), texts.bytes().end());
  section_header_ = encode(SectionHeader{.options = texts.finish()}, options.order);
}

bool PcapngEncoder::begin(Output& output) { return begun_ || (begun_ = put(section_header_, 0, output)); }

bool PcapngEncoder::put(Bytes whole, u32 packets, Output& output) {
  u8* p = output.reserve(whole.size);
  if (!p) return false;
  copy_bytes(p, whole.data, whole.size);
  output.commit(whole.size, packets);
  return true;
}

bool PcapngEncoder::block(BlockType type, std::initializer_list<Bytes> parts, u32 packets, Output& output) {
  size_t body = 0;
  for (const auto& part : parts) body += part.size;
  const size_t size = frame_of_block + padded(body);
  u8* p = output.reserve(size);
  if (!p) return false;
  store(p, u32(type), options_.order);
  store(p + 4, u32(size), options_.order);
  u8* at = p + 8;
  for (const auto& part : parts) copy_bytes(at, part.data, part.size), at += part.size;
  std::memset(at, 0, padded(body) - body);
  store(p + size - 4, u32(size), options_.order);
  output.commit(size, packets);
  return true;
}

bool PcapngEncoder::describe(const InterfaceInfo& interface, Output& output) {
  const Resolution resolution = options_.resolution.value_or(interface.resolution);
  OptionBuilder options(options_.order);
  const bool as_it_stood = interface.raw_options.size != 0;
  if (as_it_stood)
    options.copy(interface.raw_options, interface.options_order, BlockType::interface_description,
                 resolution == interface.resolution ? end_of_options : interface_option::resolution.code);
  else add_fields(options, interface);
  if (resolution != Resolution::microseconds() && !(as_it_stood && resolution == interface.resolution))
    options.add(interface_option::resolution, resolution);
  const auto whole = encode(InterfaceDescription{u16(interface.link_type), interface.snaplen, options.finish()}, options_.order);
  if (!put(whole, 0, output)) return false;
  lanes_.push_back({resolution, interface.time_offset_seconds, interface.link_type, interface.snaplen});
  return true;
}

u32 PcapngEncoder::new_id_of(u32 interface, LinkType link, std::span<const InterfaceInfo> interfaces, Output& output) {
  const bool known = interface < interfaces.size();
  const size_t index = known ? interface : 0;
  if (!begin(output)) return no_id;
  if (ids_.size() <= index) ids_.resize(index + 1, no_id);
  const u32 id = u32(lanes_.size());
  InterfaceInfo unknown;
  unknown.link_type = link;
  if (!describe(known ? interfaces[index] : unknown, output)) return no_id;
  return ids_[index] = id;
}

/// A simple packet block says no more than this.
bool PcapngEncoder::fits_simple(const Frame& frame, u32 id) const {
  if (id != 0 || (options_.packet_blocks == PacketBlocks::enhanced && frame.info.has_time)) return false;
  const u32 snaplen = lanes_[0].snaplen;
  return frame.bytes.size == (snaplen && snaplen < frame.original_length ? snaplen : frame.original_length);
}

template <Order order> Put PcapngEncoder::write_one(const Frame& frame, const Sinks& to) {
  const u32 id = id_of(frame.interface, frame.link, to.interfaces, to.output);
  if (id == no_id) [[unlikely]]
    return Put::output_failed;
  const Lane& lane = lanes_[id];
  if (frame.link != lane.link) [[unlikely]]
    return Put::wrong_link_type;
  const PacketOptionPlan options = plan_options(frame.info, to.comments);
  if (!options.size && fits_simple(frame, id)) [[unlikely]] {
    u8 fixed[4];
    store(fixed, frame.original_length, order);
    return block(BlockType::simple_packet, {Bytes(fixed, sizeof fixed), frame.bytes}, 1, to.output) ? Put::done : Put::output_failed;
  }
  const size_t data = padded(frame.bytes.size), size = enhanced_fixed + data + options.size + 4;
  const bool borrowed = frame.bytes.size >= to.borrow_from;
  const size_t copied = borrowed ? data - frame.bytes.size : data;  // of the packet and its padding
  u8* p = to.output.reserve(size - data + copied);
  if (!p) [[unlikely]]
    return Put::output_failed;
  const u64 ticks = frame.info.has_time ? ticks_of(frame, lane, to.warnings, to.output.packets() + 1) : 0;
  store(p, u32(BlockType::enhanced_packet), order);
  store(p + 4, u32(size), order);
  store(p + 8, id, order);
  store(p + 12, u32(ticks >> 32), order);
  store(p + 16, u32(ticks), order);
  store(p + 20, u32(frame.bytes.size), order);
  store(p + 24, frame.original_length, order);
  u8* const tail = p + enhanced_fixed + copied;
  if (borrowed) {
    std::memset(p + enhanced_fixed, 0, copied);
  } else {
    if (data) store(tail - 4, u32{0}, order);  // padding; the packet's last bytes come over it
    copy_bytes(p + enhanced_fixed, frame.bytes.data, frame.bytes.size);
  }
  if (options.only_flags()) put_flags<order>(tail, options.flags);
  else if (options.size) put_options(tail, options, frame.info, to.comments, order);
  store(tail + options.size, u32(size), order);
  if (borrowed) to.output.commit_around(enhanced_fixed, frame.bytes, copied + options.size + 4, 1);
  else to.output.commit(size, 1);
  return Put::done;
}

template <Order order> Put PcapngEncoder::write_all(std::span<const Frame> frames, const Sinks& to, size_t& done) {
  for (; done < frames.size(); ++done) {
    expect(frames, done + 4);
    if (const Put put = write_one<order>(frames[done], to); put != Put::done) [[unlikely]]
      return put;
  }
  return Put::done;
}

/// write_raw() may have left a section that cannot be gone on with.
void PcapngEncoder::go_on() {
  if (raw_order_ == options_.order) [[likely]]
    return;
  begun_ = false, raw_order_ = options_.order;
  ids_.clear(), lanes_.clear();
  processes_.clear(), process_count_ = 0;
}

Put PcapngEncoder::write(std::span<const Frame> frames, const Sinks& to, size_t& done) {
  go_on();
  if (!processes_.change()) [[likely]]
    return write_in_order(frames, to, done);
  std::vector<Frame> renumbered(frames.begin(), frames.end());
  std::deque<std::vector<u8>> room;
  for (Frame& frame : renumbered) {
    const Order order = frame.info.metadata_big_endian ? Order::big : Order::little;
    frame.info.metadata = processes_.renumbered(frame.info.metadata, order, room);
  }
  return write_in_order(renumbered, to, done);
}

Put PcapngEncoder::write_in_order(std::span<const Frame> frames, const Sinks& to, size_t& done) {
  return options_.order == Order::little ? write_all<Order::little>(frames, to, done) : write_all<Order::big>(frames, to, done);
}

/// Keeps the numbers of later interfaces and processes right.
void PcapngEncoder::note_raw(Bytes raw) {
  const u32 type = load<u32>(raw.data, raw_order_);
  if (type == u32(BlockType::interface_description)) lanes_.emplace_back();
  if (type == u32(BlockType::process_information)) ++process_count_;
}

bool PcapngEncoder::write_raw(Bytes raw, u32 packets, Output& output) {
  if (load_be<u32>(raw.data) == section_header_type) {
    begun_ = true;
    ids_.clear();
    lanes_.clear();
    processes_.clear(), process_count_ = 0;
    raw_order_ = load_be<u32>(raw.data + 8) == byte_order_magic ? Order::big : Order::little;
  } else if (!begin(output)) {
    return false;
  }
  note_raw(raw);
  return put(raw, packets, output);
}

bool PcapngEncoder::write_block(BlockType type, Bytes body, Output& output) { return begin(output) && block(type, {body}, 0, output); }

/// The options of another file's section, in front of ours; ours stand for its options of the same meaning.
void PcapngEncoder::take_header(const Block& block) {
  processes_.clear();
  const auto header = parse_section_header(block);
  if (begun_ || std::exchange(header_seen_, true) || !header) return;
  const auto ours = [&](u16 code) {
    OptionWalk mine(section_texts_, options_.order);
    while (const auto option = mine.next())
      if (option->code == code && code != any_option::comment.code) return true;
    return false;
  };
  OptionBuilder texts(options_.order);
  OptionWalk walk(header->options, block.order);
  while (const auto option = walk.next())
    if (!ours(option->code)) texts.copy(option->raw, block.order, BlockType::section_header);
  texts.copy(section_texts_, options_.order, BlockType::section_header);
  section_header_ = encode(SectionHeader{.options = texts.finish()}, options_.order);
}

bool PcapngEncoder::write_statistics(const OtherBlock& other, std::span<const InterfaceInfo> interfaces, Output& output) {
  if (other.interface >= interfaces.size()) return true;  // nobody knows what it speaks of
  const InterfaceInfo& was = interfaces[other.interface];
  const u32 id = id_of(other.interface, was.link_type, interfaces, output);
  if (id == no_id) return false;
  const Resolution now = lanes_[id].resolution;
  auto whole = with_statistics_changed(other.block, id, [&](u64 ticks) {
    if (now == was.resolution) return ticks;
    return to_ticks(to_timestamp(ticks, was.resolution, was.time_offset_seconds).time, now, was.time_offset_seconds).ticks;
  });
  if (other.block.order != options_.order) reverse_block(whole, other.block.order);
  return put(whole, 0, output);
}

bool PcapngEncoder::write_other(const OtherBlock& other, std::span<const InterfaceInfo> interfaces, Output& output) {
  go_on();
  const Block& block = other.block;
  if (block.type == BlockType::section_header) return take_header(block), true;
  if (block.type == BlockType::interface_description) return true;  // comes with its first packet
  if (!begin(output)) return false;
  if (block.type == BlockType::process_information) processes_.add(process_count_++);
  if (block.type == BlockType::interface_statistics && parse_interface_statistics(block))
    return write_statistics(other, interfaces, output);
  if (block.order == options_.order) return put(block.raw, 0, output);
  std::vector<u8> turned(block.raw.begin(), block.raw.end());
  reverse_block(turned, block.order);
  return put(turned, 0, output);
}

void PcapngEncoder::add_statistics(u32 interface, std::span<const InterfaceInfo> interfaces, const InterfaceCounters& counters,
                                   Timestamp now, Output& output) {
  const LinkType link = interface < interfaces.size() ? interfaces[interface].link_type : LinkType::ethernet;
  if (const u32 id = id_of(interface, link, interfaces, output); id != no_id) statistics_.push_back({id, counters, now});
}

bool PcapngEncoder::write_statistics(const Statistics& statistics, Output& output) {
  namespace o = statistics_option;
  const Lane& lane = lanes_[statistics.id];
  const auto ticks = [&](Timestamp time) { return to_ticks(time, lane.resolution, lane.offset_seconds).ticks; };
  const auto& counters = statistics.counters;
  OptionBuilder options(options_.order);
  if (counters.start) options.add(o::start_time, {ticks(*counters.start)});
  if (counters.end) options.add(o::end_time, {ticks(*counters.end)});
  const auto add = [&](const OptionOf<u64>& which, const std::optional<u64>& value) {
    if (value) options.add(which, *value);
  };
  add(o::received, counters.received);
  add(o::dropped, counters.dropped);
  add(o::filter_accepted, counters.filter_accepted);
  add(o::os_dropped, counters.os_dropped);
  add(o::delivered, counters.delivered);
  return put(encode(InterfaceStatistics{statistics.id, ticks(statistics.now), options.finish()}, options_.order), 0, output);
}

bool PcapngEncoder::finish(Output& output) {
  if (!begin(output)) return false;
  for (const auto& statistics : statistics_)
    if (!write_statistics(statistics, output)) return false;
  statistics_.clear();
  return true;
}

}  // namespace trawl::inline v0
