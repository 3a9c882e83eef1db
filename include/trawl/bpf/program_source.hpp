// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Whatever can give a program for a link type: a parsed Filter, a ready Program, any callable. Hosted: it allocates.
#pragma once
#include <concepts>
#include <functional>

#include "trawl/bpf/program.hpp"

namespace trawl::inline v0::bpf {

template <class S> concept ProgramMaker = requires(const S& source, LinkType link, Target target) {
  { source(link, target) } -> std::convertible_to<Result<Program>>;
};

/// A copyable, possibly empty holder of any ProgramMaker: the type of options such as `CaptureOptions::filter`.
/// It is called once per interface, never per packet.
class ProgramSource {
 public:
  ProgramSource() = default;
  template <ProgramMaker S> requires(!std::same_as<S, ProgramSource>) ProgramSource(S source) : make_(std::move(source)) {}

  /// False when there is no filter: everything is wanted.
  explicit operator bool() const { return bool(make_); }
  /// Without a filter: a program that accepts all.
  Result<Program> operator()(LinkType link, Target target) const { return make_ ? make_(link, target) : Program::accept_all(link, target); }

 private:
  std::function<Result<Program>(LinkType, Target)> make_;
};

}  // namespace trawl::inline v0::bpf
