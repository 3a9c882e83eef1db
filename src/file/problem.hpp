// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Errors about the content of a file, worded with numbers.
#pragma once
#include "trawl/core/error.hpp"
#include "trawl/core/text_out.hpp"

namespace trawl::inline v0 {

/// One piece of a short text.
struct Piece {
  constexpr Piece(std::string_view words) : text(words) {}
  constexpr Piece(const char* words) : text(words) {}
  constexpr Piece(u64 value) : number(value), is_number(true) {}
  constexpr Piece(u32 value) : Piece(u64{value}) {}
  std::string_view text;
  u64 number = 0;
  bool is_number = false;
};

template <class... Pieces> Error problem(Reason reason, u64 byte, u64 packet, const Pieces&... pieces) {
  Error error{.operation = Operation::read_file, .reason = reason, .byte = byte, .packet = packet};
  TextOut out(error.detail, sizeof error.detail - 1);
  [[maybe_unused]] const auto put = [&](const Piece& piece) { piece.is_number ? out.number(piece.number) : out.put(piece.text); };
  (put(Piece(pieces)), ...);
  return error;
}

}  // namespace trawl::inline v0
