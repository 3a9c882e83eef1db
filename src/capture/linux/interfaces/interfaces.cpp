// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/capture/interfaces.hpp"

#include <cerrno>

#include "capture/linux/interfaces/links.hpp"
#include "capture/linux/interfaces/netlink.hpp"

namespace trawl::inline v0 {

using namespace linux_capture;

Result<InterfaceList> interfaces() { return list_links(real_system_calls()); }
Result<Interface> find_interface(std::string_view name) { return find_link(real_system_calls(), Operation::list_interfaces, name); }

Result<u32> interface_index(std::string_view name) {
  const auto found = find_interface(name);
  if (!found) return fail(found.error());
  return found->index();
}

Result<std::string> interface_name(u32 index) {
  std::string name;
  const auto answer = index == 0 ? Result<void>(fail(Operation::list_interfaces, Reason::unknown_interface))
                                 : get_link(real_system_calls(), index, {}, [&](const NetlinkMessage& message) {
                                     message.attributes<ifinfomsg>().each([&](u16 type, Bytes value) {
                                       if (type == IFLA_IFNAME) name = value.text().substr(0, value.text().find('\0'));
                                     });
                                   });
  if (answer) return name;
  if (index && answer.error().system_error != ENODEV) return fail(answer.error());
  return fail(Operation::list_interfaces, Reason::unknown_interface, std::to_string(index));
}

}  // namespace trawl::inline v0
