// SPDX-License-Identifier: Apache-2.0 OR MIT
// What stands on a side of a comparison: fields, slices, functions, arithmetic.
#include <algorithm>

#include "display/constant.hpp"
#include "display/parser.hpp"

namespace trawl::inline v0::display {

namespace {

constexpr struct {
  std::string_view name;
  Function function;
} functions[] = {{"len", Function::length}, {"lower", Function::lower}, {"upper", Function::upper}, {"count", Function::count}};
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

std::optional<i64> compute(char operation, i64 left, i64 right) {
  i64 result = 0;
  bool overflow = false;
  switch (operation) {
    case '+': overflow = __builtin_add_overflow(left, right, &result); break;
    case '-': overflow = __builtin_sub_overflow(left, right, &result); break;
    case '*': overflow = __builtin_mul_overflow(left, right, &result); break;
    case '&': return left & right;
    default:
      if (right == 0) return {};
      if (right == -1) overflow = operation == '/' && __builtin_sub_overflow(i64{0}, left, &result);  // the most negative one
      else result = operation == '/' ? left / right : left % right;
  }
  return overflow ? std::nullopt : std::optional(result);
}

bool Parser::at_arithmetic(size_t ahead) const {
  return std::ranges::any_of(std::string_view("+-*/%&"), [&](const char& sign) { return at({&sign, 1}, ahead); });
}

// & binds loosest, then + and -, then * / %. A field under a constant mask stays a field.
bool Parser::arithmetic(Operand& left) {
  if (!sum(left)) return false;
  while (at("&")) {
    const Token sign = take();
    if (!left.sum && !left.mask && token().kind == TokenKind::word && read_unsigned(token().text) && (!at_arithmetic(1) || at("&", 1))) {
      if (!mask(left)) return false;
      continue;
    }
    Operand right;
    if (!sum(right) || !combine(left, '&', std::move(right), sign)) return false;
  }
  return true;
}

bool Parser::sum(Operand& left) {
  if (!product(left)) return false;
  while (at("+") || at("-")) {
    const Token sign = take();
    Operand right;
    if (!product(right) || !combine(left, sign.text[0], std::move(right), sign)) return false;
  }
  return true;
}

bool Parser::product(Operand& left) {
  if (!factor(left)) return false;
  while (at("*") || at("/") || at("%")) {
    const Token sign = take();
    Operand right;
    if (!factor(right) || !combine(left, sign.text[0], std::move(right), sign)) return false;
  }
  return true;
}

// A field, a number, -FACTOR, { ARITHMETIC }
bool Parser::factor(Operand& out) {
  const auto constant = [](i64 number) {
    return Operand{.sum = std::make_shared<const Arithmetic>(Arithmetic{.number = number, .left = {}, .right = {}})};
  };
  const Token first = token();
  if (++depth_ > deepest) return fail(first, Reason::too_complex, "nested too deeply") != failed;
  bool good = false;
  if (take("-")) {
    Operand positive;
    out = constant(0);
    good = factor(positive) && combine(out, '-', std::move(positive), first);
  } else if (take("+")) {
    good = factor(out);
  } else if (take("{")) {
    good = arithmetic(out) && expect("}", "'}' is missing");
  } else if (const bool negative = first.text.starts_with('-');
             first.kind == TokenKind::word && read_unsigned(std::string_view(first.text).substr(negative))) {
    const u64 number = *read_unsigned(std::string_view(first.text).substr(negative));
    good = number <= u64{1} << 62 || fail(first, Reason::out_of_range, first.text) != failed;
    if (good) take(), out = constant(negative ? -i64(number) : i64(number));
  } else {
    good = operand(out);
  }
  --depth_;
  return good;
}

bool Parser::combine(Operand& left, char operation, Operand right, const Token& where) {
  const auto is_number = [](const Operand& operand) {
    return operand.mask || operand.result() == Type::number || operand.result() == Type::integer;
  };
  if (!is_number(left) || !is_number(right)) return fail(where, Reason::wrong_type, "only numbers can be calculated with") != failed;
  if (++operations_ > most_operations) return fail(where, Reason::too_complex, "too many operations") != failed;
  Arithmetic both{.operation = operation, .left = {}, .right = {}};
  if (left.constant() && right.constant()) {
    const auto result = compute(operation, *left.constant(), *right.constant());
    if (!result) return fail(where, Reason::out_of_range, "this has no result") != failed;
    both.operation = 'k', both.number = *result;
  } else {
    both.left = std::move(left), both.right = std::move(right);
  }
  left = Operand{.sum = std::make_shared<const Arithmetic>(std::move(both))};
  return true;
}

// field | function(field), [slices]
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
  return true;
}

// A mask of one field, which needs no arithmetic.
bool Parser::mask(Operand& operand) {
  const Token mask = token();
  operand.mask = read_unsigned(mask.text);
  const bool one_byte = operand.result() == Type::bytes && operand.slices.size() == 1 && *operand.mask <= 255;
  if (operand.result() != Type::number && !one_byte) return fail(mask, Reason::wrong_type, "only numbers have bits") != failed;
  take();
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
  else operand.type = resolved->status() ? Type::number : type_of(resolved->info()->kind), operand.values = resolved->info()->values;
  return layers(operand);
}

// #N, #[N], #[N-M], #[-1], ...
bool Parser::layers(Operand& operand) {
  const Token sign = token();
  if (!take("#")) return true;
  if (operand.name.is_frame_field()) return fail(sign, Reason::wrong_type, "the frame is no layer") != failed;
  const bool list = take("[");
  do {
    const Token range = take();
    Slice one;
    if (range.kind != TokenKind::word || !slice(range, one) || (!list && !read_unsigned(range.text)))
      return fail(range, Reason::unexpected_token, "a layer is #N or #[from-to]") != failed;
    operand.layers.push_back(one);
  } while (list && take(","));
  return !list || expect("]", "']' is missing");
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

}  // namespace trawl::inline v0::display
