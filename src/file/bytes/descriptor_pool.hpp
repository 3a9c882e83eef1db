// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Many files read through few descriptors: the one used longest ago is closed when another is needed.
#pragma once
#include <list>
#include <string>

#include "file/bytes/descriptor.hpp"

namespace trawl::inline v0 {

class DescriptorPool {
 public:
  explicit DescriptorPool(size_t most_open) : most_open_(most_open ? most_open : 1) {}
  DescriptorPool(const DescriptorPool&) = delete;
  DescriptorPool& operator=(const DescriptorPool&) = delete;
  /// A source over a regular file; other files are opened for good. The pool must outlive it.
  Result<ByteSource> open(const std::string& path);

 private:
  struct Entry {
    DescriptorPool* pool;
    std::string path;
    u64 position = 0;
    int fd = -1;
    std::list<Entry*>::iterator place{};  ///< in open_, when fd is open
  };
  static Result<size_t> read(void* self, std::span<u8> room);
  static void close(void* self);
  static Result<void> seek(void* self, u64 offset);
  static const ByteSource::Calls calls;
  int activate(Entry& entry);
  void park(Entry& entry);

  size_t most_open_;
  std::list<Entry*> open_;  ///< used last, last
};

}  // namespace trawl::inline v0
