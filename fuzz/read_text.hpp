// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What holds for every reader of text, whatever it is given.
#pragma once
#include <cstdlib>

#include "trawl/core/describe.hpp"
#include "trawl/core/frame.hpp"

namespace trawl {

/// To the end, which is one error at most and stays the end; no packet is longer than `most_bytes`.
template <class Reader>
void read_text(Result<Reader> reader, size_t most_bytes) {
  if (!reader && describe(reader.error()).empty()) std::abort();
  if (!reader) return;
  for (;;) {
    const auto batch = reader->next();
    if (!batch && describe(batch.error()).empty()) std::abort();
    if (!batch || !*batch) break;
    for (const Frame& frame : **batch)
      if (frame.bytes.size > most_bytes || frame.interface >= reader->interfaces().size()) std::abort();
  }
  if (!reader->next() || *reader->next()) std::abort();
}

}  // namespace trawl
