// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Programs as machine code of this computer. Hosted: it allocates and maps memory.
#pragma once
#include <memory>

#include "trawl/bpf/program.hpp"

namespace trawl::inline v0::bpf {

/// A program translated for x86-64 or aarch64; the interpreter runs it where there is no translation: on other machines,
/// without TRAWL_WITH_JIT, with loops, and with loads of what stands beside the packet. A value that threads may share.
class TRAWL_API NativeProgram {
 public:
  /// Costs about a microsecond for each instruction, and pages that are never writable and executable at once.
  explicit NativeProgram(Program program);

  bool is_native() const { return code_ != nullptr; }
  const Program& program() const { return program_; }
  LinkType link_type() const { return program_.link_type(); }

  /// As bpf::run().
  u32 run(const Frame& frame, const Surroundings& surroundings = {}) const {
    if (function_) {
      const u64 result = function_(frame.bytes.data, frame.bytes.size, frame.original_length, sets_);
      if (result <= 0xffffffff) [[likely]]
        return u32(result);
    }
    return bpf::run(program_.view(), frame, surroundings);
  }
  /// A frame of another link type never matches.
  bool matches(const Frame& frame, const Surroundings& surroundings = {}) const {
    return frame.link == program_.link_type() && run(frame, surroundings) != 0;
  }
  /// All of a batch, in whose packets it reaches ahead. @pre verdicts has as many elements as frames
  void run(std::span<const Frame> frames, std::span<u32> verdicts, const Surroundings& surroundings = {}) const;

 private:
  using Function = u64 (*)(const u8* data, u64 size, u32 original_length, const Set* sets);
  class Code;

  Program program_;
  std::shared_ptr<const Code> code_;
  Function function_ = nullptr;
  const Set* sets_ = nullptr;  // of program_
};

}  // namespace trawl::inline v0::bpf
