// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "file/text/window.hpp"

namespace trawl::inline v0 {

Result<TextWindow> open_text(ByteSource source, size_t buffer_bytes) {
  constexpr size_t first_bytes = 64;
  Window window(std::move(source), buffer_bytes);
  if (auto filled = window.fill(first_bytes); !filled) return fail(filled.error());
  auto container = std::make_shared<Container>(recognize_compression(window.bytes()));
  if (container->compression != Compression::none && is_supported(container->compression)) {
    auto decoded = decoding_source(window.take_source(), window.bytes(), container);
    if (!decoded) return fail(decoded.error());
    window = Window(std::move(*decoded), buffer_bytes);
  }
  return TextWindow{std::move(window), std::move(container)};
}

}  // namespace trawl::inline v0
