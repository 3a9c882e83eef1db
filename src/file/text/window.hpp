// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A window onto text, which may be compressed.
#pragma once
#include <memory>

#include "file/bytes/window.hpp"
#include "file/compression/decoding_source.hpp"

namespace trawl::inline v0 {

struct TextWindow {
  Window window;
  std::shared_ptr<Container> container;   ///< its warnings are complete when the text is
};

Result<TextWindow> open_text(ByteSource source, size_t buffer_bytes);

}  // namespace trawl::inline v0
