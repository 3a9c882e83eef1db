// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Whatever can give a program for a link type: a parsed Filter, a ready Program, any callable. Hosted: it allocates.
#pragma once
#include <concepts>
#include <functional>
#include <string>

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
  template <ProgramMaker S> requires(!std::same_as<S, ProgramSource>) ProgramSource(S source) {
    if constexpr (requires { std::string(source.text()); }) text_ = source.text();
    make_ = std::move(source);
  }
  /// What parsing gave, unlooked at: `{.filter = Filter::parse("tcp port 80")}`. Its error comes when a program is asked for.
  template <ProgramMaker S> ProgramSource(Result<S> source) {
    if (source) *this = ProgramSource(*std::move(source));
    else make_ = [error = source.error()](LinkType, Target) -> Result<Program> { return fail(error); };
  }

  /// False when there is no filter: everything is wanted.
  explicit operator bool() const { return bool(make_); }
  /// Without a filter: a program that accepts all.
  Result<Program> operator()(LinkType link, Target target) const { return make_ ? make_(link, target) : Program::accept_all(link, target); }
  /// The text it was made of, if it was made of one.
  std::string_view text() const { return text_; }

 private:
  std::string text_;
  std::function<Result<Program>(LinkType, Target)> make_;
};

}  // namespace trawl::inline v0::bpf
