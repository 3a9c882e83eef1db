// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capture/linux/socket/kernel_filter.hpp"

#include <algorithm>
#include <optional>

namespace trawl::inline v0::linux_capture {
namespace {

using namespace bpf;

constexpr u32 sll2_bytes = 20;
constexpr u32 outgoing = 4;  // PACKET_OUTGOING

void put_unwanted(std::vector<Instruction>& out, const Unwanted& unwanted) {
  const auto load = [&](u32 what) { out.push_back(statement(op::ld | op::word | op::abs, what)); };
  const auto reject = [&] { out.push_back(statement(op::ret | op::k, 0)); };
  if (unwanted.outgoing || unwanted.incoming) {
    load(ancillary::packet_type);
    out.push_back(jump(op::jmp | op::jeq | op::k, outgoing, unwanted.incoming, !unwanted.incoming));
    reject();
  }
  if (unwanted.outgoing_on) {
    load(ancillary::interface_index);
    out.push_back(jump(op::jmp | op::jeq | op::k, unwanted.outgoing_on, 0, 3));
    load(ancillary::packet_type);
    out.push_back(jump(op::jmp | op::jeq | op::k, outgoing, 0, 1));
    reject();
  }
  if (!unwanted.none()) out.push_back(statement(op::ld | op::imm, 0));  // programs begin with A = 0
}

/// Where the kernel finds a field of the SLL2 header that it will not see.
std::optional<u32> beside_the_packet(u16 code, u32 offset) {
  if (offset == 0 && size_of(code) == op::half) return ancillary::protocol;
  if (offset == 4 && size_of(code) == op::word) return ancillary::interface_index;
  if (offset == 8 && size_of(code) == op::half) return ancillary::hardware_type;
  if (offset == 10 && size_of(code) == op::byte) return ancillary::packet_type;
  return {};
}

/// From offsets into SLL2 and packet to offsets into the packet. @return false where the kernel has no equal
bool strip_sll2(Instruction& instruction) {
  const u16 kind = class_of(instruction.code), mode = mode_of(instruction.code);
  if (kind != op::ld && kind != op::ldx) return true;
  if (mode == op::len) return false;
  if (mode != op::abs && mode != op::ind && mode != op::msh) return true;
  if (instruction.k >= ancillary::link_base) return true;
  if (instruction.k >= sll2_bytes) return instruction.k -= sll2_bytes, true;
  if (kind != op::ld || mode != op::abs) return false;
  const auto place = beside_the_packet(instruction.code, instruction.k);
  if (!place) return false;
  instruction = statement(op::ld | op::word | op::abs, *place);
  return true;
}

}  // namespace

KernelFilter kernel_filter_for_all(u32 snaplen, const Unwanted& unwanted) {
  KernelFilter filter{.test_here = true};
  put_unwanted(filter.instructions, unwanted);
  filter.instructions.push_back(statement(op::ret | op::k, snaplen));
  return filter;
}

KernelFilter kernel_filter(const ProgramView& program, u32 snaplen, const Unwanted& unwanted, bool cooked) {
  KernelFilter filter;
  put_unwanted(filter.instructions, unwanted);
  const auto behind_header = [&](u32 bytes) { return !cooked ? bytes : bytes > sll2_bytes ? bytes - sll2_bytes : 1; };
  for (Instruction instruction : program.instructions()) {
    if (cooked && !strip_sll2(instruction)) return kernel_filter_for_all(snaplen, unwanted);
    if (instruction.code == (op::ret | op::k) && instruction.k)
      instruction.k = behind_header(instruction.k >= keep_all ? snaplen : std::min(instruction.k, snaplen));
    filter.instructions.push_back(instruction);
  }
  if (filter.instructions.size() > max_instructions) return kernel_filter_for_all(snaplen, unwanted);
  return filter;
}

}  // namespace trawl::inline v0::linux_capture
