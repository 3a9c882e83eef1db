// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>
#include <cstring>

#include "display/regex.hpp"
#include "display/tree.hpp"
#include "trawl/core/text_out.hpp"
#include "trawl/dissect/value_text.hpp"

namespace trawl::inline v0::display {

namespace {

constexpr size_t longest_text = 4096;

std::string_view view(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data), bytes.size}; }

// Which of `total` layers, counted from 1, are meant.
bool is_among(const std::vector<Slice>& layers, i64 number, i64 total) {
  return std::ranges::any_of(layers, [&](const Slice& range) {
    const auto from_front = [&](i64 at) { return at < 0 ? total + 1 + at : at; };
    return number >= from_front(range.from) && (!range.to || number < from_front(*range.to));
  });
}

// What arithmetic comes to: a number for each choice of occurrences.
class Calculator {
 public:
  Calculator(const Dissection& d, const Frame& frame, const FrameContext& context) : d_(d), frame_(frame), context_(context) {}
  std::vector<i64> values(const Operand& operand) const;

 private:
  static constexpr size_t most = 1024;
  const Dissection& d_;
  const Frame& frame_;
  const FrameContext& context_;
};

// Finds the occurrences of an operand, one after the other, until `use(value)` is false.
template <class Use> class Finder {
 public:
  Finder(const Operand& operand, const Dissection& d, const Frame& frame, const FrameContext& context, Use& use)
      : operand_(operand),
        d_(d),
        frame_(frame),
        context_(context),
        use_(use) {}

  void run() {
    if (operand_.sum) {
      for (const i64 number : Calculator(d_, frame_, context_).values(operand_))
        if (!use_(Value{.number = number, .bytes = {}})) return;
      return;
    }
    if (operand_.function == Function::count) {
      size_t count = 0;
      auto each = [&](const Value&) { ++count; };
      occurrences(each);
      if (count > 0) done_ = !use_(Value{.number = i64(count), .bytes = {}});  // of nothing there is no count, as in Wireshark
      return;
    }
    auto each = [&](const Value& value) { made_of(value); };
    occurrences(each);
  }

 private:
  template <class Each> void occurrences(Each& each) {
    if (operand_.protocol == "frame") return each(Value{.number = i64(frame_.bytes.size), .bytes = view(frame_.bytes)});
    if (!operand_.protocol.empty()) {  // from its header to the end of what it carries
      auto visit = [&](const Seen& seen) {
        const u64 start = seen.bit / 8;
        const auto layer = std::ranges::find(d_, start, &LayerAt::offset);
        const size_t end = layer == d_.end() ? d_.packet.size : std::max(layer->end, layer->payload());
        const u32 header = layer == d_.end() ? u32(end - start) : layer->header;
        if (!done_) each(Value{.number = header, .bytes = view(d_.packet.first(end).from(start))});
      };
      return each_layer(visit);
    }
    auto visit = [&](const Seen& seen) {
      if (done_) return;
      Value value{.number = i64(seen.number), .bytes = view(seen.bytes)};
      if (operand_.type == Type::text) {
        TextOut out(text_, sizeof text_);
        put_value(out, seen);
        value.bytes = out.view();
      } else if (operand_.type == Type::integer && seen.width > 0 && seen.width < 64) {
        value.number = i64(seen.number << (64 - seen.width)) >> (64 - seen.width);
      }
      each(value);
    };
    each_layer(visit);
  }

  // All occurrences, or those in the layers that are meant.
  template <class Visitor> void each_layer(Visitor& visit) {
    if (operand_.layers.empty()) return operand_.name.each(d_, frame_, context_, visit);
    for (const LayerAt& layer : d_) {
      const auto is_like = [&](const LayerAt& other) { return other.protocol == layer.protocol; };
      const i64 number = std::ranges::count_if(d_.begin(), &layer, is_like) + 1, total = std::ranges::count_if(d_, is_like);
      if (is_among(operand_.layers, number, total)) operand_.name.in(layer, d_, visit);
    }
  }

  void made_of(Value value) {
    if (done_) return;
    if (!operand_.slices.empty()) {
      std::string_view whole = value.bytes;
      size_t used = 0;
      for (const Slice& slice : operand_.slices) {
        const i64 size = i64(whole.size());
        const i64 from = slice.from < 0 ? size + slice.from : slice.from;
        const i64 to = !slice.to ? size : *slice.to < 0 || (slice.from < 0 && *slice.to <= 0) ? size + *slice.to : *slice.to;
        if (from < 0 || to > size || from >= to) return;  // not there
        const std::string_view part = whole.substr(size_t(from), size_t(to - from));
        if (operand_.slices.size() == 1) return finish({.number = u8(part[0]), .bytes = part});
        const size_t room = std::min(part.size(), sizeof sliced_ - used);
        std::memcpy(sliced_ + used, part.data(), room);
        used += room;
      }
      value.bytes = {sliced_, used};
    }
    finish(value);
  }

  void finish(Value value) {
    switch (operand_.function) {
      case Function::length:  // of a layer: its header alone
        if (operand_.type != Type::protocol || !operand_.slices.empty()) value.number = i64(value.bytes.size());
        break;
      case Function::lower:
      case Function::upper: {
        const bool up = operand_.function == Function::upper;
        const size_t size = std::min(value.bytes.size(), sizeof text_);
        std::memmove(text_, value.bytes.data(), size);
        for (size_t i = 0; i < size; ++i) {
          char& c = text_[i];
          if (up ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z') c = char(c ^ 32);
        }
        value.bytes = {text_, size};
        break;
      }
      default: break;
    }
    if (operand_.mask) value.number = i64(u64(value.number) & *operand_.mask);
    done_ = !use_(value);
  }

  const Operand& operand_;
  const Dissection& d_;
  const Frame& frame_;
  const FrameContext& context_;
  Use& use_;
  bool done_ = false;
  char text_[longest_text], sliced_[256];
};

std::vector<i64> Calculator::values(const Operand& operand) const {
  std::vector<i64> result;
  if (!operand.sum) {
    const bool is_unsigned = operand.result() == Type::number;
    auto keep = [&](const Value& value) {
      if (!is_unsigned || value.number >= 0) result.push_back(value.number);
      return result.size() < most;
    };
    Finder(operand, d_, frame_, context_, keep).run();
    return result;
  }
  if (const auto constant = operand.constant()) return {*constant};
  const std::vector<i64> left = values(operand.sum->left), right = values(operand.sum->right);
  for (const i64 a : left)
    for (const i64 b : right)
      if (const auto number = compute(operand.sum->operation, a, b); number && result.size() < most) result.push_back(*number);
  return result;
}

bool same_prefix(std::string_view a, std::string_view b, unsigned bits) {
  if (a.size() != b.size()) return false;
  const size_t whole = bits / 8;
  if (a.substr(0, whole) != b.substr(0, whole)) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || u8((a[whole] ^ b[whole]) & u8(0xff << (8 - rest))) == 0;
}

// Less, equal or greater.
int order(Type type, const Value& a, i64 number, std::string_view bytes) {
  switch (type) {
    case Type::number: return u64(a.number) < u64(number) ? -1 : u64(a.number) > u64(number);
    case Type::integer:
    case Type::time: return a.number < number ? -1 : a.number > number;
    default: {
      const int compared = a.bytes.compare(bytes);
      return compared < 0 ? -1 : compared > 0;
    }
  }
}

bool holds(Relation relation, int compared) {
  switch (relation) {
    case Relation::equal: return compared == 0;
    case Relation::not_equal: return compared != 0;
    case Relation::less: return compared < 0;
    case Relation::less_equal: return compared <= 0;
    case Relation::greater: return compared > 0;
    default: return compared >= 0;
  }
}

bool satisfies(const Node& node, Type type, const Value& value) {
  if (node.operand.mask) type = Type::number;
  switch (node.relation) {
    case Relation::exists: return true;
    case Relation::nonzero: return value.number != 0;
    case Relation::contains: return value.bytes.find(node.constants[0].bytes) != value.bytes.npos;
    case Relation::matches: return node.regex->found_in(value.bytes);
    default: break;
  }
  const auto is_address = type == Type::ipv4 || type == Type::ipv6;
  const auto equals = [&](const Constant& constant) {
    if (is_address) return same_prefix(value.bytes, constant.bytes, constant.prefix);
    return order(type, value, constant.low, constant.bytes) == 0;
  };
  if (node.relation == Relation::in)
    return std::ranges::any_of(node.constants, [&](const Constant& c) {
      if (!c.is_range) return equals(c);
      return order(type, value, c.low, c.bytes) >= 0 && order(type, value, c.high, c.bytes_high) <= 0;
    });
  const Constant& constant = node.constants[0];
  if (node.relation == Relation::equal) return equals(constant);
  if (node.relation == Relation::not_equal) return !equals(constant);
  return holds(node.relation, order(type, value, constant.low, constant.bytes));
}

bool against_field(const Node& node, const Dissection& d, const Frame& frame, const FrameContext& context) {
  struct Owned {
    i64 number;
    std::string bytes;
  };
  std::vector<Owned> others;
  auto keep = [&](const Value& value) { return others.push_back({value.number, std::string(value.bytes)}), true; };
  Finder(*node.other, d, frame, context, keep).run();
  const Type type = node.other->sum ? Type::integer : node.operand.result();
  const bool all = node.quantity == Quantity::all;
  bool any_value = false, result = all;
  auto use = [&](const Value& value) {
    for (const Owned& other : others) {
      any_value = true;
      const bool good = node.relation == Relation::contains ? value.bytes.find(other.bytes) != value.bytes.npos
                                                            : holds(node.relation, order(type, value, other.number, other.bytes));
      if (good != all) return result = good, false;
    }
    return true;
  };
  Finder(node.operand, d, frame, context, use).run();
  return any_value && result;
}

bool test(const Node& node, const Dissection& d, const Frame& frame, const FrameContext& context) {
  if (node.other) return against_field(node, d, frame, context);
  const Type type = node.operand.result();
  const bool all = node.quantity == Quantity::all;
  bool any_value = false, result = all;
  auto use = [&](const Value& value) {
    any_value = true;
    const bool good = satisfies(node, type, value);
    if (good == all) return true;
    result = good;
    return false;
  };
  Finder(node.operand, d, frame, context, use).run();
  return any_value && result;
}

}  // namespace

bool evaluate(const Tree& tree, u32 index, const Dissection& d, const Frame& frame, const FrameContext& context) {
  const Node& node = tree.nodes[index];
  const auto inside = [&](u32 child) { return evaluate(tree, child, d, frame, context); };
  switch (node.kind) {
    case Node::Kind::both: return inside(node.left) && inside(node.right);
    case Node::Kind::either: return inside(node.left) || inside(node.right);
    case Node::Kind::one: return inside(node.left) != inside(node.right);
    case Node::Kind::negation: return !inside(node.left);
    case Node::Kind::test: break;
  }
  return test(node, d, frame, context);
}

}  // namespace trawl::inline v0::display
