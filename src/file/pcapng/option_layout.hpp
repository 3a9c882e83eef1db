// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Kinds of option values as data: what sizes they have, and where their numbers are.
#pragma once
#include "trawl/file/pcapng/options.hpp"

namespace trawl::inline v0 {

struct OptionLayout {
  u16 least, most;   ///< bytes
  u8 width, count;   ///< numbers in the byte order of the section that the value begins with; bytes follow
};
OptionLayout layout_of(OptionKind kind);

/// Turns the numbers of the value of an option; unknown options and values of a wrong size are left alone.

void reverse_value(u8* value, size_t size, u16 code, BlockType type);
/// Turns options in place: codes, lengths and the numbers in those that are known, as far as they can be walked.
void reverse_options(u8* options, size_t size, Order from, BlockType type);
void reverse_numbers(u8* p, size_t size, size_t width);

}  // namespace trawl::inline v0
