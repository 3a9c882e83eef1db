// SPDX-License-Identifier: Apache-2.0 OR MIT
// Byte 0: link type and target. Then filter text up to a NUL, then a packet.
#include <cstdlib>
#include <string>

#include "trawl/bpf/disassemble.hpp"
#include "trawl/filter/filter.hpp"

using namespace trawl;

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  if (size < 1) return 0;
  constexpr LinkType links[] = {LinkType::ethernet, LinkType::linux_sll2, LinkType::raw, LinkType::null,
                                LinkType::ppp,      LinkType{127},        LinkType{117}, LinkType{123}};
  const LinkType link = links[data[0] & 7];
  const bpf::Target target = data[0] & 8 ? bpf::Target::live : bpf::Target::offline;
  const std::string_view all(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string_view text = all.substr(0, all.find('\0'));
  const Bytes packet = Bytes(data + 1, size - 1).from(text.size() + 1);

  const auto filter = Filter::parse(text);
  if (!filter) {
    const Error& error = filter.error();
    if (error.column == 0 || error.column > text.size() + 1 || error.column + error.length > text.size() + 1) std::abort();
    return 0;
  }
  CompileOptions options{.netmask = Ipv4Address{{{255, 255, 255, 0}}}};
  const auto optimized = filter->compile(link, target, options);
  options.optimize = false;
  const auto plain = filter->compile(link, target, options);
  if (!optimized || !plain) {
    const Error& error = optimized ? plain.error() : optimized.error();
    if (error.operation != Operation::compile_filter) std::abort();  // a program that validate() refused
    return 0;
  }
  const bpf::NativeProgram native(*optimized);
  for (size_t length = packet.size + 1; length-- > 0;) {
    Frame frame{.bytes = packet.first(length), .original_length = u32(packet.size), .link = link};
    frame.info.has_vlan = data[0] & 16, frame.info.vlan_tci = 10;
    frame.info.packet_type = data[0] & 32 ? PacketType::outgoing : PacketType::to_us;
    const u32 kept = bpf::run(*optimized, frame);
    if (kept != bpf::run(*plain, frame) || kept != native.run(frame)) std::abort();
  }
  return 0;
}
