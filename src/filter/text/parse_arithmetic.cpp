// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/parser.hpp"

namespace trawl::inline v0::filter {

namespace {

// How tightly a binary operator binds; 0: it is none. The language gives '%' and '^' none: they take all to their right.
constexpr unsigned binding(Symbol symbol) {
  switch (symbol) {
    case Symbol::bar: return 1;
    case Symbol::ampersand: return 2;
    case Symbol::left_shift:
    case Symbol::right_shift: return 3;
    case Symbol::plus:
    case Symbol::minus: return 4;
    case Symbol::star:
    case Symbol::slash: return 5;
    case Symbol::percent:
    case Symbol::caret: return 6;
    default: return 0;
  }
}

constexpr bool is_relation(Symbol symbol) {
  return symbol == Symbol::equal || symbol == Symbol::less || symbol == Symbol::greater || symbol == Symbol::at_least ||
         symbol == Symbol::at_most || symbol == Symbol::not_equal;
}

}  // namespace

// Indices of terms count from 1 here, so that 0 is a failure.
Parser::Expression Parser::relation() {
  const Token first = token();
  const size_t before = at_;
  Primitive primitive{.kind = PrimitiveKind::relation};
  primitive.left = arithmetic();
  if (!primitive.left) return {};
  if (token().kind != TokenKind::symbol || !is_relation(token().symbol)) {
    // Parentheses that begin right before it may be of arithmetic: what is wrong is what comes behind them.
    for (size_t open = before; open > 0 && tokens_[open - 1].symbol == Symbol::open && at_symbol(Symbol::close); --open) take();
    return {unexpected("a comparison is missing"), false, {}};
  }
  primitive.relation = take().symbol;
  primitive.right = arithmetic();
  if (!primitive.right) return {};
  primitive.where = span(first, tokens_[at_ - 1]);
  return {add(primitive), false, {}};
}

u32 Parser::arithmetic(unsigned precedence) {
  if (++depth_ > deepest) return fail_at(token(), Reason::too_complex, "nested too deeply");
  u32 left = arithmetic_operand();
  while (left && token().kind == TokenKind::symbol) {
    const Symbol operation = token().symbol;
    const unsigned tightness = binding(operation);
    if (tightness == 0 || tightness <= precedence) break;
    const Token sign = take();
    const Token divisor = token();
    const u32 right = arithmetic(tightness == 6 ? 0 : tightness);
    if (!right) return 0;
    const Term& by = tree_.terms[right - 1];
    if (by.kind == Term::Kind::number) {
      if (by.number == 0 && (operation == Symbol::slash || operation == Symbol::percent))
        return fail_at(divisor, Reason::division_by_zero, "division by zero");
      if (by.number > 31 && (operation == Symbol::left_shift || operation == Symbol::right_shift))
        return fail_at(divisor, Reason::out_of_range, "a shift is by 0 to 31 bits");
    }
    left = add(Term{.kind = Term::Kind::binary, .operation = operation, .left = left, .right = right, .where = span(sign)});
  }
  --depth_;
  return left;
}

u32 Parser::arithmetic_operand() {
  const Token first = token();
  u32 result = 0;
  if (first.kind == TokenKind::number) {
    take();
    result = add(Term{.kind = Term::Kind::number, .number = first.number, .where = span(first)});
  } else if (take(Word::len)) {
    result = add(Term{.kind = Term::Kind::length, .where = span(first)});
  } else if (take(Symbol::minus)) {
    const u32 inner = arithmetic(5);
    result = inner ? add(Term{.kind = Term::Kind::negate, .left = inner, .where = span(first)}) : 0;
  } else if (take(Symbol::open)) {
    result = arithmetic();
    if (result && !expect(Symbol::close, "')' is missing")) result = 0;
  } else if (first.kind == TokenKind::word && is_protocol(first.word)) {
    take();
    result = accessor(first);
  } else if (first.kind == TokenKind::name) {
    result = fail_at(first, Reason::unknown_name, first.text, each_constant);
  } else {
    result = unexpected("a number, 'len' or a field such as ip[8] is missing");
  }
  return result;
}

u32 Parser::accessor(const Token& protocol) {
  if (!expect(Symbol::open_bracket, "'[' is missing")) return 0;
  switch (protocol.word) {
    case Word::ipx:
    case Word::netbeui:
    case Word::aarp:
    case Word::iso:
    case Word::esis:
    case Word::isis:
    case Word::clnp:
    case Word::stp:
    case Word::l1:
    case Word::l2:
    case Word::iih:
    case Word::lsp:
    case Word::snp:
    case Word::csnp:
    case Word::psnp:
    case Word::ah:
    case Word::esp: return fail_at(protocol, Reason::wrong_type, "this protocol's bytes cannot be indexed");
    default: break;
  }
  Term load{.kind = Term::Kind::load, .protocol = protocol.word};
  load.left = arithmetic();
  if (!load.left) return 0;
  if (take(Symbol::colon)) {
    const Token size = token();
    if (size.kind != TokenKind::number) return unexpected("a size of 1, 2 or 4 is missing");
    take();
    if (size.number != 1 && size.number != 2 && size.number != 4) return fail_at(size, Reason::out_of_range, "a size is 1, 2 or 4");
    load.size = u8(size.number);
  }
  const Token last = token();
  if (!expect(Symbol::close_bracket, "']' is missing")) return 0;
  load.where = span(protocol, last);
  return add(load);
}

}  // namespace trawl::inline v0::filter
