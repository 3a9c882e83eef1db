// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "trawl/filter/filter.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "filter/generate/generator.hpp"
#include "filter/graph/keep.hpp"
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
  filter::Scratch<2048> scratch;
  const auto tokens = filter::tokenize(text, scratch.memory());
  auto tree = filter::Parser(tokens, options, scratch.memory()).parse();
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

using Instructions = std::vector<bpf::Instruction>;

// Each block computes what it tests; memory is there to not compute a part of it twice.
Instructions plain(const filter::Graph& graph, const filter::Values& values, const filter::Done& done, u32 snaplen) {
  filter::Scratch<4096> scratch;
  const auto code = select_instructions(graph, values, done, filter::Reuse::nothing, values_to_keep(graph, values), scratch.memory());
  return code ? lay_out(*code, graph.root, snaplen) : Instructions();
}

Instructions optimized(const filter::Graph& graph, const filter::Values& values, const filter::Done& done, u32 snaplen,
                       std::span<const filter::ValueId> kept) {
  filter::Scratch<4096> scratch;
  auto code = select_instructions(graph, values, done, filter::Reuse::registers, kept, scratch.memory());
  if (!code) return {};
  const filter::BlockId entry = merge_equal_code(*code, graph.root);
  return lay_out(*code, entry, snaplen);
}

// Keeps what several blocks need in memory, then nothing of it that does not pay.
Instructions shortest(const filter::Graph& graph, const filter::Values& values, const filter::Done& done, u32 snaplen) {
  std::vector<filter::ValueId> kept = values_to_keep(graph, values);
  Instructions best = optimized(graph, values, done, snaplen, kept);
  for (size_t i = kept.size(); i-- > 0;) {
    std::vector<filter::ValueId> fewer = kept;
    fewer.erase(fewer.begin() + std::ptrdiff_t(i));
    Instructions other = optimized(graph, values, done, snaplen, fewer);
    if (!other.empty() && (best.empty() || other.size() <= best.size())) best = std::move(other), kept = std::move(fewer);
  }
  return best;
}

bool asks_for_any_transport(const filter::Tree& tree) {
  return std::ranges::any_of(tree.primitives,
                             [](const filter::Primitive& p) { return p.kind == filter::PrimitiveKind::port && p.transport == 0; });
}

struct Compiled {
  Instructions code;
  bpf::SetTable sets;
};

Result<Compiled> compile_tree(const filter::Tree& tree, LinkType link, bpf::Target target, const CompileOptions& options,
                              filter::Shape shape, bool with_sets) {
  using namespace filter;
  Scratch<12288> scratch;
  Sets sets;
  Values values(scratch.memory());
  Conditions conditions(values, with_sets ? &sets : nullptr, scratch.memory());
  auto root = Generator(tree, values, conditions, link, target, options, Tag::in_bytes, shape).generate();
  if (!root) return fail(root.error());
  if (target == bpf::Target::live && link == LinkType::ethernet && mentions_vlan(tree)) {
    // Linux takes the outermost tag off before the program runs
    const auto untagged = Generator(tree, values, conditions, link, target, options, Tag::in_metadata, shape).generate();
    if (!untagged) return fail(untagged.error());
    const auto present = [&] { return conditions.equals(values.ancillary(bpf::ancillary::vlan_tag_present), 1); };
    const ConditionId stripped = conditions.all({present(), *untagged});
    root = conditions.any({stripped, conditions.all({conditions.negate(present()), *root})});
  }
  Graph graph = build_graph(conditions, *root, scratch.memory());
  Done done(graph.blocks.size());
  if (options.optimize) done = optimize(graph, values);
  Instructions code = options.optimize ? shortest(graph, values, done, options.snaplen) : plain(graph, values, done, options.snaplen);
  if (code.empty()) return fail(Operation::compile_filter, Reason::too_complex, "arithmetic needs more than 16 words of memory");
  return Compiled{std::move(code), sets.table()};
}

}  // namespace

Result<bpf::Program> Filter::compile(LinkType link, bpf::Target target, const CompileOptions& options) const {
  const auto compile = [&](filter::Shape shape, bool with_sets) {
    return compile_tree(parsed_->tree, link, target, options, shape, with_sets);
  };
  // Each value of a list costs an instruction at least.
  const bool is_long = target == bpf::Target::offline && parsed_->tree.primitives.size() > bpf::max_instructions;
  auto best = compile(filter::Shape::transports_first, is_long);
  constexpr size_t worth_a_second_try = 200;
  if (best && !is_long && options.optimize && best->code.size() <= worth_a_second_try && asks_for_any_transport(parsed_->tree)) {
    auto other = compile(filter::Shape::by_transport, false);
    if (other && other->code.size() < best->code.size()) best = std::move(other);
  }
  if (best && !is_long && target == bpf::Target::offline && best->code.size() > bpf::max_instructions)
    best = compile(filter::Shape::transports_first, true);
  if (!best) return fail(best.error());
  if (best->code.size() > bpf::max_instructions)
    return fail(Operation::compile_filter, Reason::too_complex,
                target == bpf::Target::live ? "a kernel takes 4096 instructions: capture to a file and filter that"
                                            : "more than 4096 instructions");
  if (!best->sets.empty()) return bpf::Program::from(best->code, std::move(best->sets), link);
  return bpf::Program::from(best->code, link, target);
}

Result<bool> FilterMatcher::matches(const Frame& frame, const bpf::Surroundings& surroundings) {
  for (const bpf::NativeProgram& program : programs_)
    if (program.link_type() == frame.link) return program.matches(frame, surroundings);
  auto program = filter_.compile(frame.link, bpf::Target::offline, options_);
  if (!program) return fail(program.error());
  programs_.emplace_back(std::move(*program));
  return programs_.back().matches(frame, surroundings);
}

}  // namespace trawl::inline v0
