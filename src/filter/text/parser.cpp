// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/parser.hpp"

#include <algorithm>

namespace trawl::inline v0::filter {

namespace {

bool may_be_arithmetic(const Token& token) {
  switch (token.kind) {
    case TokenKind::number: return true;
    case TokenKind::word: return is_protocol(token.word) || token.word == Word::len;
    case TokenKind::symbol:
      return token.symbol != Symbol::equal && token.symbol != Symbol::less && token.symbol != Symbol::greater &&
             token.symbol != Symbol::at_least && token.symbol != Symbol::at_most && token.symbol != Symbol::not_equal;
    default: return false;
  }
}

}  // namespace

Parser::Parser(std::span<const Token> tokens, const FilterOptions& options, Memory* memory)
    : tokens_(tokens),
      options_(options),
      closing_(tokens.size(), memory),
      not_arithmetic_(tokens.size() + 1, memory) {
  ScratchVector<u32> open(memory);
  for (u32 i = 0; i < tokens.size(); ++i) {
    not_arithmetic_[i + 1] = not_arithmetic_[i] + !may_be_arithmetic(tokens[i]);
    if (tokens[i].symbol == Symbol::open) open.push_back(i);
    if (tokens[i].symbol == Symbol::close && !open.empty()) closing_[open.back()] = i, open.pop_back();
  }
}

Result<Tree> Parser::parse() {
  if (token().kind != TokenKind::end) {
    tree_.root = expression().node;
    if (tree_.root && token().kind != TokenKind::end) tree_.root = unexpected("'and' or 'or' is missing before it");
    if (!tree_.root) return std::unexpected(error_);
  }
  return std::move(tree_);
}

Parser::Expression Parser::expression() {
  Expression left = operand(nullptr);
  while (left.node && (at_word(Word::and_) || at_word(Word::or_))) {
    const bool by_or = take().word == Word::or_;
    const Expression right = operand(&left);
    if (!right.node) return right;
    left = {join(left.node, by_or, right.node), right.inherits, right.qualifiers};
  }
  return left;
}

// `before`: what an `and` or `or` joins this operand to; its qualifiers are inherited by a bare value.
Parser::Expression Parser::operand(const Expression* before) {
  if (at_word(Word::not_)) return negation(before);
  if (next_is_arithmetic()) return relation();
  if (at_field()) return field_test();
  if (at_scope_word()) return scope_word();
  if (at_fragment()) return fragment();
  if (!next_is_value()) return at_symbol(Symbol::open) ? parenthesis(before) : primitive();
  if (!before && token().kind == TokenKind::number && (token(1).kind == TokenKind::bad || token(1).kind == TokenKind::name)) take();
  if (!before) return {unexpected("a value needs a word such as 'host' or 'port' before it"), false, {}};
  if (!before->inherits) {
    while (at_symbol(Symbol::open) || at_word(Word::not_)) take();
    return {fail_at(token(), Reason::unexpected_token, "there is nothing before it that takes a value"), false, {}};
  }
  return {value(before->qualifiers), true, before->qualifiers};
}

Parser::Expression Parser::negation(const Expression* before) {
  take();
  if (++depth_ > deepest) return {fail_at(token(), Reason::too_complex, "nested too deeply"), false, {}};
  Expression inner = operand(before);
  --depth_;
  if (inner.node) inner.node = add(Node::Kind::negation, inner.node);
  return inner;
}

// What comes after it inherits from what came before it.
Parser::Expression Parser::parenthesis(const Expression* before) {
  if (++depth_ > deepest) return {fail_at(token(), Reason::too_complex, "nested too deeply"), false, {}};
  take();
  Expression inner = expression();
  --depth_;
  if (inner.node && !expect(Symbol::close, "')' is missing")) inner.node = 0;
  if (!before) return {inner.node, false, {}};
  return {inner.node, before->inherits, before->qualifiers};
}

bool Parser::is_operator(size_t index) const {
  const Token& token = tokens_[index];
  return token.kind == TokenKind::symbol && token.symbol != Symbol::open && token.symbol != Symbol::close &&
         token.symbol != Symbol::open_bracket && token.symbol != Symbol::close_bracket && token.symbol != Symbol::colon;
}

// A number, `len`, an accessor, a minus, or parentheses that hold only such things and an operator follows.
bool Parser::next_is_arithmetic() const {
  if (at_symbol(Symbol::minus) || at_word(Word::len)) return true;
  if (token().kind == TokenKind::number) return is_operator(at_ + 1);
  if (token().kind == TokenKind::word && is_protocol(token().word)) return at_symbol(Symbol::open_bracket, 1);
  if (!at_symbol(Symbol::open)) return false;
  const u32 close = closing_[at_];
  return close && is_operator(close + 1) && not_arithmetic_[close] == not_arithmetic_[at_];
}

// A bare value, or parentheses and `not` before one.
bool Parser::next_is_value() const {
  size_t i = at_;
  while (tokens_[i].symbol == Symbol::open || (tokens_[i].kind == TokenKind::word && tokens_[i].word == Word::not_)) ++i;
  switch (tokens_[i].kind) {
    case TokenKind::number: return !is_operator(i + 1);
    case TokenKind::name:
    case TokenKind::ipv4:
    case TokenKind::ipv6:
    case TokenKind::mac:
    case TokenKind::octet: return true;
    default: return false;
  }
}

bool Parser::take(Word word) {
  if (!at_word(word)) return false;
  take();
  return true;
}
bool Parser::take(Symbol symbol) {
  if (!at_symbol(symbol)) return false;
  take();
  return true;
}
bool Parser::expect(Symbol symbol, std::string_view why) {
  if (take(symbol)) return true;
  unexpected(why);
  return false;
}

u32 Parser::unexpected(std::string_view why) {
  const Token& here = token();
  if (here.kind == TokenKind::end) return fail_at(here, Reason::unexpected_end, why);
  if (here.kind == TokenKind::bad) return fail_at(here, here.reason, here.text);
  if (here.kind == TokenKind::name) return fail_at(here, Reason::unknown_name, here.text, each_word);
  return fail_at(here, Reason::unexpected_token, why);
}

u32 Parser::fail_at(Span where, Reason reason, std::string_view detail, NameList valid) {
  if (error_.reason != Reason::none) return 0;
  error_.operation = Operation::parse_filter, error_.reason = reason, error_.valid_names = valid;
  error_.at_column(where.column, where.length).with(detail);
  return 0;
}

u32 Parser::add(Node::Kind kind, u32 first) {
  tree_.nodes.push_back({.kind = kind, .first = first});
  return u32(tree_.nodes.size() - 1);
}
u32 Parser::add(const Primitive& primitive) {
  tree_.primitives.push_back(primitive);
  return add(Node::Kind::primitive, u32(tree_.primitives.size() - 1));
}
u32 Parser::add(const Term& term) {
  const auto depth = [this](u32 child) { return child ? tree_.terms[child - 1].depth : u16{0}; };
  tree_.terms.push_back(term);
  Term& added = tree_.terms.back();
  added.depth = u16(1 + std::max(depth(term.left), depth(term.right)));
  if (added.depth > deepest) return fail_at(term.where, Reason::too_complex, "too many operations");
  return u32(tree_.terms.size());
}

u32 Parser::join(u32 left, bool by_or, u32 right) {
  u32 chain = left;
  if (tree_.nodes[left].kind != Node::Kind::chain || tree_.nodes[left].next != 0) {
    chain = add(Node::Kind::chain, left);
    tree_.nodes[chain].last = left;
  }
  tree_.nodes[right].joined_by_or = by_or;
  tree_.nodes[tree_.nodes[chain].last].next = right;
  tree_.nodes[chain].last = right;
  return chain;
}

}  // namespace trawl::inline v0::filter
