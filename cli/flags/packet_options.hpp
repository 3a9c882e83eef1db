// SPDX-License-Identifier: Apache-2.0 OR MIT
/// The flags that `capture` and `read` share.
#pragma once
#include <optional>

#include "cli/command.hpp"
#include "trawl/display/display_filter.hpp"
#include "trawl/export/columns.hpp"
#include "trawl/export/summary.hpp"
#include "trawl/filter/filter.hpp"

namespace cli {

struct PacketOptions {
  std::string write_path, format, compress, filter_text, filter_file, link_type, netmask, form, comment, display_text;
  std::vector<std::string> fields, field_options;
  trawl::u64 count = 0;
  trawl::u32 snaplen = 0;
  int time_style = 0;
  bool tree = false, hex = false, ascii = false, count_only = false, numbers = false, json = false, quiet = false, statistics = false,
       flush = false, numeric = true;

  void declare(CLI::App& command);

  /// -f, -F or the words, which exclude each other. Nothing: no filter.
  /// @return Status::usage after having said what is wrong
  std::optional<std::string> filter_from(const std::vector<std::string>& words, Status& status) const;
  /// -Y. Nothing: no display filter. @return Status::usage after having said what is wrong
  /// `text` as a filter that is run here; none without one.
  std::optional<trawl::FilterMatcher> matcher(const std::optional<std::string>& text, Status& status) const;
  std::optional<trawl::DisplayFilter> display_filter(Status& status) const;
  /// What compile() needs beside the filter.
  trawl::Result<trawl::CompileOptions> compile_options() const;
  trawl::TimeStyle style() const;
  trawl::Result<trawl::ColumnOptions> columns() const;
  /// -T needs a known form, forms exclude each other.
  bool check(std::string& problem) const;
};

}  // namespace cli
