// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Chosen fields as rows: tab-separated as tshark -T fields, or CSV (RFC 4180).
#pragma once
#include <string>
#include <vector>

#include "trawl/dissect/field_name.hpp"

namespace trawl::inline v0 {

enum class Occurrence : u8 { first, last, all };

struct ColumnOptions {
  std::string separator = "\t";
  std::string aggregator = ",";        ///< between several occurrences in one cell
  Occurrence occurrence = Occurrence::all;
  char quote = 0;                      ///< around each cell; 0: none
  bool csv = false;                    ///< quotes cells that need it and doubles quotes inside, RFC 4180 2
};

/// A list of columns, resolved once. Rows cost no look-up of names.
class TRAWL_API Columns {
 public:
  /// @return the error of the first name that is unknown
  static Result<Columns> resolve(std::span<const std::string> names, const ColumnOptions& options = {},
                                 const wire::Catalog& catalog = wire::standard_catalog);
  /// Names, as a row.
  void append_header(std::string& to) const;
  /// One row with its end of line. An absent field is an empty cell.
  void append_row(std::string& to, const Frame& frame, const Dissection& d, const FrameContext& context) const;

 private:
  void append_cell(std::string& to, std::string_view cell) const;
  std::vector<std::string> names_;
  std::vector<FieldName> fields_;
  ColumnOptions options_;
};

}  // namespace trawl::inline v0
