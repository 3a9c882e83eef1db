// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/filter/filter.hpp"

#include <optional>
#include <string>

#include "filter/generate/generator.hpp"
#include "filter/graph/optimize.hpp"
#include "filter/graph/select.hpp"
#include "filter/text/parser.hpp"

namespace trawl::inline v0 {

struct Filter::Parsed {
  std::string text;
  filter::Tree tree;
};

Result<Filter> Filter::parse(std::string_view text, const FilterOptions& options) {
  constexpr size_t longest = size_t{1} << 24;
  if (text.size() > longest) return fail(Operation::parse_filter, Reason::too_large, "more than 16 MiB of text");
  const std::vector<filter::Token> tokens = filter::tokenize(text);
  auto tree = filter::Parser(tokens, options).parse();
  if (!tree) return fail(tree.error());
  return Filter(std::make_shared<const Parsed>(std::string(text), std::move(*tree)));
}

std::string_view Filter::text() const { return parsed_->text; }

namespace {

bool mentions_vlan(const filter::Tree& tree) {
  for (const filter::Primitive& primitive : tree.primitives)
    if (primitive.kind == filter::PrimitiveKind::vlan) return true;
  return false;
}

}  // namespace

Result<bpf::Program> Filter::compile(LinkType link, bpf::Target target, const CompileOptions& options) const {
  using namespace filter;
  Values values;
  Conditions conditions(values);
  const Tree& tree = parsed_->tree;
  auto root = Generator(tree, values, conditions, link, target, options, Tag::in_bytes).generate();
  if (!root) return fail(root.error());
  if (target == bpf::Target::live && mentions_vlan(tree)) {  // Linux takes the outermost tag off before the program runs
    const auto untagged = Generator(tree, values, conditions, link, target, options, Tag::in_metadata).generate();
    if (!untagged) return fail(untagged.error());
    const auto present = [&] { return conditions.equals(values.ancillary(bpf::ancillary::vlan_tag_present), 1); };
    const ConditionId stripped = conditions.all({present(), *untagged});
    root = conditions.any({stripped, conditions.all({conditions.negate(present()), *root})});
  }

  Graph graph = build_graph(conditions, *root);
  std::vector<Demand> done(graph.blocks.size());
  if (options.optimize) done = optimize(graph, values);
  auto code = select_instructions(graph, values, done, options.optimize ? Reuse::registers : Reuse::nothing);
  if (!code) return fail(Operation::compile_filter, Reason::too_complex, "arithmetic needs more than 16 words of memory");
  const BlockId entry = options.optimize ? merge_equal_code(*code, graph.root) : graph.root;
  const std::vector<bpf::Instruction> instructions = lay_out(*code, entry, options.snaplen);
  if (instructions.size() > bpf::max_instructions)
    return fail(Operation::compile_filter, Reason::too_complex, "more than 4096 instructions");
  return bpf::Program::from(instructions, link, target);
}

Result<bool> FilterMatcher::matches(const Frame& frame, const bpf::Surroundings& surroundings) {
  for (const bpf::Program& program : programs_)
    if (program.link_type() == frame.link) return program.matches(frame, surroundings);
  auto program = filter_.compile(frame.link, bpf::Target::offline, options_);
  if (!program) return fail(program.error());
  programs_.push_back(std::move(*program));
  return programs_.back().matches(frame, surroundings);
}

}  // namespace trawl::inline v0
