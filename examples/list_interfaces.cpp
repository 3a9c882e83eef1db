// SPDX-License-Identifier: Apache-2.0 OR MIT
// Lists the interfaces of this machine. Needs no privilege.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

int main() {
  for (const Interface& interface : must(interfaces())) {
    std::printf("%u %.*s%s\n", interface.index(), int(interface.name().size()), interface.name().data(), interface.flags.up ? " (up)" : "");
    for (const InterfaceAddress& address : interface.info.addresses)
      if (address.family == InterfaceAddress::Family::ipv4)
        std::printf("    %s/%u\n", std::string(text(address.ipv4)).c_str(), address.prefix_length);
      else std::printf("    %s/%u\n", std::string(text(address.ipv6)).c_str(), address.prefix_length);
  }
}
