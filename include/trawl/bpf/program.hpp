// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A validated program that owns its instructions. Hosted: it allocates.
#pragma once
#include <vector>

#include "trawl/bpf/program_view.hpp"
#include "trawl/bpf/run.hpp"
#include "trawl/bpf/set_table.hpp"

namespace trawl::inline v0::bpf {

/// A value: copy it, share it between threads, run it anywhere.
class TRAWL_API Program {
 public:
  /// Validates and copies.
  static Result<Program> from(std::span<const Instruction> instructions, LinkType link, Target target = Target::live);
  /// With sets, for `jin`: Target::offline.
  static Result<Program> from(std::span<const Instruction> instructions, SetTable sets, LinkType link);
  static Program accept_all(LinkType link, Target target = Target::live) { return Program(programs::accept_all(link, target)); }
  static Program reject_all(LinkType link, Target target = Target::live) { return Program(programs::reject_all(link, target)); }
  /// @pre a program without sets
  explicit Program(const ProgramView& view)
      : instructions_(view.instructions().begin(), view.instructions().end()),
        link_(view.link_type()),
        target_(view.target()) {}

  ProgramView view() const { return {instructions_, link_, target_, sets_.view()}; }
  operator ProgramView() const { return view(); }
  std::span<const Instruction> instructions() const { return instructions_; }
  const SetTable& sets() const { return sets_; }
  LinkType link_type() const { return link_; }
  Target target() const { return target_; }
  bool accepts_all() const { return view().accepts_all(); }
  bool rejects_all() const { return view().rejects_all(); }

  /// A frame of another link type never matches.
  bool matches(const Frame& frame, const Surroundings& surroundings = {}) const {
    return frame.link == link_ && run(view(), frame, surroundings) != 0;
  }
  /// As a ProgramSource: itself, or Reason::wrong_link_type. A live program runs offline too; an offline one is not for a kernel
  /// (Reason::needs_live_capture, or not_in_kernel when it asks sets).
  Result<Program> operator()(LinkType link, Target target) const;

  bool operator==(const Program&) const = default;

 private:
  std::vector<Instruction> instructions_;
  SetTable sets_;
  LinkType link_;
  Target target_;
};

}  // namespace trawl::inline v0::bpf
