// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A bounded reader: it moves over bytes and cannot leave them.
#pragma once
#include <optional>

#include "trawl/core/endian.hpp"

namespace trawl::inline v0 {

/// Reads forward. A read that does not fit gives nothing and leaves the cursor where it is.
class Cursor {
 public:
  constexpr explicit Cursor(Bytes bytes, Order order = Order::big) : bytes_(bytes), order_(order) {}

  template <std::unsigned_integral T> constexpr std::optional<T> take() {
    if (left() < sizeof(T)) return {};
    const T value = load<T>(bytes_.data + at_, order_);
    at_ += sizeof(T);
    return value;
  }
  constexpr std::optional<Bytes> take(size_t count) {
    if (left() < count) return {};
    at_ += count;
    return bytes_.slice(at_ - count, count);
  }
  constexpr bool skip(size_t count) { return take(count).has_value(); }
  /// Bytes from the start. 0 <= position() <= the size.
  constexpr size_t position() const { return at_; }
  constexpr size_t left() const { return bytes_.size - at_; }
  constexpr Bytes rest() const { return bytes_.from(at_); }
  constexpr bool done() const { return left() == 0; }

 private:
  Bytes bytes_;
  Order order_;
  size_t at_ = 0;
};

}  // namespace trawl::inline v0
