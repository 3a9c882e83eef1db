// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <algorithm>

#include "filter/graph/optimize.hpp"

namespace trawl::inline v0::filter {

namespace {

// Values that lead to the common exit.
struct Group {
  ValueId value;
  std::vector<Range> hits;
};

bool covers(const Demand& have, const Demand& want) { return want.reach <= have.reach && (want.effects & ~have.effects) == 0; }

std::vector<Range> complement(const std::vector<Range>& ranges, u32 max) {
  std::vector<Range> result;
  u64 from = 0;
  for (const Range& range : ranges) {
    if (range.low > from) result.push_back({u32(from), range.low - 1});
    from = u64{range.high} + 1;
  }
  if (from <= max) result.push_back({u32(from), max});
  return result;
}

unsigned jumps(const std::vector<Range>& ranges, u32 max) {
  unsigned sum = 0;
  for (const Range& range : ranges) sum += range.low != range.high && range.low > 0 && range.high < max ? 2 : 1;
  return sum;
}

class Sorter {
 public:
  Sorter(Graph& graph, const Values& values, const Done& done)
      : old_(graph),
        values_(values),
        done_(done),
        entries_(graph.blocks.size(), scratch_.memory()),
        renamed_(graph.blocks.size(), scratch_.memory()) {
    for (size_t id = first_block; id < old_.blocks.size(); ++id) ++entries_[old_.blocks[id].yes], ++entries_[old_.blocks[id].no];
    ++entries_[old_.root];
    renamed_[reject_block] = reject_block;
  }

  bool run() {
    ScratchVector<u32> run_length(old_.blocks.size(), scratch_.memory());
    ScratchVector<u8> inside(old_.blocks.size(), scratch_.memory());
    ScratchVector<BlockId> exit(old_.blocks.size(), scratch_.memory());
    bool any = false;
    for (BlockId id = BlockId(old_.blocks.size()); id-- > first_block;) {
      if (inside[id]) continue;
      const u32 by_yes = measure(id, old_.blocks[id].yes), by_no = measure(id, old_.blocks[id].no);
      exit[id] = by_yes >= by_no ? old_.blocks[id].yes : old_.blocks[id].no;
      run_length[id] = std::max(by_yes, by_no);
      if (run_length[id] < 2) continue;
      any = true;
      BlockId at = id;
      for (size_t i = 1; i < run_length[id]; ++i) inside[at = onward(at, exit[id])] = true;
    }
    if (!any) return false;
    new_.blocks.reserve(old_.blocks.size() + 16);
    for (BlockId id = first_block; id < old_.blocks.size(); ++id) {
      if (inside[id]) continue;
      if (run_length[id] >= 2) {
        renamed_[id] = rebuild(id, exit[id], run_length[id]);
      } else {
        Block block = old_.blocks[id];
        block.yes = renamed_[block.yes], block.no = renamed_[block.no];
        renamed_[id] = new_.add(block);
      }
    }
    new_.root = renamed_[old_.root];
    if (new_ == old_) return false;
    old_.blocks = new_.blocks, old_.root = new_.root;
    return true;
  }

 private:
  BlockId onward(BlockId id, BlockId exit) const { return old_.blocks[id].yes == exit ? old_.blocks[id].no : old_.blocks[id].yes; }

  // How many blocks from `first` on leave for `exit`, are entered from one another only, and demand no more than the
  // first one has met. Fewer than two of the same value: not worth it, 0.
  u32 measure(BlockId first, BlockId exit) const {
    const Demand have = done_[first] | old_.blocks[first].test.demand;
    constexpr size_t most_values = 64;
    u32 length = 0;
    bool repeated = false;
    ValueId seen[most_values + 1];
    size_t values = 0;
    for (BlockId id = first;; id = onward(id, exit)) {
      if (id < first_block || (length > 0 && entries_[id] != 1)) break;
      const Block& block = old_.blocks[id];
      if (block.yes == block.no || (block.yes != exit && block.no != exit) || !covers(have, block.test.demand) ||
          block.test.demand.effects & Values::untracked)
        break;
      ++length;
      if (std::find(seen, seen + values, block.test.value) != seen + values) repeated = true;
      else seen[values++] = block.test.value;
      if (values > most_values) break;
    }
    return repeated ? length : 0;
  }

  BlockId rebuild(BlockId first, BlockId exit, size_t length) {
    std::vector<Group> groups;
    const Demand demand = old_.blocks[first].test.demand;
    BlockId at = first;
    for (size_t i = 0; i < length; ++i, at = onward(at, exit)) {
      const Block& block = old_.blocks[at];
      auto group = std::ranges::find(groups, block.test.value, &Group::value);
      if (group == groups.end()) group = groups.insert(groups.end(), {block.test.value, {}});
      const u32 max = values_[block.test.value].max, low = block.test.low, high = block.test.high;
      if (block.yes == exit) {
        if (low <= high) group->hits.push_back({low, high});
      } else if (low > high) {
        group->hits.push_back({0, max});
      } else {
        if (low > 0) group->hits.push_back({0, low - 1});
        if (high < max) group->hits.push_back({high + 1, max});
      }
    }
    BlockId rest = renamed_[at];
    for (size_t i = groups.size(); i-- > 0;) {
      Group& group = groups[i];
      join_ranges(group.hits);
      const u32 max = values_[group.value].max;
      BlockId hit = renamed_[exit], miss = rest;
      if (auto others = complement(group.hits, max); jumps(others, max) < jumps(group.hits, max))
        group.hits = std::move(others), std::swap(hit, miss);
      rest = add_search(new_, group.value, group.hits, demand | values_[group.value].demand, hit, miss);
    }
    if (rest == renamed_[at]) rest = new_.add({{groups[0].value, 0, ~u32{}, demand}, rest, rest});  // what was demanded still is
    return rest;
  }

  Scratch<4096> scratch_;
  Graph& old_;
  const Values& values_;
  const Done& done_;
  ScratchVector<u32> entries_;
  ScratchVector<BlockId> renamed_;
  Graph new_{scratch_.memory()};
};

}  // namespace

bool sort_runs(Graph& graph, const Values& values, const Done& done) { return Sorter(graph, values, done).run(); }

}  // namespace trawl::inline v0::filter
