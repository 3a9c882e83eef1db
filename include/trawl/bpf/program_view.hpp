// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A program that has been validated, in somebody else's memory.
#pragma once
#include "trawl/bpf/instruction.hpp"
#include "trawl/bpf/set.hpp"
#include "trawl/core/error.hpp"
#include "trawl/core/frame.hpp"

namespace trawl::inline v0::bpf {

/// Where a program is meant to run. Live programs may load what only a running Linux kernel (or FrameInfo) knows; offline
/// ones may jump back, which kernels refuse.
enum class Target : u8 { live, offline };

/// Whether `ja` may jump back. run() follows 65,536 such jumps and then rejects the packet.
enum class Loops : bool { refused, bounded };

/// Accepts exactly what a Linux kernel accepts at SO_ATTACH_FILTER: 1 to 4096 known opcodes, jumps forward and inside,
/// memory written before it is read, no constant division by zero or shift by more than 31, a `ret` at the end. With sets it
/// takes `jin` as well, which no kernel does.
/// @return Error::byte is the offset of the first bad instruction (8 bytes each). Uses up to 8 KiB of stack.
TRAWL_API Result<void> validate(std::span<const Instruction> instructions, Loops loops = Loops::refused, std::span<const Set> sets = {});

/// Borrowed instructions that validate() has accepted, with the link type and the target that they were written for. Those
/// of Target::offline may have loops and ask sets.
class TRAWL_API ProgramView {
 public:
  /// @return Reason::not_in_kernel when sets are given with Target::live
  static Result<ProgramView> checked(std::span<const Instruction> instructions, LinkType link, Target target,
                                     std::span<const Set> sets = {});

  constexpr std::span<const Instruction> instructions() const { return instructions_; }
  constexpr LinkType link_type() const { return link_; }
  constexpr Target target() const { return target_; }
  constexpr std::span<const Set> sets() const { return sets_; }
  /// Every `ret` gives a constant above zero and nothing before it can be out of range.
  bool accepts_all() const;
  /// No `ret` gives anything but a constant zero.
  bool rejects_all() const;

 private:
  friend class Program;
  constexpr ProgramView(std::span<const Instruction> instructions, LinkType link, Target target, std::span<const Set> sets)
      : instructions_(instructions),
        sets_(sets),
        link_(link),
        target_(target) {}
  std::span<const Instruction> instructions_;
  std::span<const Set> sets_;
  LinkType link_;
  Target target_;
};

/// What `ret` gives: bytes to keep of the packet; 0 rejects it.
inline constexpr u32 keep_all = 0x40000;

namespace programs {
/// `ret #keep_all` and `ret #0`: @return views of static memory
TRAWL_API ProgramView accept_all(LinkType link, Target target = Target::live);
TRAWL_API ProgramView reject_all(LinkType link, Target target = Target::live);
}  // namespace programs

}  // namespace trawl::inline v0::bpf
