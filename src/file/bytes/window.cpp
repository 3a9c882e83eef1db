// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/bytes/window.hpp"

#include <algorithm>
#include <cstring>

namespace trawl::inline v0 {

/// At least one whole read behind end_. Reads stay at multiples of their size, which is what the kernel copies fastest.
Result<void> Window::make_room() {
  if (begin_) {
    std::memmove(memory_.get(), memory_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (capacity_ - end_ >= read_bytes_) return {};
  const size_t wanted = capacity_ ? capacity_ + (capacity_ > read_bytes_ ? capacity_ : read_bytes_) : read_bytes_ + read_bytes_ / 4;
  auto* grown = static_cast<u8*>(std::realloc(memory_.get(), wanted));
  if (!grown) return fail(Operation::read_file, Reason::no_memory);
  static_cast<void>(memory_.release());
  memory_.reset(grown);
  capacity_ = wanted;
  return {};
}

Result<void> Window::seek(u64 offset) {
  if (offset >= offset_ && offset - offset_ <= end_ - begin_) {
    consume(size_t(offset - offset_));
    return {};
  }
#ifdef NDEBUG  // else consume() has written over it
  if (offset < offset_ && offset_ - offset <= begin_) {
    begin_ -= size_t(offset_ - offset);
    offset_ = offset;
    return {};
  }
#endif
  if (auto sought = source_.seek(offset); !sought) return sought;
  begin_ = end_ = 0;
  offset_ = offset;
  ended_ = false;
  // As much as is worth a system call, up to a page's end.
  constexpr size_t page = 4096, few = 32u << 10;
  next_read_ = std::min(read_bytes_, few + page - size_t(offset % page));
  return {};
}

Result<bool> Window::fill(size_t count) {
  while (end_ - begin_ < count) {
    if (ended_) return false;
    if (auto made = make_room(); !made) return fail(made.error());
    const size_t wanted = next_read_ ? next_read_ : read_bytes_;
    if (next_read_) next_read_ = 2 * next_read_ < read_bytes_ ? 2 * next_read_ : 0;
    const auto got = source_.read({memory_.get() + end_, wanted});
    if (!got) {
      ended_ = true;
      Error error = got.error();
      return fail(error.at_byte(offset_ + (end_ - begin_)));
    }
    ended_ = *got == 0;
    end_ += *got;
  }
  return true;
}

}  // namespace trawl::inline v0
