// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/pcapng/interface_table.hpp"

#include <algorithm>
#include <bit>

namespace trawl::inline v0 {
namespace {

constexpr i64 power_of_ten(unsigned exponent) {
  i64 value = 1;
  for (; exponent; --exponent) value *= 10;
  return value;
}

/// Options of one interface that may stand only once, or must have a size.
class Once {
 public:
  /// False, and noted, when the option has another size or has been there already.
  bool operator()(const Option& found, size_t size) {
    const u32 bit = 1u << found.code;
    const bool right = found.value.size == size && !(seen_ & bit);
    seen_ |= bit;
    odd_ |= !right;
    return right;
  }
  bool odd() const { return odd_; }

 private:
  u32 seen_ = 0;
  bool odd_ = false;
};

InterfaceAddress ipv4_of(Bytes value) {
  InterfaceAddress address;
  copy_bytes(address.ipv4.octet, value.data, 4);
  address.prefix_length = u8(std::countl_one(load_be<u32>(value.data + 4)));
  return address;
}
InterfaceAddress ipv6_of(Bytes value) {
  InterfaceAddress address;
  address.family = InterfaceAddress::Family::ipv6;
  copy_bytes(address.ipv6.octet, value.data, 16);
  address.prefix_length = value[16];
  return address;
}

}  // namespace

Clock Clock::of(Resolution resolution, i64 offset_seconds) {
  Clock clock{.resolution = resolution, .offset_seconds = offset_seconds};
  constexpr i64 half = INT64_MAX / 2, most_seconds = half / Timestamp::per_second;
  if (resolution.binary() || resolution.exponent() > 9 || offset_seconds > most_seconds || offset_seconds < -most_seconds) return clock;
  clock.factor = power_of_ten(9 - resolution.exponent());
  clock.offset = offset_seconds * Timestamp::per_second;
  clock.plain_ticks = u64(half / clock.factor);
  return clock;
}

Bytes InterfaceTable::keep(Bytes bytes) {
  if (bytes.empty()) return {};
  texts_.push_back(std::make_unique_for_overwrite<u8[]>(bytes.size));
  copy_bytes(texts_.back().get(), bytes.data, bytes.size);
  kept_ += bytes.size;
  return {texts_.back().get(), bytes.size};
}

void InterfaceTable::read_options(InterfaceInfo& info, const Block& block, Findings& findings) {
  namespace code = interface_option;
  OptionWalk walk(info.raw_options, block.order);
  Once once;
  std::vector<InterfaceAddress> addresses;
  u64 transmit_speed = 0;
  while (const auto found = walk.next()) {
    const Bytes value = found->value;
    switch (found->code) {
      case any_option::comment.code: ++findings.facts.comments; break;
      case code::name.code: info.name = found->text(); break;
      case code::description.code: info.description = found->text(); break;
      case code::hardware.code: info.hardware = found->text(); break;
      case code::operating_system.code: info.operating_system = found->text(); break;
      case code::filter.code:
        if (value.size && value[0] == 0) info.filter = value.from(1).text();
        break;
      case code::ipv4.code:
        if (value.size == 8) addresses.push_back(ipv4_of(value));
        break;
      case code::ipv6.code:
        if (value.size == 17) addresses.push_back(ipv6_of(value));
        break;
      case code::mac.code:
        if (once(*found, 6)) info.has_mac = true, copy_bytes(info.mac.octet, value.data, 6);
        break;
      case code::speed.code:
        if (once(*found, 8)) info.speed_bits_per_second = load<u64>(value.data, block.order);
        break;
      case code::transmit_speed.code:
        if (once(*found, 8)) transmit_speed = load<u64>(value.data, block.order);
        break;
      case code::resolution.code:
        if (once(*found, 1)) info.resolution = {value[0]};
        break;
      case code::time_offset.code:
        if (once(*found, 8)) info.time_offset_seconds = i64(load<u64>(value.data, block.order));
        break;
      case code::fcs_length.code:
        if (once(*found, 1)) info.has_fcs_length = true, info.fcs_length = u8((value[0] + 7) / 8);
        break;
      default: break;
    }
  }
  info.raw_options = walk.good();
  if (!info.speed_bits_per_second) info.speed_bits_per_second = transmit_speed;
  if (!addresses.empty()) {
    addresses_.push_back(std::make_unique<InterfaceAddress[]>(addresses.size()));
    std::copy(addresses.begin(), addresses.end(), addresses_.back().get());
    info.addresses = {addresses_.back().get(), addresses.size()};
  }
  const auto warn = [&](std::string_view what) { findings.warnings.add(problem(Reason::damaged, block.offset, Error::unknown, what)); };
  if (walk.damaged()) warn("options of an interface leave their block");
  if (once.odd()) warn("an option of an interface stands twice or has a wrong size");
  if (info.resolution.exponent() > (info.resolution.binary() ? 63u : 19u))
    warn("time resolution of an interface is finer than 64 bits hold");
}

void InterfaceTable::append(const InterfaceInfo& info) {
  lanes_.push_back({.clock = Clock::of(info.resolution, info.time_offset_seconds),
                    .plain_length = info.snaplen ? info.snaplen : UINT32_MAX,
                    .snaplen = info.snaplen,
                    .link = info.link_type});
  interfaces_.push_back(info);
}

void InterfaceTable::assume(u32 section) {
  InterfaceInfo info;
  info.resolution = Resolution::microseconds();
  info.section = section;
  append(info);
}

Result<void> InterfaceTable::add(const Block& block, Findings& findings) {
  const auto description = parse_interface_description(block);
  if (!description) return fail(problem(Reason::damaged, block.offset, Error::unknown, "an interface description that is too short"));
  if (interfaces_.size() >= findings.options.max_interfaces)
    return fail(
        problem(Reason::limit_exceeded, block.offset, Error::unknown, "more than ", findings.options.max_interfaces, " interfaces"));
  if (kept_ + description->options.size > findings.options.max_interface_bytes)
    return fail(problem(Reason::limit_exceeded, block.offset, Error::unknown, "more than ", findings.options.max_interface_bytes,
                        " bytes of interface options"));
  InterfaceInfo info;
  info.link_type = LinkType(description->link_type);
  info.snaplen = description->snaplen;
  info.resolution = Resolution::microseconds();
  info.section = block.section;
  info.options_order = block.order;
  info.raw_options = keep(description->options);
  read_options(info, block, findings);
  if (!find_link_type(info.link_type))
    findings.warnings.add(
        problem(Reason::out_of_range, block.offset, Error::unknown, "link type ", u32{description->link_type}, " is not registered"));
  append(info);
  return {};
}

}  // namespace trawl::inline v0
