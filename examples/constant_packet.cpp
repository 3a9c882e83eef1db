// SPDX-License-Identifier: Apache-2.0 OR MIT
// A packet that the compiler makes, sums and all: the program holds its bytes and no code to build them.
#include "must.hpp"
#include "trawl/trawl.hpp"

using namespace trawl;

constexpr auto syn = (Ethernet{Ethernet::dst = "00:00:5e:00:53:01"_mac} / Ipv4{Ipv4::src = "192.0.2.7"_ip4, Ipv4::dst = "192.0.2.1"_ip4} /
                      Tcp{Tcp::src_port = 40000, Tcp::dst_port = 80, Tcp::flags = Tcp::Flag::syn})
                         .build();
static_assert(syn.size == 14 + 20 + 20);
static_assert(internet_checksum(syn.bytes().slice(14, 20)) == 0);

int main() {
  std::string text;
  append_hex_dump(text, syn.bytes());
  std::fputs(text.c_str(), stdout);
}
