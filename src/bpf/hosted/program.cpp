// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/bpf/program.hpp"

namespace trawl::inline v0::bpf {

Result<Program> Program::from(std::span<const Instruction> instructions, LinkType link, Target target) {
  const auto view = ProgramView::checked(instructions, link, target);
  if (!view) return fail(view.error());
  return Program(*view);
}

Result<Program> Program::from(std::span<const Instruction> instructions, SetTable sets, LinkType link) {
  const auto view = ProgramView::checked(instructions, link, Target::offline, sets.view());
  if (!view) return fail(view.error());
  Program result(*view);
  result.sets_ = std::move(sets);
  return result;
}

Result<Program> Program::operator()(LinkType link, Target target) const {
  if (link != link_) return fail(Operation::load_program, Reason::wrong_link_type, name(link_));
  if (target == Target::live && !sets_.empty())
    return fail(Operation::load_program, Reason::not_in_kernel, "it asks sets of addresses or ports");
  if (target == Target::live && target_ == Target::offline) return fail(Operation::load_program, Reason::needs_live_capture);
  return *this;
}

}  // namespace trawl::inline v0::bpf
