// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Several capture files as one source, in the order of time.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "trawl/file/file_reader.hpp"

namespace trawl::inline v0 {

enum class MergeOrder : u8 { by_time, as_given };

struct MergeOptions {
  MergeOrder order = MergeOrder::by_time;
  size_t most_open = 64;                  ///< files open at once; the others are opened again where they were left
  size_t buffer_bytes = 8u << 20;         ///< of all inputs together; each has 4 KiB at least
  ReaderOptions reader = {};
};

namespace detail {
class MergeBody;
}

/// A FrameSource. Packets of equal time come in the order of the inputs; those of one input keep their order among themselves,
/// so an input that is not in order of time is merged as it stands. A packet without time counts as late as the one before
/// it. Interfaces are numbered over all inputs. An input that cannot be read (on) is noted in failures() and the others go
/// on; next() fails with the first of these once all is delivered.
///
/// With reader.blocks the other blocks come along, behind the packet of their input that they stood behind: names and secrets
/// once if several inputs have the same, custom ones that must not be copied not at all. Blocks in front of an input's first packet come
/// as soon as it is opened, which by time is before all packets. Of section headers (KeepBlocks::all) only the first input's
/// first is given. Packets that name blocks of Apple's processes by number name them by their numbers here; of inputs with
/// several sections only with KeepBlocks::all.
class TRAWL_API Merge {
 public:
  struct Failure {
    std::string path;
    Error error;
  };
  /// @param paths "-" is standard input
  static Merge open(std::vector<std::string> paths, const MergeOptions& options = {});
  Merge(Merge&&) noexcept;
  Merge& operator=(Merge&&) noexcept;
  ~Merge();

  Result<std::optional<Batch>> next();
  std::span<const InterfaceInfo> interfaces() const;
  const Warnings& warnings() const;
  std::span<const Failure> failures() const;
  /// FileReader::bytes_read() of all inputs.
  u64 bytes_read() const;
  /// As FileReader has them; with blocks a batch may be empty.
  std::span<const OtherBlock> blocks() const;
  /// FileFacts::other_blocks of the inputs that have ended.
  u64 other_blocks() const;
  /// FileFacts::uncopyable_blocks of these.
  u64 uncopyable_blocks() const;
  /// Files that must not be written over.
  std::span<const FileIdentity> identities() const;

 private:
  explicit Merge(std::unique_ptr<detail::MergeBody> body);
  std::unique_ptr<detail::MergeBody> body_;
};
static_assert(FrameSource<Merge>);

}  // namespace trawl::inline v0
