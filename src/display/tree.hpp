// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A display filter, resolved and checked.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trawl/dissect/field_name.hpp"

namespace trawl::inline v0::display {

/// What values are compared as.
enum class Type : u8 { number, integer, bytes, ipv4, ipv6, text, time, protocol };

/// A constant, a range of them, or an address with a prefix.
struct Constant {
  i64 low = 0, high = 0;      ///< numbers (bit patterns of unsigned ones), and times in nanoseconds
  bool is_range = false;
  std::string bytes;          ///< of bytes, addresses and texts
  std::string bytes_high;
  unsigned prefix = 0;        ///< bits of an address that count
};

/// Bytes `from` to `to` of a value; negative: from its end.
struct Slice {
  i64 from = 0;
  std::optional<i64> to;
};

enum class Function : u8 { none, length, lower, upper, count };

struct Arithmetic;

/// What a comparison has on a side: a field or a protocol, or what is made of it.
struct Operand {
  FieldName name;
  std::string protocol;               ///< its layers' bytes; "frame": those of the frame
  Type type = Type::number;           ///< of the field
  const wire::Space* values = nullptr;  ///< that have names
  std::vector<Slice> layers;          ///< which of a protocol's layers, counted from 1; empty: all
  std::vector<Slice> slices;
  Function function = Function::none;
  std::optional<u64> mask;            ///< field & mask
  std::shared_ptr<const Arithmetic> sum;  ///< instead of all these: a signed number of 64 bits

  inline std::optional<i64> constant() const;
  Type result() const {
    if (sum) return Type::integer;
    if (function == Function::length || function == Function::count) return Type::number;
    return slices.empty() ? type : Type::bytes;
  }
};

/// Of every occurrence on the left with every one on the right. What does not fit, or divides by zero, is left out.
struct Arithmetic {
  char operation = 'k';               ///< + - * / % &; k: `number`
  i64 number = 0;
  Operand left, right;
};
std::optional<i64> compute(char operation, i64 left, i64 right);

std::optional<i64> Operand::constant() const { return sum && sum->operation == 'k' ? std::optional(sum->number) : std::nullopt; }

enum class Relation : u8 { equal, not_equal, less, less_equal, greater, greater_equal, contains, matches, in, exists, nonzero };
/// Of several occurrences of a field.
enum class Quantity : u8 { any, all };

class Regex;

struct Node {
  enum class Kind : u8 { both, either, one, negation, test } kind = Kind::test;  ///< one: of two, exactly
  u32 left = 0, right = 0;                       ///< of Tree::nodes
  Operand operand;
  Relation relation = Relation::exists;
  Quantity quantity = Quantity::any;
  std::vector<Constant> constants;
  std::optional<Operand> other;                  ///< instead of constants
  std::shared_ptr<const Regex> regex;
};

struct Tree {
  std::vector<Node> nodes;
  u32 root = 0;
};

/// One occurrence.
struct Value {
  i64 number = 0;
  std::string_view bytes;
};

bool evaluate(const Tree& tree, u32 node, const Dissection& d, const Frame& frame, const FrameContext& context);

}  // namespace trawl::inline v0::display
