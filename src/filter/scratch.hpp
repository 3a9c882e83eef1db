// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Memory for one step of compiling: on the stack as far as that goes, given back at once.
#pragma once
#include <cstddef>
#include <memory_resource>
#include <vector>

#include "trawl/core/bytes.hpp"

namespace trawl::inline v0::filter {

using Memory = std::pmr::memory_resource;
template <class T> using ScratchVector = std::pmr::vector<T>;

template <size_t Bytes> class Scratch {
 public:
  Memory* memory() { return &resource_; }

 private:
  alignas(std::max_align_t) std::byte bytes_[Bytes];
  std::pmr::monotonic_buffer_resource resource_{bytes_, Bytes};
};

}  // namespace trawl::inline v0::filter
