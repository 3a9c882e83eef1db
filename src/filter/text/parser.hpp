// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Recursive descent over the tokens. Functions that give a node give 0 after a failure, and `error_` says which.
#pragma once
#include <span>

#include "filter/text/native_names.hpp"
#include "filter/text/syntax.hpp"
#include "trawl/filter/filter.hpp"

namespace trawl::inline v0::filter {

class Parser {
 public:
  /// @pre `tokens` live as long as the parser
  Parser(std::span<const Token> tokens, const FilterOptions& options, Memory* memory);
  Result<Tree> parse();

 private:
  static constexpr u32 deepest = 400;  // of parentheses and `not`, so that no text overflows the stack

  // A node, and the qualifiers that a bare value after it inherits; none after words that take no value.
  struct Expression {
    u32 node = 0;
    bool inherits = false;
    Qualifiers qualifiers;
  };

  // parser.cpp: expressions
  Expression expression();
  Expression operand(const Expression* before);
  Expression negation(const Expression* before);
  Expression parenthesis(const Expression* before);
  Expression term();
  bool next_is_value() const;
  bool next_is_arithmetic() const;
  bool is_operator(size_t token) const;

  // parse_primitive.cpp: everything that begins with a word
  Expression primitive();
  Expression qualified(Word protocol);
  bool direction(Qualifiers& qualifiers);
  Expression abbreviation(Word protocol, const Token& token);
  Expression standalone(const Token& token);
  Expression byte_test();
  bool optional_number(Primitive& primitive, u32 most);

  // parse_native.cpp
  Expression native_word(const Token& word);
  Expression wlan_word(const Token& word);
  Expression llc_word(const Token& word);
  Expression firewall_word(const Token& word);
  Expression numbered_field(PrimitiveKind kind, const Token& word);
  Expression lone_word(PrimitiveKind kind, const Token& word);
  bool named_bits(const NamedNumbers& names, u32 bits, u32& value);

  // parse_extension.cpp
  bool at_set() const;
  u32 value_set(Qualifiers qualifiers);
  u32 set_items(const Qualifiers& qualifiers);
  struct Items;
  bool set_item(const Qualifiers& qualifiers, Items& items);
  u32 set_value(const Qualifiers& qualifiers);
  void add_item(Items& items, u32 node);
  u32 join_items(const Items& items);
  u32 range_value(const Qualifiers& qualifiers, const Token& token);
  bool file_values(const Qualifiers& qualifiers, const Token& token, Items& items);
  bool at_field() const;
  Expression field_test();
  bool other_port(Primitive& primitive);
  bool at_fragment() const;
  Expression fragment();
  bool at_scope_word() const;
  Expression scope_word();
  Expression scope(Scope::Kind kind, u32 opening);

  // parse_value.cpp: what qualifiers apply to
  u32 value(const Qualifiers& qualifiers);
  u32 value_list(const Qualifiers& qualifiers);
  u32 single_value(const Qualifiers& qualifiers);
  u32 number_value(const Qualifiers& qualifiers, u32 number, const Token& token);
  u32 ipv4_value(const Qualifiers& qualifiers, const Token& token);
  u32 ipv6_value(const Qualifiers& qualifiers, const Token& token);
  u32 name_value(const Qualifiers& qualifiers, const Token& token);
  u32 gateway_name(const Qualifiers& qualifiers, const Token& token);
  u32 host_name(const Qualifiers& qualifiers, const Token& token);
  u32 port_name(const Qualifiers& qualifiers, const Token& token);
  u32 port_range(const Qualifiers& qualifiers, const Token& token);
  u32 protocol_number(const Qualifiers& qualifiers, u32 number, Span where);
  u32 ports(const Qualifiers& qualifiers, u32 low, u32 high, u8 transport, const Token& token);
  u32 ipv4_node(const Qualifiers& qualifiers, u32 address, u32 mask, Span where);
  u32 ipv6_node(const Qualifiers& qualifiers, const Ipv6Address& address, unsigned prefix, Span where);
  bool number_in_parentheses(u32& number, Token& token);

  // parse_arithmetic.cpp
  Expression relation();
  u32 arithmetic(unsigned precedence = 0);
  u32 arithmetic_operand();
  u32 accessor(const Token& token);

  const Token& token(size_t ahead = 0) const { return tokens_[at_ + ahead < tokens_.size() ? at_ + ahead : tokens_.size() - 1]; }
  Token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool take(Word word);
  bool take(Symbol symbol);
  bool expect(Symbol symbol, std::string_view why);
  bool at_word(Word word, size_t ahead = 0) const { return token(ahead).kind == TokenKind::word && token(ahead).word == word; }
  bool at_symbol(Symbol symbol, size_t ahead = 0) const { return token(ahead).kind == TokenKind::symbol && token(ahead).symbol == symbol; }
  static Span span(const Token& token) { return {token.column, token.length}; }
  static Span span(const Token& first, const Token& last) { return {first.column, last.column + last.length - first.column}; }

  // All give 0. The first failure stays.
  u32 unexpected(std::string_view why);
  u32 fail_at(Span where, Reason reason, std::string_view detail, NameList valid = nullptr);
  u32 fail_at(const Token& where, Reason reason, std::string_view detail, NameList valid = nullptr) {
    return fail_at(span(where), reason, detail, valid);
  }

  u32 add(Node::Kind kind, u32 first);
  u32 add(const Primitive& primitive);
  u32 add(const Term& term);
  // Joins two operands, growing a chain that `left` already is.
  u32 join(u32 left, bool by_or, u32 right);

  std::span<const Token> tokens_;
  const FilterOptions& options_;
  ScratchVector<u32> closing_;         // for each '(' the index of its ')'; 0 without one
  ScratchVector<u32> not_arithmetic_;  // how many tokens up to here cannot stand in an arithmetic expression
  size_t at_ = 0;
  u32 depth_ = 0;
  Tree tree_;
  Error error_;
};

}  // namespace trawl::inline v0::filter
