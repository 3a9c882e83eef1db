// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcapng/packet_options.hpp"

#include "file/pcapng/option_layout.hpp"

namespace trawl::inline v0 {
namespace {

using namespace packet_flag;

constexpr u8 toeplitz = 5;

constexpr size_t padded(size_t size) { return (size + 3) & ~size_t{3}; }
/// As much of a text as an option holds.
Bytes fitting(std::string_view text) { return Bytes::of(text).first(0xffff); }

void read_flags(u32 flags, FrameInfo& info) {
  const u32 direction = flags & direction_mask;
  info.direction = direction == inbound ? Direction::inbound : direction == outbound ? Direction::outbound : Direction::unknown;
  switch (flags >> reception_shift & 7) {
    case unicast: info.packet_type = direction == inbound ? PacketType::to_us : PacketType::unknown; break;
    case multicast: info.packet_type = PacketType::multicast; break;
    case broadcast: info.packet_type = PacketType::broadcast; break;
    case promiscuous: info.packet_type = PacketType::to_other; break;
    default: break;
  }
  if (direction == outbound) info.packet_type = PacketType::outgoing;
  if (flags & checksum_not_ready) info.checksum = ChecksumState::not_filled_in;
  else if (flags & checksum_valid) info.checksum = ChecksumState::good;
  info.segmentation_offload = flags & segmentation;
}

}  // namespace

PacketOptions read_packet_options(Bytes options, Order order, FrameInfo& info) {
  OptionWalk walk(options, order);
  PacketOptions result;
  bool empty_last = false;
  while (const auto found = walk.next()) {
    const Bytes value = found->value;
    empty_last = value.empty();
    switch (found->code) {
      case any_option::comment.code: ++result.comments; break;
      case packet_option::flags.code:
        if (value.size == 4) read_flags(load<u32>(value.data, order), info);
        else result.damaged = true;
        break;
      case packet_option::hash.code:
        if (value.size == 5 && value[0] == toeplitz) info.has_hash = true, info.hash = load_be<u32>(value.data + 1);
        break;
      case packet_option::drops.code:
        if (value.size == 8) {
          const u64 drops = load<u64>(value.data, order);
          info.has_drops = true, info.drops_before = drops > UINT32_MAX ? UINT32_MAX : u32(drops);
        } else {
          result.damaged = true;
        }
        break;
      case packet_option::queue.code:
        if (value.size == 4) info.has_queue = true, info.queue = load<u32>(value.data, order);
        else result.damaged = true;
        break;
      default: break;
    }
  }
  info.metadata = walk.good();
  info.metadata_big_endian = order == Order::big;
  // Four stray bytes look like an empty option, and behind those there is no end of options.
  result.damaged |= walk.damaged() || (empty_last && walk.good().size == options.size);
  return result;
}

PacketOptionPlan plan_all_options(const FrameInfo& info, std::span<const std::string_view> comments) {
  PacketOptionPlan plan;
  if (info.metadata.size) {
    plan.size = padded(info.metadata.size);
  } else {
    plan.flags = packet_flags(info);
    plan.size = (plan.flags ? 8u : 0u) + (info.has_hash ? 12u : 0u) + (info.has_drops ? 12u : 0u) + (info.has_queue ? 8u : 0u);
  }
  for (const auto comment : comments) plan.size += 4 + padded(fitting(comment).size);
  if (plan.size) plan.size += 4;
  return plan;
}

void put_options(u8* p, const PacketOptionPlan& plan, const FrameInfo& info, std::span<const std::string_view> comments, Order order) {
  u8* const end = p + plan.size - 4;
  const auto head = [&](u16 code, size_t size) {
    store(p, code, order);
    store(p + 2, u16(size), order);
    if (size) store(p + padded(size), u32{0}, order);  // padding, under the value's last bytes
    p += 4;
  };
  if (const Bytes raw = info.metadata; raw.size) {
    const Order was = info.metadata_big_endian ? Order::big : Order::little;
    store(p + padded(raw.size) - 4, u32{0}, order);
    copy_bytes(p, raw.data, raw.size);
    if (was != order) reverse_options(p, raw.size, was, BlockType::enhanced_packet);
    p += padded(raw.size);
  } else {
    if (plan.flags) head(packet_option::flags.code, 4), store(p, plan.flags, order), p += 4;
    if (info.has_hash) head(packet_option::hash.code, 5), *p = toeplitz, store_be(p + 1, info.hash), p += 8;
    if (info.has_drops) head(packet_option::drops.code, 8), store(p, u64{info.drops_before}, order), p += 8;
    if (info.has_queue) head(packet_option::queue.code, 4), store(p, info.queue, order), p += 4;
  }
  for (const auto comment : comments) {
    const Bytes text = fitting(comment);
    head(any_option::comment.code, text.size);
    copy_bytes(p, text.data, text.size);
    p += padded(text.size);
  }
  store(end, u32{0}, order);
}

}  // namespace trawl::inline v0
