// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Builds pcapng options.
#pragma once
#include <vector>

#include "trawl/file/pcapng.hpp"

namespace trawl::inline v0 {

class OptionWriter {
 public:
  explicit OptionWriter(Order order) : order_(order) {}
  void add(u16 code, Bytes value);
  void add(u16 code, std::string_view text) { add(code, Bytes::of(text)); }
  /// Leaves out an empty text.
  void add_unless_empty(u16 code, std::string_view text);
  template <std::unsigned_integral T> void add_number(u16 code, T value) {
    u8 bytes[sizeof(T)];
    store(bytes, value, order_);
    add(code, Bytes(bytes, sizeof bytes));
  }
  /// Two words, the high one first: times in interface statistics.
  void add_halves(u16 code, u64 value);
  /// Options of a block of `type` as they stood, with the byte order of the numbers in them changed where necessary.
  /// Codes of unknown meaning are copied. `but_not`: a code to leave out.
  void copy(Bytes options, Order order, BlockType type, u16 but_not = option_code::end);
  /// With opt_endofopt behind them, if there are any.
  Bytes finish();
  void clear() { bytes_.clear(); }

 private:
  Order order_;
  std::vector<u8> bytes_;
};

/// Turns the byte order of codes, lengths and the numbers in options of a block of `type`; unknown options keep their values.
/// @param from the order that they have now
void reverse_options(u8* options, size_t size, Order from, BlockType type);

}  // namespace trawl::inline v0
