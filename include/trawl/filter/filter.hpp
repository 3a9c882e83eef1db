// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The capture-filter language (pcap-filter): text to BPF programs.
#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include "trawl/bpf/native.hpp"
#include "trawl/core/address.hpp"

namespace trawl::inline v0 {

struct FilterOptions {
  bool resolve = false;  ///< let host names be looked up when the text is parsed: this may use the network and block
  bool files = false;    ///< let `host in {"FILE"}` read files
};

struct CompileOptions {
  std::optional<Ipv4Address> netmask;      ///< of the network captured on, for `ip broadcast`
  u32 snaplen = bpf::keep_all;             ///< what the program returns on a match. @pre snaplen > 0
  bool optimize = true;
  bool swapped = false;                    ///< from a file of the other byte order: matters on NULL links only
};

/// A parsed filter: a value that many threads may compile at once. It has no link type; compile() takes it.
/// Meaning is that of libpcap: a load past the captured bytes rejects the packet, `not` included.
class TRAWL_API Filter {
 public:
  /// @return Operation::parse_filter with the column and length of the offending token, and valid_names for unknown words.
  /// An empty text matches everything.
  static Result<Filter> parse(std::string_view text, const FilterOptions& options = {});

  /// A filter that can match nothing gives a program that rejects_all().
  /// @return Operation::compile_filter, with the column where something is not supported on `link` or too large.
  Result<bpf::Program> compile(LinkType link, bpf::Target target, const CompileOptions& options = {}) const;

  /// As a bpf::ProgramSource.
  Result<bpf::Program> operator()(LinkType link, bpf::Target target) const { return compile(link, target); }

  /// As it was given to parse().
  std::string_view text() const;

 private:
  struct Parsed;
  explicit Filter(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

/// A filter over frames of any link types: compiles once per link type, to machine code where it can,
/// then allocates nothing. One thread at a time.
class TRAWL_API FilterMatcher {
 public:
  explicit FilterMatcher(Filter filter, const CompileOptions& options = {}) : filter_(std::move(filter)), options_(options) {}
  /// @return the error of compile() for a link type that the filter does not work on.
  Result<bool> matches(const Frame& frame, const bpf::Surroundings& surroundings = {});

 private:
  Filter filter_;
  CompileOptions options_;
  std::vector<bpf::NativeProgram> programs_;
};

}  // namespace trawl::inline v0
