// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Where a reader's bytes come from: a file, a pipe, memory, or something that decompresses another source.
#pragma once
#include <optional>
#include <span>
#include <utility>

#include "trawl/core/error.hpp"

namespace trawl::inline v0 {

/// Two names of one file have one identity.
struct FileIdentity {
  u64 device = 0, inode = 0;
  constexpr bool operator==(const FileIdentity&) const = default;
};

/// What a followed file is: the one that was opened, or whichever has the name.
enum class Follow : u8 { file, name };

/// Reads forward, once. Costs one indirect call for each buffer.
class TRAWL_API ByteSource {
 public:
  struct Calls {
    /// Fills the front of `room` and says how much; waits until there is something; 0 is the end.
    Result<size_t> (*read)(void* self, std::span<u8> room);
    void (*close)(void* self);  ///< may be null
    /// The next read begins at this byte, counted from where the first one began. Null: that cannot be done.
    Result<void> (*seek)(void* self, u64 offset) = nullptr;
  };
  /// Anything that has these two functions. `calls` must outlive the source.
  ByteSource(void* self, const Calls& calls, std::optional<FileIdentity> identity = {}, std::optional<u64> size = {})
      : self_(self),
        calls_(&calls),
        identity_(identity),
        size_(size) {}

  /// A file by name; "-" is standard input.
  static Result<ByteSource> open(std::string_view path);
  /// A regular file that is still being written: at its end, waits until there is more. Ends when `stop_fd` (a pipe, an
  /// eventfd) can be read; fails when the file has become shorter. Linux: what was written is seen at once (inotify).
  /// Follow::name: ends, too, when another file that is not empty has taken the name (what the old one has by then is read first),
  /// and when the file is seen to have become shorter (one that has grown again by then is not): then it is to be opened again.
  static Result<ByteSource> follow(std::string_view path, int stop_fd, Follow what = Follow::file);
  /// An open descriptor, which stays the caller's.
  static ByteSource descriptor(int fd);
  /// Borrowed bytes.
  static ByteSource memory(Bytes bytes);

  ByteSource(ByteSource&& other) noexcept
      : self_(other.self_),
        calls_(std::exchange(other.calls_, nullptr)),
        identity_(other.identity_),
        size_(other.size_),
        modified_ns_(other.modified_ns_) {}
  ByteSource& operator=(ByteSource&& other) noexcept;
  ~ByteSource() { close(); }

  Result<size_t> read(std::span<u8> room) { return calls_->read(self_, room); }
  bool can_seek() const { return calls_ && calls_->seek; }
  /// Fails where can_seek() is false. Compressed sources read up to there from the start of a frame that is as near as they know.
  Result<void> seek(u64 offset);
  void close();
  /// Of regular files.
  std::optional<FileIdentity> identity() const { return identity_; }
  /// Bytes in all, where that is known beforehand.
  std::optional<u64> size() const { return size_; }
  /// When a regular file was changed last, as of opening; nanoseconds since 1970; 0: not known.
  i64 modified_ns() const { return modified_ns_; }

 private:
  void* self_;
  const Calls* calls_;
  std::optional<FileIdentity> identity_;
  std::optional<u64> size_;
  i64 modified_ns_ = 0;
};

}  // namespace trawl::inline v0
