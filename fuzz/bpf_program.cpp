// SPDX-License-Identifier: Apache-2.0 OR MIT
// Byte 0: how many instructions of 8 bytes (in the byte order of this machine). They follow, then a packet.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "trawl/bpf/disassemble.hpp"
#include "trawl/bpf/explain.hpp"
#include "trawl/bpf/native.hpp"

using namespace trawl;

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  if (size < 1) return 0;
  std::vector<bpf::Instruction> instructions(std::min<size_t>(data[0], (size - 1) / sizeof(bpf::Instruction)));
  const size_t used = instructions.size() * sizeof(bpf::Instruction);
  if (used) std::memcpy(instructions.data(), data + 1, used);
  const Bytes packet(data + 1 + used, size - 1 - used);

  std::vector<char> text(instructions.size() * 64 + 16);
  for (const auto listing : {bpf::Listing::assembly, bpf::Listing::c, bpf::Listing::decimal}) {
    TextOut out(text.data(), text.size());
    put(out, instructions, listing);
    if (out.cut()) std::abort();
  }
  const auto program = bpf::Program::from(instructions, LinkType::ethernet);
  if (!program) {
    if (program.error().reason == Reason::none || program.error().byte > used) std::abort();
    return 0;
  }
  Frame frame{.bytes = packet, .original_length = u32(packet.size)};
  frame.info.has_vlan = true, frame.info.vlan_tci = 10;
  const bpf::Surroundings surroundings{.interface_index = 3, .random = 5};
  const u32 kept = bpf::run(*program, frame, surroundings);
  if (bpf::NativeProgram(*program).run(frame, surroundings) != kept) std::abort();
  if (bpf::explain(*program).empty()) std::abort();
  if (program->rejects_all() && kept != 0) std::abort();
  if (program->accepts_all() && kept == 0) std::abort();
  return 0;
}
