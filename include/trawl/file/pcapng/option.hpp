// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Options of pcapng blocks (draft-ietf-opsawg-pcapng 3.5): code, length, value, padded to 32 bits. Borrowed, never copied.
#pragma once
#include <optional>

#include "trawl/core/address.hpp"
#include "trawl/core/endian.hpp"
#include "trawl/core/text_out.hpp"
#include "trawl/core/timestamp.hpp"

namespace trawl::inline v0 {

inline constexpr u16 end_of_options = 0;

/// One option; `raw` is the whole of it with header and padding.
struct Option {
  u16 code = 0;
  Bytes value, raw;
  /// The value up to its first NUL byte. UTF-8 is not guaranteed.
  std::string_view text() const { return value.text().substr(0, value.text().find('\0')); }
};

/// Walks options in order. Ends at opt_endofopt, at the end of the bytes, or at an option that would leave them.
class OptionWalk {
 public:
  constexpr OptionWalk(Bytes options, Order order) : options_(options), order_(order) {}
  constexpr std::optional<Option> next() {
    if (options_.size - at_ < 4) return end(options_.size != at_);
    const u8* p = options_.data + at_;
    const u16 code = load<u16>(p, order_), length = load<u16>(p + 2, order_);
    if (code == end_of_options) return end(length != 0);
    const size_t padded = 4 + ((size_t{length} + 3) & ~size_t{3});
    if (padded > options_.size - at_) return end(true);
    const Option found{code, options_.slice(at_ + 4, length), options_.slice(at_, padded)};
    at_ += padded;
    return found;
  }
  /// The options seen so far, opt_endofopt left out.
  constexpr Bytes good() const { return options_.first(at_); }
  /// They ended in the middle of an option, or opt_endofopt had a length. Known once next() gave nothing.
  constexpr bool damaged() const { return damaged_; }

 private:
  constexpr std::optional<Option> end(bool damaged) {
    damaged_ |= damaged;
    options_ = options_.first(at_);  // so that it stays the end
    return {};
  }
  Bytes options_;
  Order order_;
  size_t at_ = 0;
  bool damaged_ = false;
};

/// How a value is laid out.
enum class OptionKind : u8 {
  text,
  bytes,
  byte,
  word,
  number,
  signed_number,  ///< characters, octets, u8, u32, u64, i64
  halves,                                          ///< a u64 as two words, the high one first
  words,                                           ///< two u32
  tagged,                                          ///< a u8 and octets
  verdict,                                         ///< a u8 and, for tags 1 and 2, a u64
  filter,                                          ///< a u8 and, for tag 1, BPF instructions
  enterprise,                                      ///< a u32 and octets
  ipv4,
  ipv6,
  mac,
  eui64,
  uuid,                    ///< octets of a fixed number
  ipv4_net,
  ipv6_net,                              ///< with a mask, with a prefix length
};

/// A value of any kind. Numbers are in `number` (and `second`), a tag is in `number`, octets are in `bytes`.
struct OptionValue {
  u64 number = 0, second = 0;
  Bytes bytes;
};
/// Nothing when the size is not one that the kind has.
TRAWL_API std::optional<OptionValue> read_value(OptionKind kind, Bytes value, Order order);
}  // namespace trawl::inline v0
