// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/bpf/program.hpp"

namespace trawl::inline v0::bpf {

Result<Program> Program::from(std::span<const Instruction> instructions, LinkType link, Target target) {
  const auto view = ProgramView::checked(instructions, link, target);
  if (!view) return fail(view.error());
  return Program(*view);
}

Result<Program> Program::operator()(LinkType link, Target target) const {
  if (link != link_) return fail(Operation::load_program, Reason::wrong_link_type, name(link_));
  if (target == Target::live && target_ == Target::offline) return fail(Operation::load_program, Reason::needs_live_capture);
  return *this;
}

}  // namespace trawl::inline v0::bpf
