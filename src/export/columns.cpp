// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/export/columns.hpp"

#include "trawl/export/value.hpp"

namespace trawl::inline v0 {

Result<Columns> Columns::resolve(std::span<const std::string> names, const ColumnOptions& options, const wire::Catalog& catalog) {
  Columns columns;
  columns.options_ = options;
  for (const std::string& name : names) {
    auto field = FieldName::resolve(name, catalog);
    if (!field) return std::unexpected(field.error());
    columns.names_.push_back(name);
    columns.fields_.push_back(*field);
  }
  return columns;
}

void Columns::append_cell(std::string& to, std::string_view cell) const {
  if (options_.csv && cell.find_first_of(",\"\r\n") != cell.npos) {
    to += '"';
    for (char c : cell) {
      if (c == '"') to += '"';
      to += c;
    }
    to += '"';
    return;
  }
  if (options_.quote) to += options_.quote;
  to += cell;
  if (options_.quote) to += options_.quote;
}

void Columns::append_header(std::string& to) const {
  for (size_t i = 0; i < names_.size(); ++i) {
    if (i) to += options_.separator;
    append_cell(to, names_[i]);
  }
  to += options_.csv ? "\r\n" : "\n";
}

void Columns::append_row(std::string& to, const Frame& frame, const Dissection& d, const FrameContext& context) const {
  std::string cell;
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (i) to += options_.separator;
    const bool direct = !options_.csv;
    std::string& out = direct ? to : cell;
    if (direct && options_.quote) to += options_.quote;
    cell.clear();
    const size_t start = out.size();
    unsigned count = 0;
    const auto visit = [&](const Seen& seen) {
      if (count++ && options_.occurrence == Occurrence::first) return;
      if (count > 1) {
        if (options_.occurrence == Occurrence::last) out.resize(start);
        else out += options_.aggregator;
      }
      append_value(out, seen);
    };
    fields_[i].each(d, frame, context, visit);
    if (!direct) append_cell(to, cell);
    else if (options_.quote) to += options_.quote;
  }
  to += options_.csv ? "\r\n" : "\n";
}

}  // namespace trawl::inline v0
