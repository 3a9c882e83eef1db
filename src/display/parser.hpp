// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Recursive descent; names and types are settled on the way.
#pragma once
#include <algorithm>

#include "display/token.hpp"
#include "display/tree.hpp"

namespace trawl::inline v0::display {

class Parser {
 public:
  Parser(std::vector<Token> tokens, const wire::Catalog& catalog) : tokens_(std::move(tokens)), catalog_(catalog) {}
  Result<Tree> parse();

 private:
  static constexpr u32 deepest = 200, most_operations = 1000, failed = ~u32{};

  u32 joined(unsigned level);
  u32 negation();
  u32 test();
  u32 membership(Node node);
  u32 against_field(Node node, const Token& where);
  // parse_operand.cpp
  bool at_arithmetic(size_t ahead = 0) const;
  bool arithmetic(Operand& operand);
  bool sum(Operand& operand);
  bool product(Operand& operand);
  bool factor(Operand& operand);
  bool combine(Operand& left, char operation, Operand right, const Token& where);
  bool operand(Operand& operand);
  bool mask(Operand& operand);
  bool layers(Operand& operand);
  bool field(Operand& operand);
  bool slices(Operand& operand);
  bool slice(const Token& token, Slice& slice);

  const Token& token(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  Token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool at(std::string_view symbol, size_t ahead = 0) const { return token(ahead).kind == TokenKind::symbol && token(ahead).text == symbol; }
  bool take(std::string_view symbol);
  bool expect(std::string_view symbol, std::string_view why);
  u32 add(Node node);
  u32 fail(const Token& where, Reason reason, std::string_view detail, NameList valid = nullptr);
  u32 unexpected(std::string_view why);

  std::vector<Token> tokens_;
  const wire::Catalog& catalog_;
  size_t at_ = 0;
  u32 depth_ = 0, operations_ = 0;
  Tree tree_;
  Error error_;
};

}  // namespace trawl::inline v0::display
