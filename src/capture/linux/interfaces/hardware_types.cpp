// SPDX-License-Identifier: Apache-2.0 OR MIT
// A table of linux/if_arp.h's numbers, with the names of ip(8). PPP is cooked: some drivers show its header, some do not.
#include "capture/linux/interfaces/hardware_types.hpp"

#include "trawl/capture/interfaces.hpp"

namespace trawl::inline v0 {
namespace linux_capture {
namespace {

constexpr HardwareType types[] = {
    {1, "ether", LinkType::ethernet, Form::whole, 14},
    {32, "infiniband", LinkType::linux_sll2, Form::cooked, 0},
    {280, "can", LinkType::linux_sll2, Form::cooked, 0},
    {512, "ppp", LinkType::linux_sll2, Form::cooked, 0},
    {519, "rawip", LinkType::raw, Form::whole, 1},
    {768, "ipip", LinkType::raw, Form::whole, 1},
    {769, "tunnel6", LinkType::raw, Form::whole, 1},
    {772, "loopback", LinkType::ethernet, Form::whole, 14},
    {776, "sit", LinkType::raw, Form::whole, 1},
    {778, "gre", LinkType::linux_sll2, Form::cooked, 0},
    {801, "ieee802.11", LinkType::ieee802_11, Form::whole, 10},
    {803, "ieee802.11/radiotap", LinkType::ieee802_11_radiotap, Form::whole, 8},
    {823, "gre6", LinkType::linux_sll2, Form::cooked, 0},
    {0xfffe, "none", LinkType::raw, Form::whole, 1},
};

const HardwareType* find(u16 number) {
  for (const auto& type : types)
    if (type.number == number) return &type;
  return nullptr;
}

}  // namespace

HardwareType hardware_type(u16 number) {
  const auto* type = find(number);
  return type ? *type : HardwareType{number, {}, LinkType::linux_sll2, Form::cooked, 0};
}

}  // namespace linux_capture

std::string_view hardware_type_name(u16 number) {
  const auto* type = linux_capture::find(number);
  return type ? type->name : std::string_view();
}

}  // namespace trawl::inline v0
