// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <array>

#include "trawl/file/pcapng/options.hpp"

namespace trawl::inline v0 {
namespace {

/// By block and code.
constexpr auto table = [] {
  namespace a = any_option;
  namespace s = section_option;
  namespace i = interface_option;
  namespace p = packet_option;
  namespace n = names_option;
  namespace t = statistics_option;
  namespace c = process_option;
  std::array all = std::to_array<const OptionSpec*>({&a::comment,
                                                     &a::custom_text,
                                                     &a::custom_bytes,
                                                     &a::custom_text_no_copy,
                                                     &a::custom_bytes_no_copy,
                                                     &s::hardware,
                                                     &s::operating_system,
                                                     &s::application,
                                                     &i::name,
                                                     &i::description,
                                                     &i::ipv4,
                                                     &i::ipv6,
                                                     &i::mac,
                                                     &i::eui,
                                                     &i::speed,
                                                     &i::resolution,
                                                     &i::time_zone,
                                                     &i::filter,
                                                     &i::operating_system,
                                                     &i::fcs_length,
                                                     &i::time_offset,
                                                     &i::hardware,
                                                     &i::transmit_speed,
                                                     &i::receive_speed,
                                                     &i::time_zone_name,
                                                     &p::flags,
                                                     &p::hash,
                                                     &p::drops,
                                                     &p::id,
                                                     &p::queue,
                                                     &p::verdict,
                                                     &p::process_thread,
                                                     &p::process_index,
                                                     &p::effective_process_index,
                                                     &n::server,
                                                     &n::server_ipv4,
                                                     &n::server_ipv6,
                                                     &t::start_time,
                                                     &t::end_time,
                                                     &t::received,
                                                     &t::dropped,
                                                     &t::filter_accepted,
                                                     &t::os_dropped,
                                                     &t::delivered,
                                                     &c::name,
                                                     &c::uuid});
  std::ranges::sort(
      all, [](const OptionSpec* x, const OptionSpec* y) { return x->block != y->block ? x->block < y->block : x->code < y->code; });
  return all;
}();

struct Key {
  BlockType block;
  u16 code;
};
const OptionSpec* look_up(Key key) {
  const auto found = std::ranges::lower_bound(
      table, key, [](const Key& x, const Key& y) { return x.block != y.block ? x.block < y.block : x.code < y.code; },
      [](const OptionSpec* spec) { return Key{spec->block, spec->code}; });
  return found != table.end() && (*found)->block == key.block && (*found)->code == key.code ? *found : nullptr;
}

void put_hex(TextOut& out, Bytes bytes) {
  for (const u8 byte : bytes) out.number(byte, 16, 2);
}
void put_escaped(TextOut& out, std::string_view text) {
  for (const char c : text) {
    if (u8(c) >= 0x20 && c != 0x7f && c != '\\') out.put(c);
    else out.put("\\x").number(u8(c), 16, 2);
  }
}
template <class T> void put_octets(TextOut& out, Bytes bytes) {
  T address;
  copy_bytes(address.octet, bytes.data, sizeof address.octet);
  put(out, address);
}

void put_value(TextOut& out, OptionKind kind, const OptionValue& v) {
  switch (kind) {
    case OptionKind::text: return put_escaped(out, from_value<std::string_view>(v));
    case OptionKind::bytes:
    case OptionKind::uuid: return put_hex(out, v.bytes);
    case OptionKind::word: out.put("0x").number(v.number, 16, 8).put(" (").number(v.number).put(')'); return;
    case OptionKind::byte:
    case OptionKind::number:
    case OptionKind::halves: out.number(v.number); return;
    case OptionKind::signed_number: out.integer(i64(v.number)); return;
    case OptionKind::words: out.number(v.number).put(' ').number(v.second); return;
    case OptionKind::filter:
      if (v.number == 0) return put_escaped(out, v.bytes.text());
      [[fallthrough]];
    case OptionKind::tagged:
    case OptionKind::enterprise: out.number(v.number).put(' '); return put_hex(out, v.bytes);
    case OptionKind::verdict:
      out.number(v.number).put(' ');
      if (v.bytes.empty()) out.integer(i64(v.second));
      return put_hex(out, v.bytes);
    case OptionKind::ipv4: return put_octets<Ipv4Address>(out, v.bytes);
    case OptionKind::ipv6: return put_octets<Ipv6Address>(out, v.bytes);
    case OptionKind::mac: return put_octets<MacAddress>(out, v.bytes);
    case OptionKind::eui64: return put_octets<Eui64>(out, v.bytes);
    case OptionKind::ipv4_net:
      put_octets<Ipv4Address>(out, v.bytes);
      out.put('/');
      return put_octets<Ipv4Address>(out, v.bytes.from(4));
    case OptionKind::ipv6_net:
      put_octets<Ipv6Address>(out, v.bytes);
      out.put('/').number(v.bytes[16]);
      return;
  }
}

}  // namespace

std::span<const OptionSpec* const> option_specs() { return table; }

const OptionSpec* find_option(BlockType block, u16 code) {
  if (block == BlockType::packet) block = code <= packet_option::hash.code ? BlockType::enhanced_packet : BlockType{};
  const OptionSpec* found = look_up({block, code});
  return found ? found : look_up({BlockType{}, code});
}

void put(TextOut& out, const Option& option, BlockType block, Order order) {
  const OptionSpec* spec = find_option(block, option.code);
  if (spec) out.put(spec->name).put(": ");
  else out.put("option ").number(option.code).put(": ");
  const auto value = spec ? read_value(spec->kind, option.value, order) : std::nullopt;
  if (value) put_value(out, spec->kind, *value);
  else put_hex(out, option.value);
}

}  // namespace trawl::inline v0
