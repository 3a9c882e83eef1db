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
constexpr struct {
  std::string_view name;
  Function function;
} functions[] = {{"len", Function::length}, {"lower", Function::lower}, {"upper", Function::upper}, {"count", Function::count}};
// From the loosest to the tightest.
constexpr struct {
  std::string_view symbol;
  Node::Kind kind;
} joints[] = {{"or", Node::Kind::either}, {"xor", Node::Kind::one}, {"and", Node::Kind::both}};

Type type_of(wire::Kind kind) {
  switch (kind) {
    case wire::Kind::number:
    case wire::Kind::flag:
    case wire::Kind::varint: return Type::number;
    case wire::Kind::integer: return Type::integer;
    case wire::Kind::ipv4: return Type::ipv4;
    case wire::Kind::ipv6: return Type::ipv6;
    case wire::Kind::text:
    case wire::Kind::domain_name: return Type::text;
    case wire::Kind::time: return Type::time;
    default: return Type::bytes;
  }
}

void each_standard_field(void (*each)(void*, std::string_view), void* context) { each_field_name(wire::standard_catalog, each, context); }

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
  if (!operand(node.operand)) return failed;
  if (at("in")) return membership(std::move(node));
  const auto found = std::ranges::find_if(relations, [&](const auto& entry) { return at(entry.symbol); });
  if (found == std::end(relations)) {
    node.relation = node.operand.mask || node.operand.function != Function::none ? Relation::nonzero : Relation::exists;
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
  if (auto constant = read_constant(value, type)) {
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
    auto low = read_constant(token(), node.operand.result());
    if (!low) return unexpected("a value of this field is missing");
    take();
    if (take("..")) {
      auto high = read_constant(token(), node.operand.result());
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
  if (where.kind != TokenKind::word) return unexpected("a value of this field is missing");
  const bool looks_like_field = where.text.find('.') != std::string::npos && (where.text[0] | 32) >= 'a' && (where.text[0] | 32) <= 'z';
  if (!looks_like_field) return fail(where, Reason::wrong_type, where.text);
  Operand other;
  if (!operand(other)) return failed;
  const auto is_bytes = [](Type type) { return type == Type::bytes || type == Type::protocol; };
  const Type a = node.operand.result(), b = other.result();
  if (a != b && !(is_bytes(a) && is_bytes(b))) return fail(where, Reason::wrong_type, "the fields are of different types");
  node.other = std::move(other);
  return add(std::move(node));
}

// field | function(field), [slices], & mask
bool Parser::operand(Operand& operand) {
  const Token name = token();
  if (name.kind != TokenKind::word) return unexpected("a field is missing") != failed;
  const auto function = std::ranges::find_if(functions, [&](const auto& entry) { return entry.name == name.text; });
  if (function != std::end(functions) && at("(", 1)) {
    take(), take();
    const Token inside = token();
    if (!field(operand) || !slices(operand) || !expect(")", "')' is missing")) return false;
    operand.function = function->function;
    if ((operand.function == Function::lower || operand.function == Function::upper) && operand.type != Type::text)
      return fail(inside, Reason::wrong_type, "only texts have upper and lower case") != failed;
  } else if (!field(operand) || !slices(operand)) {
    return false;
  }
  if (take("&")) {
    const Token mask = token();
    operand.mask = read_unsigned(mask.text);
    if (mask.kind != TokenKind::word || !operand.mask) return unexpected("a mask is missing") != failed;
    const bool one_byte = operand.result() == Type::bytes && operand.slices.size() == 1 && *operand.mask <= 255;
    if (operand.result() != Type::number && !one_byte) return fail(mask, Reason::wrong_type, "only numbers have bits") != failed;
    take();
  }
  return true;
}

bool Parser::field(Operand& operand) {
  const Token name = take();
  if (name.text == "frame") {
    operand.protocol = name.text, operand.type = Type::protocol;
    return true;
  }
  auto resolved = FieldName::resolve(name.text, catalog_);
  if (!resolved)
    return fail(name, Reason::unknown_name, name.text, resolved.error().valid_names ? resolved.error().valid_names : each_standard_field) !=
           failed;
  operand.name = *resolved;
  if (resolved->is_protocol()) operand.protocol = name.text, operand.type = Type::protocol;
  else operand.type = resolved->status() ? Type::number : type_of(resolved->info()->kind);
  return true;
}

// [from:length], [from-to], [at], [:length], [from:], several with commas between them
bool Parser::slices(Operand& operand) {
  if (!take("[")) return true;
  do {
    const Token range = take();
    Slice one;
    if (range.kind != TokenKind::word || !slice(range, one))
      return fail(range, Reason::unexpected_token, "a slice is [from:length] or [from-to]") != failed;
    operand.slices.push_back(one);
  } while (take(","));
  return expect("]", "']' is missing");
}

bool Parser::slice(const Token& range, Slice& out) {
  const std::string_view text = range.text;
  const auto number = [](std::string_view digits) -> std::optional<i64> {
    const bool negative = digits.starts_with('-');
    const auto value = read_unsigned(digits.substr(negative));
    return value && *value < 0x10000 ? std::optional(negative ? -i64(*value) : i64(*value)) : std::nullopt;
  };
  const size_t colon = text.find(':'), dash = text.find('-', 1);
  const std::string_view head = text.substr(0, std::min(colon, dash));
  const auto from = head.empty() ? std::optional<i64>(0) : number(head);
  if (!from) return false;
  out.from = *from;
  if (colon == text.npos && dash == text.npos) return out.to = out.from + 1 == 0 ? std::nullopt : std::optional(out.from + 1), true;
  const std::string_view tail = text.substr(std::min(colon, dash) + 1);
  if (tail.empty()) return colon != text.npos;
  const auto end = number(tail);
  if (!end) return false;
  out.to =
      colon != text.npos ? (out.from < 0 && out.from + *end >= 0 ? std::nullopt : std::optional(out.from + *end)) : std::optional(*end + 1);
  return true;
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
