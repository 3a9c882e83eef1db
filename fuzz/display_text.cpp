// SPDX-License-Identifier: Apache-2.0 OR MIT
// Display filter text up to a NUL, then an Ethernet packet.
#include <cstdlib>
#include <string_view>

#include "trawl/display/display_filter.hpp"

using namespace trawl;

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view text = all.substr(0, all.find('\0'));
  const auto filter = DisplayFilter::parse(text);
  if (!filter) {
    const Error& error = filter.error();
    if (error.column == 0 || error.column > text.size() + 1 || error.column + error.length > text.size() + 1) std::abort();
    return 0;
  }
  const Bytes packet = Bytes(data, size).from(text.size() + 1);
  for (size_t length = packet.size + 1; length-- > 0;) {
    const Frame frame{.bytes = packet.first(length), .original_length = u32(packet.size)};
    if (filter->matches(frame) != filter->matches(dissect(frame), frame)) std::abort();
  }
  return 0;
}
