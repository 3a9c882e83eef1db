// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/display/display_filter.hpp"

#include "display/parser.hpp"

namespace trawl::inline v0 {

struct DisplayFilter::Parsed {
  std::string text;
  const wire::Catalog* catalog;
  display::Tree tree;
};

Result<DisplayFilter> DisplayFilter::parse(std::string_view text, const wire::Catalog& catalog) {
  constexpr size_t longest = size_t{1} << 20;
  if (text.size() > longest) return fail(Operation::parse_expression, Reason::too_large, "more than 1 MiB of text");
  auto tree = display::Parser(display::tokenize(text), catalog).parse();
  if (!tree) return fail(tree.error());
  return DisplayFilter(std::make_shared<const Parsed>(std::string(text), &catalog, std::move(*tree)));
}

bool DisplayFilter::matches(const Dissection& d, const Frame& frame, const FrameContext& context) const {
  return parsed_->tree.nodes.empty() || display::evaluate(parsed_->tree, parsed_->tree.root, d, frame, context);
}

bool DisplayFilter::matches(const Frame& frame, const FrameContext& context) const {
  return matches(dissect(frame, *parsed_->catalog), frame, context);
}

std::string_view DisplayFilter::text() const { return parsed_->text; }

}  // namespace trawl::inline v0
