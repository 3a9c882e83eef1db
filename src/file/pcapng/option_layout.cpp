// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcapng/option_layout.hpp"

#include <algorithm>

namespace trawl::inline v0 {
namespace {

constexpr u16 any = 0xffff;

constexpr OptionLayout layouts[] = {
    {0, any, 0, 0},                                                              // text
    {0, any, 0, 0},                                                              // bytes
    {1, 1, 1, 1},   {4, 4, 4, 1},   {8, 8, 8, 1}, {8, 8, 8, 1},                      // byte, word, number, signed_number
    {8, 8, 4, 2},                                                                // halves
    {8, 8, 4, 2},                                                                // words
    {1, any, 1, 1},                                                              // tagged
    {1, any, 1, 1},                                                              // verdict
    {1, any, 1, 1},                                                              // filter
    {4, any, 4, 1},                                                              // enterprise
    {4, 4, 0, 0},   {16, 16, 0, 0}, {6, 6, 0, 0}, {8, 8, 0, 0}, {16, 16, 0, 0},    // ipv4, ipv6, mac, eui64, uuid
    {8, 8, 0, 0},   {17, 17, 0, 0},                                                // ipv4_net, ipv6_net
};
static_assert(std::size(layouts) == size_t(OptionKind::ipv6_net) + 1);

u64 load_number(const u8* p, unsigned width, Order order) {
  switch (width) {
    case 1: return *p;
    case 4: return load<u32>(p, order);
    default: return load<u64>(p, order);
  }
}

constexpr u8 bpf_instructions = 1;

/// Code and k of each instruction; the two jumps are bytes.
void reverse_instructions(u8* p, size_t size) {
  for (; size >= 8; p += 8, size -= 8) reverse_numbers(p, 2, 2), reverse_numbers(p + 4, 4, 4);
}
bool has_wide_verdict(const u8* value, size_t size) { return size == 9 && (value[0] == 1 || value[0] == 2); }

}  // namespace

OptionLayout layout_of(OptionKind kind) { return layouts[size_t(kind)]; }

std::optional<OptionValue> read_value(OptionKind kind, Bytes value, Order order) {
  const OptionLayout layout = layout_of(kind);
  if (value.size < layout.least || value.size > layout.most) return {};
  OptionValue result;
  if (layout.count) result.number = load_number(value.data, layout.width, order);
  if (layout.count == 2) result.second = load_number(value.data + layout.width, layout.width, order);
  result.bytes = value.from(size_t{layout.width} * layout.count);
  if (kind == OptionKind::halves) result.number = result.number << 32 | result.second, result.second = 0;
  if (kind == OptionKind::verdict && has_wide_verdict(value.data, value.size))
    result.second = load<u64>(value.data + 1, order), result.bytes = {};
  return result;
}

void reverse_numbers(u8* p, size_t size, size_t width) {
  for (; size >= width && width; p += width, size -= width) std::reverse(p, p + width);
}

void reverse_value(u8* value, size_t size, u16 code, BlockType type) {
  const OptionSpec* spec = find_option(type, code);
  if (!spec) return;
  const OptionLayout layout = layout_of(spec->kind);
  if (size < layout.least || size > layout.most) return;
  reverse_numbers(value, size_t{layout.width} * layout.count, layout.width);
  if (spec->kind == OptionKind::verdict && has_wide_verdict(value, size)) reverse_numbers(value + 1, 8, 8);
  if (spec->kind == OptionKind::filter && value[0] == bpf_instructions) reverse_instructions(value + 1, size - 1);
}

void reverse_options(u8* options, size_t size, Order from, BlockType type) {
  OptionWalk walk({options, size}, from);
  while (const auto found = walk.next()) {
    u8* p = options + (found->raw.data - options);
    reverse_numbers(p, 4, 2);
    reverse_value(p + 4, found->value.size, found->code, type);
  }
}

}  // namespace trawl::inline v0
