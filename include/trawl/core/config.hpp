// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Visibility and feature macros. The only macros that a user ever sees begin with TRAWL_.
#pragma once

#if defined(_WIN32)
#  if defined(TRAWL_BUILDING_SHARED)
#    define TRAWL_API __declspec(dllexport)
#  elif defined(TRAWL_SHARED)
#    define TRAWL_API __declspec(dllimport)
#  else
#    define TRAWL_API
#  endif
#else
#  define TRAWL_API __attribute__((visibility("default")))
#endif
