// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The classic BPF machine: A, X, sixteen words of memory, loads from the packet, forward jumps, a verdict.
#pragma once
#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::bpf {

/// One instruction, as the kernel's `struct sock_filter` lays it out.
struct Instruction {
  u16 code = 0;
  u8 jt = 0, jf = 0;  ///< instructions to skip when a conditional jump is taken, and when not
  u32 k = 0;
  constexpr bool operator==(const Instruction&) const = default;
};
static_assert(sizeof(Instruction) == 8);

inline constexpr size_t max_instructions = 4096;
inline constexpr u32 memory_words = 16;

/// Operation codes: class | size | mode for loads, class | operation | source for the rest. `k` is the constant.
namespace op {
inline constexpr u16 ld = 0x00, ldx = 0x01, st = 0x02, stx = 0x03, alu = 0x04, jmp = 0x05, ret = 0x06, misc = 0x07;
inline constexpr u16 word = 0x00, half = 0x08, byte = 0x10;
inline constexpr u16 imm = 0x00, abs = 0x20, ind = 0x40, mem = 0x60, len = 0x80, msh = 0xa0;
inline constexpr u16 add = 0x00, sub = 0x10, mul = 0x20, div = 0x30, or_ = 0x40, and_ = 0x50, lsh = 0x60, rsh = 0x70, neg = 0x80,
                     mod = 0x90, xor_ = 0xa0;
inline constexpr u16 ja = 0x00, jeq = 0x10, jgt = 0x20, jge = 0x30, jset = 0x40;
/// Only our engine has it: jumps on whether A is in set `k` of the program; with `x`, whether the 16 bytes at offset A are.
inline constexpr u16 jin = 0x50;
inline constexpr u16 k = 0x00, x = 0x08, a = 0x10;
inline constexpr u16 tax = 0x00, txa = 0x80;
}  // namespace op

constexpr u16 class_of(u16 code) { return code & 0x07; }
constexpr u16 mode_of(u16 code) { return code & 0xe0; }
constexpr u16 size_of(u16 code) { return code & 0x18; }
constexpr u16 operation_of(u16 code) { return code & 0xf0; }
constexpr bool uses_x(u16 code) { return code & op::x; }
/// Bytes that a load of this size reads.
constexpr u32 width_of(u16 code) { return size_of(code) == op::word ? 4 : size_of(code) == op::half ? 2 : 1; }

constexpr Instruction statement(int code, u32 k = 0) { return {u16(code), 0, 0, k}; }
constexpr Instruction jump(int code, u32 k, u8 jt, u8 jf) { return {u16(code), jt, jf, k}; }

/// Linux: absolute loads at these offsets (linux/filter.h SKF_AD_*) give facts beside the packet's bytes.
namespace ancillary {
inline constexpr u32 base = 0xfffff000;
inline constexpr u32 protocol = base + 0, packet_type = base + 4, interface_index = base + 8, netlink_attribute = base + 12,
                     nested_netlink_attribute = base + 16, mark = base + 20, queue = base + 24, hardware_type = base + 28, hash = base + 32,
                     cpu = base + 36, xor_x = base + 40, vlan_tag = base + 44, vlan_tag_present = base + 48, payload_offset = base + 52,
                     random = base + 56, vlan_protocol = base + 60, last = vlan_protocol;
inline constexpr u32 network_base = 0xfff00000, link_base = 0xffe00000;  ///< offsets from the network and link header
}  // namespace ancillary

}  // namespace trawl::inline v0::bpf
