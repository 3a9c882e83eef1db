// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Display filters: expressions over the declared fields of dissected packets, as Wireshark has them.
#pragma once
#include <memory>
#include <string_view>

#include "trawl/dissect/field_name.hpp"

namespace trawl::inline v0 {

/// A parsed expression: a value that threads may share. docs/filter/display.md describes the language.
class TRAWL_API DisplayFilter {
 public:
  /// Names are resolved and types checked here, never per packet. The catalog is borrowed, and must not change afterwards. An empty text matches everything.
  /// @return Operation::parse_expression with the column and length of the offending token; valid_names for unknown fields
  static Result<DisplayFilter> parse(std::string_view text, const wire::Catalog& catalog = wire::standard_catalog);

  /// Allocates only where two fields are compared with each other.
  /// @pre `d` is a dissection of `frame` with the catalog given to parse()
  bool matches(const Dissection& d, const Frame& frame, const FrameContext& context = {}) const;
  /// Dissects first, no further than to the last layer that the expression asks for.
  bool matches(const Frame& frame, const FrameContext& context = {}) const;

  std::string_view text() const;

 private:
  struct Parsed;
  explicit DisplayFilter(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace trawl::inline v0
