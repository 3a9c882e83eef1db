// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/display/display_filter.hpp"

#include "display/parser.hpp"
#include "trawl/dissect/layers_sought.hpp"

namespace trawl::inline v0 {

struct DisplayFilter::Parsed {
  std::string text;
  const wire::Catalog* catalog;
  display::Tree tree;
  LayersSought sought;
};

namespace {

void seek(const display::Operand& operand, LayersSought& sought) {
  operand.name.seek(sought);
  if (!operand.sum) return;
  seek(operand.sum->left, sought);
  seek(operand.sum->right, sought);
}

LayersSought layers_of(const display::Tree& tree, const wire::Catalog& catalog) {
  LayersSought sought;
  for (const display::Node& node : tree.nodes) {
    seek(node.operand, sought);
    if (node.other) seek(*node.other, sought);
  }
  sought.find_ways(catalog);
  return sought;
}

}  // namespace

Result<DisplayFilter> DisplayFilter::parse(std::string_view text, const wire::Catalog& catalog) {
  constexpr size_t longest = size_t{1} << 20;
  if (text.size() > longest) return fail(Operation::parse_expression, Reason::too_large, "more than 1 MiB of text");
  auto tree = display::Parser(display::tokenize(text), catalog).parse();
  if (!tree) return fail(tree.error());
  const LayersSought sought = layers_of(*tree, catalog);
  return DisplayFilter(std::make_shared<const Parsed>(std::string(text), &catalog, std::move(*tree), sought));
}

bool DisplayFilter::matches(const Dissection& d, const Frame& frame, const FrameContext& context) const {
  return parsed_->tree.nodes.empty() || display::evaluate(parsed_->tree, parsed_->tree.root, d, frame, context);
}

bool DisplayFilter::matches(const Frame& frame, const FrameContext& context) const {
  return matches(dissect(frame, *parsed_->catalog, parsed_->sought), frame, context);
}

std::string_view DisplayFilter::text() const { return parsed_->text; }

}  // namespace trawl::inline v0
