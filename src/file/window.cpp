// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/window.hpp"

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

Result<bool> Window::fill(size_t count) {
  while (end_ - begin_ < count) {
    if (ended_) return false;
    if (auto made = make_room(); !made) return fail(made.error());
    const auto got = source_.read({memory_.get() + end_, read_bytes_});
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
