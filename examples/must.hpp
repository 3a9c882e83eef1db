// SPDX-License-Identifier: Apache-2.0 OR MIT
/// What a short program does with an error: says it and ends.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "trawl/core/describe.hpp"

template <class T> T must(trawl::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", trawl::describe(result.error()).c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// For what the examples promise about their own work: the tests run them.
inline void must_hold(bool promise, const char* text) {
  if (promise) return;
  std::fprintf(stderr, "this is not so: %s\n", text);
  std::exit(1);
}

/// The words after the program's name, or how it wants them.
inline void must_have(int argc, char** argv, int words, const char* usage) {
  if (argc > words) return;
  std::fprintf(stderr, "usage: %s %s\n", argv[0], usage);
  std::exit(2);
}
