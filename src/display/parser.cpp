// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "display/parser.hpp"

#include <algorithm>

#include "display/constant.hpp"
#include "display/regex.hpp"

namespace trawl::inline v0::display {

namespace {

constexpr struct {
  std::string_view symbol;
  Relation relation;
  Quantity quantity;
} relations[] = {
    {"==", Relation::equal, Quantity::any},
    {"!=", Relation::not_equal, Quantity::all},
    {"all ==", Relation::equal, Quantity::all},
    {"any !=", Relation::not_equal, Quantity::any},
    {"<", Relation::less, Quantity::any},
    {"<=", Relation::less_equal, Quantity::any},
    {">", Relation::greater, Quantity::any},
    {">=", Relation::greater_equal, Quantity::any},
    {"contains", Relation::contains, Quantity::any},
    {"matches", Relation::matches, Quantity::any},
};
// From the loosest to the tightest.
constexpr struct {
  std::string_view symbol;
  Node::Kind kind;
} joints[] = {{"or", Node::Kind::either}, {"xor", Node::Kind::one}, {"and", Node::Kind::both}};

}  // namespace

Result<Tree> Parser::parse() {
  if (token().kind != TokenKind::end) {
    tree_.root = joined(0);
    if (tree_.root != failed && token().kind != TokenKind::end) tree_.root = unexpected("'and' or 'or' is missing before it");
    if (tree_.root == failed) return std::unexpected(error_);
  }
  return std::move(tree_);
}

u32 Parser::joined(unsigned level) {
  if (level == std::size(joints)) return negation();
  u32 left = joined(level + 1);
  while (left != failed && take(joints[level].symbol)) {
    const u32 right = joined(level + 1);
    left = right == failed ? failed : add({.kind = joints[level].kind, .left = left, .right = right});
  }
  return left;
}

u32 Parser::negation() {
  if (++depth_ > deepest) return fail(token(), Reason::too_complex, "nested too deeply");
  u32 result = failed;
  if (take("not")) {
    const u32 inner = negation();
    if (inner != failed) result = add({.kind = Node::Kind::negation, .left = inner});
  } else if (take("(")) {
    result = joined(0);
    if (result != failed && !expect(")", "')' is missing")) result = failed;
  } else {
    result = test();
  }
  --depth_;
  return result;
}

u32 Parser::test() {
  Node node;
  std::optional<Quantity> quantity;
  if (token().kind == TokenKind::word && (token().text == "any" || token().text == "all") && token(1).kind == TokenKind::word)
    quantity = take().text == "any" ? Quantity::any : Quantity::all;
  const Token first = token();
  if (!arithmetic(node.operand)) return failed;
  if (node.operand.constant()) return fail(first, Reason::wrong_type, "a field is missing on the left");
  if (at("in")) return membership(std::move(node));
  const auto found = std::ranges::find_if(relations, [&](const auto& entry) { return at(entry.symbol); });
  if (found == std::end(relations)) {
    node.relation = node.operand.mask || node.operand.sum || node.operand.function != Function::none ? Relation::nonzero : Relation::exists;
    return add(std::move(node));
  }
  take();
  node.relation = found->relation, node.quantity = quantity.value_or(found->quantity);
  const Token value = token();
  const Type type = node.operand.result();
  const bool textual = node.relation == Relation::contains || node.relation == Relation::matches;
  if (textual && type != Type::text && type != Type::bytes && type != Type::protocol)
    return fail(first, Reason::wrong_type, "only texts, bytes and protocols can be searched");
  if (node.relation == Relation::matches) {
    std::string problem;
    if (value.kind != TokenKind::string) return unexpected("a regular expression in quotes is missing");
    node.regex = Regex::make(value.text, problem);
    if (!node.regex) return fail(value, Reason::not_supported, problem);
    take();
    return add(std::move(node));
  }
  if (auto constant = read_constant(value, type, node.operand.values); constant && !at_arithmetic(1)) {
    take();
    node.constants.push_back(std::move(*constant));
    return add(std::move(node));
  }
  return against_field(std::move(node), value);
}

// FIELD in { VALUE, LOW .. HIGH, ... }
u32 Parser::membership(Node node) {
  take();
  node.relation = Relation::in;
  if (!expect("{", "'{' is missing")) return failed;
  while (!at("}")) {
    auto low = read_constant(token(), node.operand.result(), node.operand.values);
    if (!low) return unexpected("a value of this field is missing");
    take();
    if (take("..")) {
      auto high = read_constant(token(), node.operand.result(), node.operand.values);
      if (!high) return unexpected("the end of the range is missing");
      take();
      low->is_range = true, low->high = high->high, low->bytes_high = high->bytes;
    }
    node.constants.push_back(std::move(*low));
    take(",");
  }
  take();
  return add(std::move(node));
}

u32 Parser::against_field(Node node, const Token& where) {
  const bool calculated = at("{") || at("-") || at("+") || at_arithmetic(1);
  if (where.kind != TokenKind::word && !calculated) return unexpected("a value of this field is missing");
  const bool looks_like_field = where.text.find('.') != std::string::npos && (where.text[0] | 32) >= 'a' && (where.text[0] | 32) <= 'z';
  if (!looks_like_field && !calculated) return fail(where, Reason::wrong_type, where.text);
  Operand other;
  if (!arithmetic(other)) return failed;
  const auto is_bytes = [](Type type) { return type == Type::bytes || type == Type::protocol; };
  const Type a = node.operand.result(), b = other.result();
  const auto is_number = [](Type type) { return type == Type::number || type == Type::integer; };
  const bool summed = (node.operand.sum || other.sum) && is_number(a) && is_number(b);
  if (a != b && !summed && !(is_bytes(a) && is_bytes(b))) return fail(where, Reason::wrong_type, "the fields are of different types");
  node.other = std::move(other);
  return add(std::move(node));
}

bool Parser::take(std::string_view symbol) {
  if (!at(symbol)) return false;
  take();
  return true;
}
bool Parser::expect(std::string_view symbol, std::string_view why) {
  if (take(symbol)) return true;
  unexpected(why);
  return false;
}
u32 Parser::add(Node node) {
  tree_.nodes.push_back(std::move(node));
  return u32(tree_.nodes.size() - 1);
}
u32 Parser::fail(const Token& where, Reason reason, std::string_view detail, NameList valid) {
  if (error_.reason != Reason::none) return failed;
  error_.operation = Operation::parse_expression, error_.reason = reason, error_.valid_names = valid;
  error_.at_column(where.column, where.length).with(detail);
  return failed;
}
u32 Parser::unexpected(std::string_view why) {
  const Token& here = token();
  if (here.kind == TokenKind::end) return fail(here, Reason::unexpected_end, why);
  if (here.kind == TokenKind::bad) return fail(here, Reason::unexpected_character, why);
  return fail(here, Reason::unexpected_token, why);
}

}  // namespace trawl::inline v0::display
