// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Filter text as tokens.
#pragma once
#include "filter/scratch.hpp"
#include "filter/text/words.hpp"

namespace trawl::inline v0::filter {

enum class TokenKind : u8 {
  end,
  bad,          ///< `reason` says why
  word,         ///< a keyword
  number,       ///< `number`
  name,         ///< any other identifier; `text` without the escaping backslash
  ipv4,         ///< two to four numbers between dots: an address or a network, not yet checked
  ipv6,
  mac,
  octet,        ///< $ab: an 8-bit link address
  range,        ///< two values with ".." between them, not yet checked
  string,       ///< between double quotes, which `text` has not
  symbol,       ///< `symbol`
};

/// Operators; those of one character are that character.
enum class Symbol : u8 {
  none,
  at_least = 1,
  at_most,
  not_equal,
  left_shift,
  right_shift,
  and_and,
  or_or,
  bang = '!',
  percent = '%',
  ampersand = '&',
  open = '(',
  close = ')',
  star = '*',
  plus = '+',
  minus = '-',
  slash = '/',
  colon = ':',
  less = '<',
  equal = '=',
  greater = '>',
  open_bracket = '[',
  close_bracket = ']',
  caret = '^',
  bar = '|',
  open_brace = '{',
  close_brace = '}',
  comma = ',',
};

struct Token {
  TokenKind kind = TokenKind::end;
  Word word = Word::none;
  Symbol symbol = Symbol::none;
  Reason reason = Reason::none;
  u32 column = 0, length = 0;  ///< 1-based byte of the text
  u32 number = 0;
  std::string_view text;
};

/// The last token is `end`, one column past the text. A bad token is followed by `end`.
ScratchVector<Token> tokenize(std::string_view text, Memory* memory);

/// The number that a text of digits means: 0x hexadecimal, leading 0 octal, else decimal. Reason::none or why not.
Reason read_number(std::string_view text, u32& value);

}  // namespace trawl::inline v0::filter
