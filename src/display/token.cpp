// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "display/token.hpp"

#include <algorithm>
#include <array>

namespace trawl::inline v0::display {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
constexpr bool in_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == ':' || c == '-' ||
         c == '/';
}

struct Spelling {
  std::string_view text, means;
};
constexpr auto symbols = std::to_array<Spelling>({
    {"===", "all =="}, {"!==", "any !="}, {"==", "=="},  {"!=", "!="}, {"~=", "any !="}, {">=", ">="}, {"<=", "<="},
    {"&&", "and"},     {"||", "or"},      {"^^", "xor"}, {"..", ".."}, {">", ">"},       {"<", "<"},   {"!", "not"},
    {"~", "matches"},  {"&", "&"},        {"+", "+"},    {"*", "*"},   {"%", "%"},       {"#", "#"},   {"(", "("},
    {")", ")"},        {"{", "{"},        {"}", "}"},    {"[", "["},   {"]", "]"},       {",", ","},
});
constexpr auto words = std::to_array<Spelling>({
    {"and", "and"},
    {"or", "or"},
    {"xor", "xor"},
    {"not", "not"},
    {"eq", "=="},
    {"ne", "!="},
    {"any_eq", "=="},
    {"all_ne", "!="},
    {"all_eq", "all =="},
    {"any_ne", "any !="},
    {"gt", ">"},
    {"lt", "<"},
    {"ge", ">="},
    {"le", "<="},
    {"contains", "contains"},
    {"matches", "matches"},
    {"in", "in"},
    {"bitwise_and", "&"},
});

// A minus or a slash alone, and a minus before a field; inside of a word they belong to it, as do those of numbers.
bool is_operator(std::string_view rest) {
  if (rest[0] != '-' && rest[0] != '/') return false;
  if (rest.size() == 1 || is_blank(rest[1]) || rest[1] == '{') return true;
  return rest[0] == '-' && ((rest[1] | 32) >= 'a' && (rest[1] | 32) <= 'z');
}

// The escapes of C; anything else after a backslash is itself, and the backslash stays for the regular expression.
void put_string(std::string_view body, std::string& out) {
  for (size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\' || i + 1 == body.size()) {
      out += body[i];
      continue;
    }
    const char c = body[++i];
    constexpr std::string_view letters = "abfnrtv", bytes = "\a\b\f\n\r\t\v";
    const auto hex = [](char digit) {
      return digit >= '0' && digit <= '9' ? digit - '0' : (digit | 32) >= 'a' && (digit | 32) <= 'f' ? (digit | 32) - 'a' + 10 : -1;
    };
    if (c == '"' || c == '\\') out += c;
    else if (c == 'x' && i + 2 < body.size() && hex(body[i + 1]) >= 0 && hex(body[i + 2]) >= 0)
      out += char(hex(body[i + 1]) * 16 + hex(body[i + 2])), i += 2;
    else if (const size_t at = letters.find(c); at != letters.npos && c != 'b') out += bytes[at];
    else out += '\\', out += c;
  }
}

}  // namespace

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  size_t at = 0;
  while (true) {
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) break;
    Token token{.column = u32(at + 1)};
    const std::string_view rest = text.substr(at);
    size_t length = 0;
    const bool raw = rest.size() > 1 && (rest[0] == 'r' || rest[0] == 'R') && rest[1] == '"';
    if (rest[0] == '"' || raw) {
      size_t end = raw ? 2 : 1;
      while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' && !raw ? 2u : 1u;
      token.kind = end < rest.size() ? TokenKind::string : TokenKind::bad;
      length = std::min(end + 1, rest.size());
      if (token.kind == TokenKind::string) {
        const std::string_view body = rest.substr(raw ? 2 : 1, end - (raw ? 2 : 1));
        if (raw) token.text = body;
        else put_string(body, token.text);
      }
    } else if (is_operator(rest)) {
      token.kind = TokenKind::symbol, token.text = rest[0], length = 1;
    } else if (in_word(rest[0]) && !rest.starts_with("..")) {
      while (length < rest.size() && in_word(rest[length]) && !rest.substr(length).starts_with("..")) ++length;
      token.kind = TokenKind::word, token.text = rest.substr(0, length);
      for (const Spelling& word : words)
        if (word.text == token.text) token.kind = TokenKind::symbol, token.text = word.means;
    } else {
      token.kind = TokenKind::bad, length = 1;
      for (const Spelling& symbol : symbols)
        if (rest.starts_with(symbol.text)) {
          token.kind = TokenKind::symbol, token.text = symbol.means, length = symbol.text.size();
          break;
        }
    }
    token.length = u32(length);
    at += length;
    tokens.push_back(token);
    if (token.kind == TokenKind::bad) break;
  }
  tokens.push_back({.kind = TokenKind::end, .column = u32(text.size() + 1)});
  return tokens;
}

}  // namespace trawl::inline v0::display
