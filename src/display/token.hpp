// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <string>
#include <vector>

#include "trawl/core/error.hpp"

namespace trawl::inline v0::display {

enum class TokenKind : u8 { end, bad, word, string, symbol };

struct Token {
  TokenKind kind = TokenKind::end;
  u32 column = 0, length = 0;  ///< 1-based byte of the text
  std::string text;            ///< of a string without quotes and escapes; of a symbol its spelling: && is "and"
};

/// The last token is `end`, one column past the text.
std::vector<Token> tokenize(std::string_view text);

}  // namespace trawl::inline v0::display
