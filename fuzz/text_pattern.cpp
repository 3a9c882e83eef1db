// SPDX-License-Identifier: Apache-2.0 OR MIT
// The first byte chooses how data is written; a pattern in the rest of that line, text from that line's end on: every packet is
// no longer than the text, and the end is reached. So the text is not compressed: a few bytes could be as much as one likes.
#include <string>

#include "read_text.hpp"
#include "trawl/file/text_pattern_reader.hpp"

using namespace trawl;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr TextRadix radices[] = {TextRadix::binary, TextRadix::octal, TextRadix::hexadecimal, TextRadix::base64};
  if (size == 0) return 0;
  const Bytes all{data + 1, size - 1};
  const auto end = all.text().find('\n');
  if (end == std::string_view::npos) return 0;
  const TextPatternOptions options{.pattern = std::string(all.text().substr(0, end)), .radix = radices[data[0] % 4], .buffer_bytes = 4096};
  read_text(TextPatternReader::open(ByteSource::memory(all.from(end)), options), size);
  return 0;
}
