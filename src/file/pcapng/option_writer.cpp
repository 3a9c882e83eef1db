// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcapng/option_writer.hpp"

#include <algorithm>

namespace trawl::inline v0 {
namespace {

/// Where the numbers are in an option's value: `first` bytes that are no number, then numbers of `width` bytes.
struct Layout {
  u16 code;
  u16 size;  ///< of the whole value; other sizes are left alone
  u8 first, width;
};
constexpr Layout interface_layouts[] = {
    {option_code::interface::speed, 8, 0, 8},         {option_code::interface::time_zone, 4, 0, 4},
    {option_code::interface::time_offset, 8, 0, 8},   {option_code::interface::transmit_speed, 8, 0, 8},
    {option_code::interface::receive_speed, 8, 0, 8},
};
constexpr Layout packet_layouts[] = {
    {option_code::packet::flags, 4, 0, 4}, {option_code::packet::drops, 8, 0, 8},   {option_code::packet::id, 8, 0, 8},
    {option_code::packet::queue, 4, 0, 4}, {option_code::packet::verdict, 9, 1, 8}, {option_code::packet::process_thread, 8, 0, 4},
};
constexpr Layout statistics_layouts[] = {
    {option_code::statistics::start_time, 8, 0, 4},      {option_code::statistics::end_time, 8, 0, 4},
    {option_code::statistics::received, 8, 0, 8},        {option_code::statistics::dropped, 8, 0, 8},
    {option_code::statistics::filter_accepted, 8, 0, 8}, {option_code::statistics::os_dropped, 8, 0, 8},
    {option_code::statistics::delivered, 8, 0, 8},
};

std::span<const Layout> layouts_of(BlockType type) {
  switch (type) {
    case BlockType::interface_description: return interface_layouts;
    case BlockType::enhanced_packet:
    case BlockType::packet: return packet_layouts;
    case BlockType::interface_statistics: return statistics_layouts;
    default: return {};
  }
}

bool is_custom(u16 code) {
  return code == option_code::custom_text || code == option_code::custom_bytes || code == option_code::custom_text_no_copy ||
         code == option_code::custom_bytes_no_copy;
}

void reverse_numbers(u8* value, size_t size, size_t first, size_t width) {
  for (u8 *p = value + first, *end = value + size; size_t(end - p) >= width; p += width) std::reverse(p, p + width);
}

void reverse_value(u8* value, size_t size, u16 code, BlockType type) {
  if (is_custom(code) && size >= 4) reverse_numbers(value, 4, 0, 4);
  for (const auto& layout : layouts_of(type))
    if (layout.code == code && layout.size == size) reverse_numbers(value, size, layout.first, layout.width);
}

}  // namespace

void OptionWriter::add(u16 code, Bytes value) {
  value = value.first(0xffff);
  const size_t start = bytes_.size();
  bytes_.resize(start + 4 + ((value.size + 3) & ~size_t{3}));
  u8* p = bytes_.data() + start;
  store(p, code, order_);
  store(p + 2, u16(value.size), order_);
  copy_bytes(p + 4, value.data, value.size);
}

void OptionWriter::add_unless_empty(u16 code, std::string_view text) {
  if (!text.empty()) add(code, text);
}

void OptionWriter::add_halves(u16 code, u64 value) {
  u8 bytes[8];
  store(bytes, u32(value >> 32), order_);
  store(bytes + 4, u32(value), order_);
  add(code, Bytes(bytes, sizeof bytes));
}

void OptionWriter::copy(Bytes options, Order order, BlockType type, u16 but_not) {
  if (order == order_ && but_not == option_code::end) {
    bytes_.insert(bytes_.end(), options.begin(), options.end());
    return;
  }
  OptionWalk walk(options, order);
  while (const auto found = walk.next()) {
    if (found->code == but_not) continue;
    const size_t start = bytes_.size() + 4;
    add(found->code, found->value);
    if (order != order_) reverse_value(bytes_.data() + start, found->value.size, found->code, type);
  }
}

Bytes OptionWriter::finish() {
  if (!bytes_.empty()) bytes_.resize(bytes_.size() + 4);
  return {bytes_.data(), bytes_.size()};
}

void reverse_options(u8* options, size_t size, Order from, BlockType type) {
  OptionWalk walk({options, size}, from);
  while (const auto found = walk.next()) {
    u8* p = options + (found->raw.data - options);
    reverse_numbers(p, 4, 0, 2);
    reverse_value(p + 4, found->value.size, found->code, type);
  }
}

}  // namespace trawl::inline v0
