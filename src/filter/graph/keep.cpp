// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "filter/graph/keep.hpp"

#include <algorithm>
#include <utility>

namespace trawl::inline v0::filter {

namespace {

class Counter {
 public:
  Counter(const Values& values, Memory* memory)
      : values_(values),
        seen_(values.size(), memory),
        users_(values.size(), memory),
        cost_(values.size(), memory) {}

  void use(ValueId id) {
    ++users_[id];
    if (!seen_[id]) visit(id);
  }

  std::vector<ValueId> worth_keeping() const {
    constexpr u32 dear = 3;
    constexpr size_t most = 12;
    std::vector<ValueId> result;
    for (ValueId id = 0; id < users_.size(); ++id)
      if (users_[id] >= 2 && cost_[id] >= dear && values_[id].kind != ValueKind::indexed) result.push_back(id);
    std::ranges::sort(result, {}, [&](ValueId id) { return std::pair(-i64(cost_[id]) * (users_[id] - 1), id); });
    if (result.size() > most) result.resize(most);
    return result;
  }

 private:
  void visit(ValueId id) {
    seen_[id] = true;
    const Value& v = values_[id];
    u32 cost = 1;
    const auto add = [&](ValueId operand) {
      use(operand);
      cost = std::min(cost + cost_[operand], 1000u);
    };
    switch (v.kind) {
      case ValueKind::indexed:
      case ValueKind::member:
      case ValueKind::address:
      case ValueKind::negate: add(v.a); break;
      case ValueKind::binary:
        add(v.a);
        if (!values_.is_constant(v.b)) add(v.b);
        break;
      case ValueKind::choose: add(values_.choice(id).value), add(v.a), add(v.b); break;
      case ValueKind::compare:
      case ValueKind::walk: add(v.a), add(v.b); break;
      default: break;
    }
    cost_[id] = cost;
  }

  const Values& values_;
  ScratchVector<u8> seen_;
  ScratchVector<u32> users_, cost_;  // direct users: tests and other values
};

}  // namespace

std::vector<ValueId> values_to_keep(const Graph& graph, const Values& values) {
  Scratch<1024> scratch;
  Counter counter(values, scratch.memory());
  for (size_t id = first_block; id < graph.blocks.size(); ++id) counter.use(graph.blocks[id].test.value);
  return counter.worth_keeping();
}

}  // namespace trawl::inline v0::filter
