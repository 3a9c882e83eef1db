// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A capture file in the order of time, however large it is.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "trawl/file/file_reader.hpp"

namespace trawl::inline v0 {

struct SortOptions {
  u64 memory_bytes = 256u << 20;    ///< held at once, 1 MiB at least; what does not fit goes to a temporary file
  std::string temporary_folder{};   ///< empty: $TMPDIR, else /tmp
  ReaderOptions reader = {};        ///< with `blocks`, they come along
  /// Called now and then with the bytes of the file that have been read.
  std::function<void(u64 bytes)> progress = {};
};

namespace detail {
class SortBody;
}

/// A FrameSource. Packets of equal time keep their order; one without time counts as late as the one before it. The first
/// next() reads the whole file. A file that does not fit into memory is cut into sorted runs in one temporary file without
/// a name, which needs as much room as the file; then each run gets its share of the memory, 4 KiB at least. Damage: what was
/// read before it is delivered, then next() fails.
///
/// Names, secrets and section headers come before all packets, statistics behind them, other blocks behind the packet that they
/// stood behind; custom ones that must not be copied do not come.
class TRAWL_API Sort {
 public:
  static Result<Sort> open(ByteSource source, const SortOptions& options = {});
  Sort(Sort&&) noexcept;
  Sort& operator=(Sort&&) noexcept;
  ~Sort();

  Result<std::optional<Batch>> next();
  std::span<const InterfaceInfo> interfaces() const;
  /// As FileReader has them; with blocks a batch may be empty.
  std::span<const OtherBlock> blocks() const;
  const Warnings& warnings() const;
  const FileFacts& facts() const;
  /// Packets that were earlier than one before them.
  u64 out_of_order() const;
  /// Runs that the temporary file has; 0: all fitted into memory.
  size_t runs() const;

 private:
  explicit Sort(std::unique_ptr<detail::SortBody> body);
  std::unique_ptr<detail::SortBody> body_;
};
static_assert(FrameSource<Sort>);

}  // namespace trawl::inline v0
