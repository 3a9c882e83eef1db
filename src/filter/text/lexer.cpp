// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/text/token.hpp"
#include "trawl/core/address.hpp"

namespace trawl::inline v0::filter {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The longest prefix that is an identifier: inner '-' and '_', but neither at the end.
size_t identifier_length(std::string_view s) {
  if (s.empty() || !is_alnum(s[0])) return 0;
  size_t end = 1;
  for (size_t i = 1; i < s.size() && (is_alnum(s[i]) || s[i] == '-' || s[i] == '_' || s[i] == '.'); ++i)
    if (s[i] != '-' && s[i] != '_') end = i + 1;
  return end;
}

size_t digits_length(std::string_view s) {
  size_t n = 0;
  if (s.size() > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && is_hex(s[2])) {
    for (n = 2; n < s.size() && is_hex(s[n]);) ++n;
    return n;
  }
  while (n < s.size() && is_digit(s[n])) ++n;
  return n;
}

// Two to four numbers between dots, and nothing else.
bool is_dotted(std::string_view s) {
  for (unsigned parts = 1;; ++parts) {
    const size_t n = digits_length(s);
    if (n == 0 || parts > 4) return false;
    if (n == s.size()) return parts >= 2;
    if (s[n] != '.') return false;
    s.remove_prefix(n + 1);
  }
}

size_t group_length(std::string_view s) { return s.empty() || !is_hex(s[0]) ? 0 : s.size() > 1 && is_hex(s[1]) ? 2 : 1; }

// Six groups of one or two hex digits between colons.
size_t mac_length(std::string_view s) {
  size_t at = 0;
  for (unsigned group = 0; group < 6; ++group) {
    if (group > 0) {
      if (at >= s.size() || s[at] != ':') return 0;
      ++at;
    }
    const size_t n = group_length(s.substr(at));
    if (n == 0) return 0;
    at += n;
  }
  return at;
}

size_t ipv6_length(std::string_view s) {
  size_t n = 0;
  while (n < s.size() && n < Ipv6Address::text_size && (is_hex(s[n]) || s[n] == ':' || s[n] == '.')) ++n;
  for (; n > 1; --n)
    if (parse_ipv6(s.substr(0, n))) return n;
  return 0;
}

// What begins like a link address and is none: two or more groups that each end in colons.
size_t broken_mac_length(std::string_view s) {
  size_t at = 0;
  for (unsigned groups = 0;; ++groups) {
    const size_t n = group_length(s.substr(at));
    if (n == 0 || at + n >= s.size() || s[at + n] != ':') return groups >= 2 ? at : 0;
    for (at += n; at < s.size() && s[at] == ':';) ++at;
  }
}

struct Match {
  TokenKind kind = TokenKind::bad;
  size_t length = 0;
  void longer(TokenKind other, size_t n) {
    if (n > length) kind = other, length = n;
  }
};

constexpr size_t shortest_mac = 11;
// Addresses with colons have one behind at most four hex digits.
bool has_colon_early(std::string_view s) {
  size_t n = 0;
  while (n < s.size() && n < 4 && is_hex(s[n])) ++n;
  return n < s.size() && s[n] == ':';
}

// Longest match; among equals an address before a number before a name.
Match match_word(std::string_view s) {
  Match match;
  if (const size_t n = identifier_length(s)) {
    const std::string_view text = s.substr(0, n);
    TokenKind kind = TokenKind::name;
    if (digits_length(text) == n) kind = TokenKind::number;
    else if (is_dotted(text)) kind = TokenKind::ipv4;
    if (n >= shortest_mac && parse_mac(text)) kind = TokenKind::mac;
    if (const size_t dots = kind == TokenKind::number ? text.npos : text.find(".."); dots != text.npos && dots > 0 && dots + 2 < n)
      kind = TokenKind::range;
    match.longer(kind, n);
  }
  if (has_colon_early(s)) {
    match.longer(TokenKind::mac, mac_length(s));
    match.longer(TokenKind::ipv6, ipv6_length(s));
    match.longer(TokenKind::bad, broken_mac_length(s));
  }
  return match;
}

Symbol match_symbol(std::string_view s, u32& length) {
  constexpr struct {
    char text[3];
    Symbol symbol;
  } doubles[] = {
      {">=", Symbol::at_least},   {"<=", Symbol::at_most},     {"!=", Symbol::not_equal}, {"==", Symbol::equal},
      {"<<", Symbol::left_shift}, {">>", Symbol::right_shift}, {"&&", Symbol::and_and},   {"||", Symbol::or_or},
  };
  length = 2;
  for (const auto& two : doubles)
    if (s.starts_with(two.text)) return two.symbol;
  length = 1;
  return std::string_view("!%&()*+-/:<=>[]^|{},").find(s[0]) != s.npos ? Symbol(s[0]) : Symbol::none;
}

void classify(Token& token) {
  if (token.kind == TokenKind::number) {
    token.reason = read_number(token.text, token.number);
    if (token.reason != Reason::none) token.kind = TokenKind::bad;
  } else if (token.kind == TokenKind::name) {
    if (const Word word = find_word(token.text); word != Word::none) {
      token.kind = TokenKind::word, token.word = word;
    } else if (const auto constant = find_constant(token.text)) {
      token.kind = TokenKind::number, token.number = *constant;
    }
  } else if (token.kind == TokenKind::bad && token.reason == Reason::none) {
    token.reason = Reason::unexpected_character;
  }
}

Token next_token(std::string_view rest) {
  Token token;
  if (rest[0] == '\\') {  // up to a blank or one of !()
    size_t n = 1;
    while (n < rest.size() && !is_blank(rest[n]) && rest[n] != '!' && rest[n] != '(' && rest[n] != ')') ++n;
    token.kind = n > 1 ? TokenKind::name : TokenKind::bad;
    token.reason = n > 1 ? Reason::none : Reason::unexpected_character;
    token.length = u32(n), token.text = rest.substr(n > 1, n - (n > 1));
    return token;
  }
  if (rest[0] == '$' && group_length(rest.substr(1)) > 0) {
    const size_t n = group_length(rest.substr(1));
    token.kind = TokenKind::octet, token.length = u32(n + 1), token.text = rest.substr(1, n);
    for (char c : token.text) token.number = token.number << 4 | u32(is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
    return token;
  }
  if (rest[0] == '"' && rest.find('"', 1) != rest.npos) {
    token.kind = TokenKind::string, token.text = rest.substr(1, rest.find('"', 1) - 1), token.length = u32(token.text.size() + 2);
    return token;
  }
  const Match match = match_word(rest);
  if (match.length > 0) {
    token.kind = match.kind, token.length = u32(match.length), token.text = rest.substr(0, match.length);
    classify(token);
    return token;
  }
  token.symbol = match_symbol(rest, token.length);
  token.kind = token.symbol == Symbol::none ? TokenKind::bad : TokenKind::symbol;
  token.text = rest.substr(0, token.length);
  if (token.kind == TokenKind::bad) token.reason = Reason::unexpected_character;
  switch (token.symbol) {
    case Symbol::and_and: token.kind = TokenKind::word, token.word = Word::and_; break;
    case Symbol::or_or: token.kind = TokenKind::word, token.word = Word::or_; break;
    case Symbol::bang: token.kind = TokenKind::word, token.word = Word::not_; break;
    default: break;
  }
  return token;
}

}  // namespace

Reason read_number(std::string_view text, u32& value) {
  u32 base = 10;
  if (text.size() > 1 && text[0] == '0') {
    base = text[1] == 'x' || text[1] == 'X' ? 16 : 8;
    text.remove_prefix(base == 16 ? 2 : 1);
  }
  u64 sum = 0;
  for (char c : text) {
    const u32 digit = u32(is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
    if (digit >= base) return Reason::unexpected_character;
    sum = sum * base + digit;
    if (sum > 0xffffffff) return Reason::out_of_range;
  }
  value = u32(sum);
  return Reason::none;
}

ScratchVector<Token> tokenize(std::string_view text, Memory* memory) {
  ScratchVector<Token> tokens(memory);
  tokens.reserve(text.size() / 4 + 2);
  size_t at = 0;
  while (true) {
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) break;
    Token token = next_token(text.substr(at));
    token.column = u32(at + 1);
    at += token.length;
    tokens.push_back(token);
    if (token.kind == TokenKind::bad) break;
  }
  Token end;
  end.column = u32(text.size() + 1);
  tokens.push_back(end);
  return tokens;
}

}  // namespace trawl::inline v0::filter
