// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include "display/token.hpp"
#include "display/tree.hpp"

namespace trawl::inline v0::display {

/// What a token means as a value of a type. Numbers are decimal, 0x hexadecimal or octal; bytes stand between ':', '-' or
/// '.', or in quotes; addresses may have a prefix length; booleans are numbers, and numbers may go by their names in `values`
/// (null: they have none), whatever the case. @return none where it means nothing
std::optional<Constant> read_constant(const Token& token, Type type, const wire::Space* values = nullptr);
std::optional<u64> read_unsigned(std::string_view text);

}  // namespace trawl::inline v0::display
