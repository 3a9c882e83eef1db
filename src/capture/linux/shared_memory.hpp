// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Memory that another party maps too.
#pragma once
#include <cerrno>

#include "capture/linux/system_calls.hpp"

namespace trawl::inline v0::linux_capture {

class SharedMemory {
 public:
  SharedMemory() = default;
  SharedMemory(const SystemCalls& calls, void* memory, size_t size) : calls_(&calls), memory_(static_cast<u8*>(memory)), size_(size) {}
  SharedMemory(SharedMemory&& other) noexcept : calls_(other.calls_), memory_(std::exchange(other.memory_, nullptr)), size_(other.size_) {}
  SharedMemory& operator=(SharedMemory&& other) noexcept {
    std::swap(calls_, other.calls_), std::swap(memory_, other.memory_), std::swap(size_, other.size_);
    return *this;
  }
  ~SharedMemory() { close(); }
  u8* data() const { return memory_; }
  size_t size() const { return size_; }
  explicit operator bool() const { return memory_; }
  /// @return 0, or errno
  int close() { return memory_ && calls_->unmap(std::exchange(memory_, nullptr), size_) < 0 ? errno : 0; }

 private:
  const SystemCalls* calls_ = nullptr;
  u8* memory_ = nullptr;
  size_t size_ = 0;
};

}  // namespace trawl::inline v0::linux_capture
