// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Sorted runs of items in a temporary file, and their merge.
#pragma once
#include <string>
#include <vector>

#include "file/bytes/descriptor.hpp"
#include "file/sort/items.hpp"

namespace trawl::inline v0 {

class Runs {
 public:
  Runs() = default;
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;
  ~Runs();
  /// Writes items as one more run, in the order of `begins` (places in `arena`).
  Result<void> add(Bytes arena, std::span<const size_t> begins, const std::string& folder);
  size_t size() const { return runs_.size(); }
  /// All runs have been added: `memory` is for reading them.
  void begin(u64 memory);
  /// The next item of all; it lives until prepare(). Null: prepare() must be called, or this is the end.
  const u8* next();
  /// Reads on. False: the end.
  Result<bool> prepare();

 private:
  struct Run {
    u64 offset, end;              ///< of what has not been read, in the file
    std::vector<u8> buffer{};
    size_t at = 0, filled = 0;
  };
  /// The earliest item first, then the first run.
  struct Turn {
    i64 key;
    u32 run;
    bool operator<(const Turn& other) const { return key != other.key ? key > other.key : run > other.run; }
  };
  static bool has_item(const Run& run);
  Result<bool> refill(Run& run);
  void queue(u32 run);

  int fd_ = -1;
  u64 size_ = 0;
  size_t share_ = 0;
  std::vector<Run> runs_;
  std::vector<Turn> turns_;        ///< a heap of runs that have an item
  std::vector<u32> dry_;           ///< runs whose buffer holds no whole item any more
};

}  // namespace trawl::inline v0
